// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A value as its author saw it: a stretch of one line, whatever YAML makes of it.
///
/// YAML cuts an unquoted expression at commas, brackets, colons and ` #`. To say what should have been quoted, these
/// functions find where the expression ends, by its parentheses and quotes.
struct RawText: Equatable {
    var range: Range<Int>
    /// All parentheses and quotes that open in the range also close in it.
    var isBalanced: Bool

    /// Nobody writes an expression of this length; without a bound, hostile lines would take quadratic time.
    static let scanLimit = 2_000

    /// The expression that begins at `start`, on the same line.
    init(from start: Int, to limit: Int, in source: SourceText, isFlow: Bool, stopsAtComment: Bool = true) {
        let scalars = source.scalars
        let limit = min(limit, start + Self.scanLimit)
        var closers: [Unicode.Scalar] = []
        var quote: Unicode.Scalar?
        var index = start
        scan: while index < limit {
            let scalar = scalars[index]
            if let open = quote {
                if scalar == "\\", open == "\"" { index += 1 }
                if scalar == open { quote = nil }
                index += 1
                continue
            }
            switch scalar {
            case "'", "\"":
                // After a letter it is an apostrophe.
                if index == start || !scalars[index - 1].isWord { quote = scalar }
            case "(": closers.append(")")
            case "[": closers.append("]")
            case "{": closers.append("}")
            case ")", "]", "}":
                if closers.last == scalar {
                    closers.removeLast()
                } else if isFlow, closers.isEmpty, scalar != ")" {
                    break scan
                }
            case ",":
                if isFlow, closers.isEmpty { break scan }
            case "#":
                if stopsAtComment, closers.isEmpty, index == start || scalars[index - 1].isBlank { break scan }
            default: break
            }
            index += 1
        }
        range = start..<source.trimmedEnd(min(index, limit), from: start)
        isBalanced = closers.isEmpty && quote == nil
    }

    /// The text as a quoted YAML scalar of one line.
    static func quoted(_ text: String) -> String {
        // CEL's strings are written with single quotes more often than not, so double ones come first.
        guard text.unicodeScalars.contains(where: { $0 == "\"" || $0 == "\\" }) else { return "\"\(text)\"" }
        var quoted = "'"
        for character in text.unicodeScalars {
            quoted.unicodeScalars.append(character)
            if character == "'" { quoted.unicodeScalars.append("'") }
        }
        return quoted + "'"
    }

    /// The line of the given ranges with quotes around each of them, to be shown under a help; nothing if it is long.
    static func pasted(quoting ranges: [Range<Int>], in source: SourceText) -> String {
        pasted(replacing: ranges.map { ($0, quoted(source.text($0))) }, in: source)
    }

    /// The line of the given ranges with each of them replaced.
    static func pasted(replacing changes: [(range: Range<Int>, text: String)], in source: SourceText) -> String {
        guard let first = changes.first else { return "" }
        let line = source.lineRange(source.point(at: first.range.lowerBound).line)
        guard line.count <= 300 else { return "" }
        var start = line.lowerBound
        while start < line.upperBound, source.scalars[start].isBlank { start += 1 }
        var text = ""
        for change in changes where change.range.lowerBound >= start && change.range.upperBound <= line.upperBound {
            text += source.text(start..<change.range.lowerBound) + change.text
            start = change.range.upperBound
        }
        return "\n    " + text + source.text(start..<line.upperBound)
    }
}
