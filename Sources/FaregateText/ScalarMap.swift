// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Tells for each character of a scalar's text where in the file it stands.
///
/// It reads the source a second time, by the rules of the scalar's style; the text that comes of it must be the text
/// that the parser gave. Made only when an error has to be shown, so that trees stay small.
struct ScalarMap {
    private(set) var text: [Unicode.Scalar] = []
    /// One more than there are characters: the last is where the text ends.
    private(set) var offsets: [Int] = []

    private let scalars: [Unicode.Scalar]
    private let range: Range<Int>

    init(_ scalar: YAMLScalar, at range: Range<Int>, in source: SourceText) {
        scalars = source.scalars
        self.range = range
        switch scalar.style {
        case .plain: flow(range, quote: nil)
        case .singleQuoted: flow(inside, quote: "'")
        case .doubleQuoted: flow(inside, quote: "\"")
        case .literal: block(isFolded: false, decoded: scalar.text)
        case .folded: block(isFolded: true, decoded: scalar.text)
        }
    }

    private var inside: Range<Int> {
        range.count >= 2 ? range.lowerBound + 1..<range.upperBound - 1 : range.lowerBound..<range.lowerBound
    }

    private mutating func append(_ scalar: Unicode.Scalar, from offset: Int) {
        text.append(scalar)
        offsets.append(offset)
    }

    /// The offset after a line break; CRLF is one.
    private func afterBreak(_ offset: Int) -> Int {
        let isPair = scalars[offset] == "\r" && offset + 1 < scalars.count && scalars[offset + 1] == "\n"
        return offset + (isPair ? 2 : 1)
    }
}

// MARK: - Plain and quoted

extension ScalarMap {
    private mutating func flow(_ range: Range<Int>, quote: Unicode.Scalar?) {
        var index = range.lowerBound
        while index < range.upperBound {
            let scalar = scalars[index]
            if scalar.isYAMLSpace {
                index = space(index, to: range.upperBound, isEscaped: false)
            } else if quote == "'", scalar == "'" {
                append("'", from: index)
                index += 2
            } else if quote == "\"", scalar == "\\", index + 1 < range.upperBound {
                index =
                    scalars[index + 1].isLineBreak
                    ? space(index + 1, to: range.upperBound, isEscaped: true) : escape(index, to: range.upperBound)
            } else {
                append(scalar, from: index)
                index += 1
            }
        }
        offsets.append(range.upperBound)
    }

    /// Space is kept within a line; around line breaks it is folded.
    private mutating func space(_ start: Int, to end: Int, isEscaped: Bool) -> Int {
        var index = start
        var breaks: [Int] = []
        while index < end, scalars[index].isYAMLSpace {
            if scalars[index].isLineBreak {
                breaks.append(index)
                index = afterBreak(index)
            } else {
                index += 1
            }
        }
        guard let first = breaks.first else {
            for offset in start..<index { append(scalars[offset], from: offset) }
            return index
        }
        if breaks.count == 1, !isEscaped { append(" ", from: first) }
        for offset in breaks.dropFirst() { append("\n", from: offset) }
        return index
    }

    private mutating func escape(_ start: Int, to end: Int) -> Int {
        let digits: Int
        switch scalars[start + 1] {
        case "x": digits = 2
        case "u": digits = 4
        case "U": digits = 8
        default:
            append(Self.escapes[scalars[start + 1]] ?? scalars[start + 1], from: start)
            return start + 2
        }
        let stop = min(start + 2 + digits, end)
        var code: UInt32 = 0
        for scalar in scalars[start + 2..<stop] {
            code = code &* 16 &+ UInt32(Character(scalar).hexDigitValue ?? 0)
        }
        append(Unicode.Scalar(code) ?? "\u{FFFD}", from: start)
        return stop
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "0": "\0", "a": "\u{07}", "b": "\u{08}", "t": "\t", "n": "\n", "v": "\u{0B}", "f": "\u{0C}", "r": "\r",
        "e": "\u{1B}", "N": "\u{85}", "_": "\u{A0}", "L": "\u{2028}", "P": "\u{2029}",
    ]
}

// MARK: - Blocks

extension ScalarMap {
    private struct Line {
        var content: Range<Int>
        var lineBreak: Int
        var isBlank: Bool
    }

    /// A block's text is known by its lines; `decoded` is needed for the indentation alone, which the parser does not
    /// tell.
    private mutating func block(isFolded: Bool, decoded: String) {
        let decoded = Array(decoded.unicodeScalars)
        guard decoded.contains(where: { !$0.isYAMLSpace }) else {
            // Nothing in it can be pointed at, and its indentation cannot be told.
            text = decoded
            offsets = Array(repeating: range.upperBound, count: decoded.count + 1)
            return
        }
        let lines = blockLines(indentation: indentation(of: decoded))
        var pendingBreak: Int?
        var wasSpaced = false
        var blanks: [Int] = []
        for line in lines {
            if line.isBlank {
                blanks.append(line.lineBreak)
                continue
            }
            let isSpaced = scalars[line.content.lowerBound].isBlank
            if let lineBreak = pendingBreak {
                if !isFolded || isSpaced || wasSpaced {
                    append("\n", from: lineBreak)
                } else if blanks.isEmpty {
                    append(" ", from: lineBreak)
                }
            }
            for blank in blanks { append("\n", from: blank) }
            blanks = []
            for offset in line.content { append(scalars[offset], from: offset) }
            pendingBreak = line.lineBreak
            wasSpaced = isSpaced
        }
        // How many breaks stay at the end is for the chomping indicator; the text itself tells.
        for lineBreak in (pendingBreak.map { [$0] } ?? []) + blanks where text.count < decoded.count {
            append("\n", from: lineBreak)
        }
        let end = lines.last { !$0.isBlank }?.content.upperBound ?? range.upperBound
        offsets.append(max(end, offsets.last.map { $0 + (text.last == "\n" ? 0 : 1) } ?? end))
    }

    private func lineEnd(_ start: Int) -> Int {
        var index = start
        while index < scalars.count, !scalars[index].isLineBreak { index += 1 }
        return index
    }

    private var firstLine: Int {
        let end = lineEnd(range.lowerBound)
        return end < scalars.count ? afterBreak(end) : end
    }

    /// What the first line with visible text has before the text that the parser kept of it.
    private func indentation(of decoded: [Unicode.Scalar]) -> Int {
        var start = firstLine
        while start < range.upperBound {
            let end = lineEnd(start)
            let written = scalars[start..<end].prefix { $0 == " " }.count
            if scalars[start..<end].contains(where: { !$0.isBlank }) {
                let line = decoded.split(separator: "\n").first { $0.contains { !$0.isBlank } } ?? []
                return max(0, written - line.prefix { $0 == " " }.count)
            }
            start = end < scalars.count ? afterBreak(end) : end
        }
        return 0
    }

    private func blockLines(indentation: Int) -> [Line] {
        var lines: [Line] = []
        var start = firstLine
        while start < scalars.count {
            let end = lineEnd(start)
            let spaces = scalars[start..<end].prefix { $0 == " " }.count
            let isBlank = start + spaces == end && spaces <= indentation
            // The node ends with its last visible character; lines of spaces after it still belong to the text.
            let isInvisible = scalars[start..<end].allSatisfy(\.isBlank)
            if start >= range.upperBound, !isInvisible || (spaces < indentation && !isBlank) { break }
            lines.append(Line(content: start + min(spaces, indentation)..<end, lineBreak: end, isBlank: isBlank))
            start = end < scalars.count ? afterBreak(end) : end
        }
        return lines
    }
}

extension YAMLNode {
    /// The place in the file of a character of a scalar's text, counted in Unicode scalars from 0.
    ///
    /// The offset after the last character is the end of the text; what lies beyond is drawn to it. Where a line break
    /// was folded into a space, the space stands at the end of its line.
    package func point(atScalarOffset offset: Int, in source: SourceText) -> Span.Point {
        guard let scalar, !isEmptyValue else { return span.start }
        let map = ScalarMap(scalar, at: source.range(of: span), in: source)
        guard let last = map.offsets.last else { return span.start }
        return source.point(at: offset < map.offsets.count ? map.offsets[max(0, offset)] : last)
    }

    /// The span in the file of a range of a scalar's text.
    package func span(ofScalars range: Range<Int>, in source: SourceText) -> Span {
        guard let scalar, !isEmptyValue else { return span }
        let map = ScalarMap(scalar, at: source.range(of: span), in: source)
        guard !range.isEmpty, range.upperBound <= map.text.count, range.lowerBound >= 0 else {
            let point = point(atScalarOffset: range.lowerBound, in: source)
            return Span(start: point, end: point)
        }
        // A doubled quote or an escape ends where the next character begins, a line's last character at the line's end.
        let last = map.offsets[range.upperBound - 1]
        let next = map.offsets[range.upperBound]
        let line = source.lineRange(source.point(at: last).line)
        let end = next > line.upperBound ? last + 1 : next
        return Span(start: source.point(at: map.offsets[range.lowerBound]), end: source.point(at: max(end, last)))
    }

    /// Where the characters of a part of a scalar's text stand, and last where they end; nothing where one column follows
    /// another, as in a text of one line without escapes.
    package func points(ofScalars range: Range<Int>, in source: SourceText) -> [Span.Point] {
        guard let scalar, !isEmptyValue else { return [] }
        let isPlain = scalar.style == .plain || scalar.style == .singleQuoted && !scalar.text.contains("'")
        if isPlain, span.start.line == span.end.line { return [] }
        let offsets = ScalarMap(scalar, at: source.range(of: span), in: source).offsets
        guard range.upperBound < offsets.count else { return [] }
        let part = offsets[range.lowerBound...range.upperBound]
        let points = part.map { source.point(at: $0) }
        let isSimple = zip(points, points.dropFirst()).allSatisfy { $0.line == $1.line && $0.column + 1 == $1.column }
        return isSimple ? [] : points
    }
}
