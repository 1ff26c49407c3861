// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Reads a pattern in the syntax of RE2.
struct RegexParser {
    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotMatchesNewline = false
    }

    let text: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    private var depth = 0

    init(_ pattern: String) { text = Array(pattern.unicodeScalars) }

    mutating func parse() throws(Regex.Malformed) -> RegexTree {
        let tree = try parseChoice()
        if peek != nil { throw malformed("a ')' without its '('") }
        return tree
    }

    var peek: Unicode.Scalar? { position < text.count ? text[position] : nil }

    func malformed(_ message: String) -> Regex.Malformed { Regex.Malformed(message: message) }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(_ word: String) -> Bool {
        guard text[position...].starts(with: word.unicodeScalars) else { return false }
        position += word.unicodeScalars.count
        return true
    }

    private mutating func parseChoice() throws(Regex.Malformed) -> RegexTree {
        depth += 1
        defer { depth -= 1 }
        if depth > 100 { throw malformed("more than 100 groups within each other") }
        var branches = [try parseSequence()]
        while take("|") { branches.append(try parseSequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func parseSequence() throws(Regex.Malformed) -> RegexTree {
        var parts: [RegexTree] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            if take("\\Q") {
                while peek != nil, !take("\\E") { parts.append(literal(next())) }
                // What stands behind repeats the last character only.
                if let last = parts.popLast() { parts.append(try parseRepetition(of: last)) }
                continue
            }
            guard let atom = try parseAtom() else { continue }
            parts.append(try parseRepetition(of: atom))
        }
        return .sequence(parts)
    }

    mutating func next() -> Unicode.Scalar {
        position += 1
        return text[position - 1]
    }

    func literal(_ scalar: Unicode.Scalar) -> RegexTree {
        if flags.ignoresCase, !scalar.otherCases.isEmpty {
            return .set(CharacterSet(items: [.range(scalar.value...scalar.value)], ignoresCase: true))
        }
        return .character(scalar)
    }

    /// Nil for what matches nothing by itself: flags.
    private mutating func parseAtom() throws(Regex.Malformed) -> RegexTree? {
        switch next() {
        case "(": return try parseGroup()
        case "[": return .set(try parseClass())
        case ".": return flags.dotMatchesNewline ? .any : .anyButNewline
        case "^": return .assert(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assert(flags.isMultiline ? .lineEnd : .textEnd)
        case "\\": return try parseEscape()
        case "*", "+", "?": throw malformed("there is nothing to repeat before '\(text[position - 1])'")
        case let scalar: return literal(scalar)
        }
    }

    private mutating func parseRepetition(of atom: RegexTree) throws(Regex.Malformed) -> RegexTree {
        guard let bounds = try parseBounds() else { return atom }
        // Lazy or greedy: the same, where only the fact of a match counts.
        _ = take("?")
        if let again = peek, again == "*" || again == "+" || again == "?" {
            throw malformed("two repetitions in a row")
        }
        let start = position
        if try parseBounds() != nil { throw malformed("two repetitions in a row") }
        position = start
        return .repetition(atom, minimum: bounds.minimum, maximum: bounds.maximum)
    }

    private mutating func parseBounds() throws(Regex.Malformed) -> (minimum: Int, maximum: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = position
        guard take("{"), let minimum = readNumber() else {
            // A brace that counts nothing is a brace.
            position = start
            return nil
        }
        var maximum: Int? = minimum
        if take(",") { maximum = readNumber() }
        guard take("}") else {
            position = start
            return nil
        }
        if minimum > 1000 || maximum ?? 0 > 1000 { throw malformed("a repetition of more than 1000") }
        if let maximum, maximum < minimum { throw malformed("a repetition whose maximum is below its minimum") }
        return (minimum, maximum)
    }

    private mutating func readNumber() -> Int? {
        var number: Int?
        while let scalar = peek, scalar.isDigit {
            number = min((number ?? 0) * 10 + Int(scalar.value - 0x30), 1_000_000)
            position += 1
        }
        return number
    }

    // MARK: Groups

    private mutating func parseGroup() throws(Regex.Malformed) -> RegexTree? {
        let outer = flags
        if take("?") {
            if take("P<")
                || peek == "<" && text.indices.contains(position + 1)
                    && text[position + 1] != "=" && text[position + 1] != "!" && take("<")
            {
                while let scalar = peek, scalar.continuesName { position += 1 }
                guard take(">") else { throw malformed("the name of a group is not closed") }
            } else if peek == "=" || peek == "!" || peek == "<" {
                throw malformed("lookahead and lookbehind are not supported")
            } else if try !parseFlags() {
                return nil
            }
        }
        let inner = try parseChoice()
        guard take(")") else { throw malformed("a '(' without its ')'") }
        flags = outer
        return inner
    }

    /// Reads `i-s:` or `i-s)`; false for the latter, which holds for the rest of the group around.
    private mutating func parseFlags() throws(Regex.Malformed) -> Bool {
        var value = true
        while let scalar = peek {
            position += 1
            switch scalar {
            case "i": flags.ignoresCase = value
            case "m": flags.isMultiline = value
            case "s": flags.dotMatchesNewline = value
            case "U": break
            case "-" where value: value = false
            case ":": return true
            case ")": return false
            default: throw malformed("there is no flag '\(scalar)'")
            }
        }
        throw malformed("a '(' without its ')'")
    }
}
