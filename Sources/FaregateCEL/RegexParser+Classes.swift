// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension RegexParser {
    /// A backslash outside of a class was read.
    mutating func parseEscape() throws(Regex.Malformed) -> RegexTree {
        guard let scalar = peek else { throw malformed("a backslash at the end") }
        if let item = CharacterSet.perl(scalar) {
            position += 1
            return .set(CharacterSet(items: [item]))
        }
        if let item = try parseCategory() {
            return .set(CharacterSet(items: [item], ignoresCase: flags.ignoresCase))
        }
        switch scalar {
        case "b": return assertion(.wordBoundary)
        case "B": return assertion(.noWordBoundary)
        case "A": return assertion(.textStart)
        case "z": return assertion(.textEnd)
        case "1"..."9": throw malformed("back references are not supported")
        default: return literal(try parseEscapedCharacter())
        }
    }

    private mutating func assertion(_ assertion: Regex.Assertion) -> RegexTree {
        position += 1
        return .assert(assertion)
    }

    /// Behind a backslash: one character.
    private mutating func parseEscapedCharacter() throws(Regex.Malformed) -> Unicode.Scalar {
        let scalar = next()
        switch scalar {
        case "a": return "\u{7}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{B}"
        case "0": return try parseCode(radix: 8, digits: 0...2)
        case "x":
            if take("{") {
                let scalar = try parseCode(radix: 16, digits: 1...6)
                guard take("}") else { throw malformed("'\\x{' is not closed") }
                return scalar
            }
            return try parseCode(radix: 16, digits: 2...2)
        default:
            guard scalar.value < 0x80, !scalar.continuesName else { throw malformed("there is no '\\\(scalar)'") }
            return scalar
        }
    }

    private mutating func parseCode(
        radix: UInt32, digits: ClosedRange<Int>
    ) throws(Regex.Malformed) -> Unicode.Scalar {
        var code: UInt32 = 0
        var count = 0
        while count < digits.upperBound, let digit = peek?.hexValue, digit < radix {
            code = code * radix + digit
            count += 1
            position += 1
        }
        guard count >= digits.lowerBound, let scalar = Unicode.Scalar(code) else {
            throw malformed("a character code is malformed")
        }
        return scalar
    }

    /// `p` or `P` behind a backslash: `\pL`, `\p{Lu}`, `\P{^L}`.
    private mutating func parseCategory() throws(Regex.Malformed) -> CharacterSet.Item? {
        guard peek == "p" || peek == "P" else { return nil }
        var isNegated = next() == "P"
        var name = ""
        if take("{") {
            if take("^") { isNegated.toggle() }
            while let scalar = peek, scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard take("}") else { throw malformed("'\\p{' is not closed") }
        } else if peek != nil {
            name.unicodeScalars.append(next())
        }
        guard CharacterSet.categories.contains(name) else {
            throw malformed("the class '\\p{\(name)}' is not supported")
        }
        return isNegated ? .notCategory(name) : .category(name)
    }

    /// The bracket of a class was read.
    mutating func parseClass() throws(Regex.Malformed) -> CharacterSet {
        var set = CharacterSet(ignoresCase: flags.ignoresCase)
        if take("^") { set.isNegated = true }
        var isFirst = true
        while isFirst || peek != "]" {
            guard let scalar = peek else { throw malformed("a '[' without its ']'") }
            isFirst = false
            if let item = try parsePosix() {
                set.items.append(item)
                continue
            }
            if scalar == "\\" {
                position += 1
                guard let escaped = peek else { throw malformed("a backslash at the end") }
                if let item = CharacterSet.perl(escaped) {
                    position += 1
                    set.items.append(item)
                    continue
                }
                if let item = try parseCategory() {
                    set.items.append(item)
                    continue
                }
                position -= 1
            }
            let low = try parseClassCharacter()
            var high = low
            if peek == "-", position + 1 < text.count, text[position + 1] != "]" {
                position += 1
                high = try parseClassCharacter()
            }
            guard low <= high else { throw malformed("the range '\(low)-\(high)' is empty") }
            set.items.append(.range(low.value...high.value))
        }
        position += 1
        return set
    }

    private mutating func parseClassCharacter() throws(Regex.Malformed) -> Unicode.Scalar {
        guard peek != nil else { throw malformed("a '[' without its ']'") }
        guard take("\\") else { return next() }
        guard let scalar = peek else { throw malformed("a backslash at the end") }
        if CharacterSet.perl(scalar) != nil { throw malformed("a range ends with '\\\(scalar)'") }
        return try parseEscapedCharacter()
    }

    private mutating func parsePosix() throws(Regex.Malformed) -> CharacterSet.Item? {
        guard take("[:") else { return nil }
        let isNegated = take("^")
        var name = ""
        while let scalar = peek, scalar.continuesName {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take(":]"), let ranges = CharacterSet.posix[name] else {
            throw malformed("there is no class '[:\(name):]'")
        }
        return .set(ranges, isNegated: isNegated)
    }
}
