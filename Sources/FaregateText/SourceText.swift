// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// One file's text, addressable by line and column.
///
/// Any bytes make a source: what is wrong with them is told by `findings`, and the text is shown as well as it can be.
/// Lines end as the YAML parser ends them: LF, CRLF or CR alone. A byte order mark is not part of the text.
package struct SourceText: Sendable, Hashable {
    /// 4 MiB: two orders of magnitude more than any flow, and still read at once.
    package static let standardLimit = 4 << 20

    package let path: String
    /// The bytes without byte order mark, as they go to the parser; nothing when the file is too large.
    let bytes: [UInt8]
    /// The text; a byte that is not UTF-8 is here as U+FFFD.
    let scalars: [Unicode.Scalar]
    /// The offset of each line's first scalar; there is always a first line.
    let lineStarts: [Int]
    /// What makes the text unreadable, or read otherwise than it looks.
    package let findings: [Finding]
    /// Offsets of what nobody is to read where lines are quoted, in order.
    private(set) var veiled: [Range<Int>] = []
    /// What stands there instead.
    private(set) var veil = ""

    package init(path: String, text: String) {
        self.init(path: path, bytes: Array(text.utf8), limit: .max)
    }

    package init(path: String, bytes: [UInt8], limit: Int = standardLimit) {
        self.path = path
        guard bytes.count <= limit else {
            (self.bytes, scalars, lineStarts) = ([], [], [0])
            let help = "split it: one flow, lifecycle or policy a file"
            findings = [
                Finding(
                    ReadingCode.tooLarge.rawValue, in: path, at: .top,
                    "the file has \(bytes.count) bytes, more than the \(limit) that are read", help: help)
            ]
            return
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        let decoded = UTF8Decoder.decode(body)
        self.bytes = body
        scalars = decoded.scalars
        lineStarts = Self.lineStarts(of: decoded.scalars)
        // The findings need places, and places need the lines: hence a text without findings first.
        let bare = SourceText(path: path, bytes: body, scalars: scalars, lineStarts: lineStarts)
        let encoding = Self.wideEncoding(body)
        if let offset = encoding == nil ? decoded.firstInvalid : 0 {
            findings = [
                ReadingCode.notUTF8.finding(
                    in: bare, at: offset..<min(offset + 1, scalars.count), "the file is \(encoding ?? "not UTF-8")",
                    label: encoding == nil ? "these bytes are no character" : "", help: "save the file as UTF-8")
            ]
        } else {
            findings = bare.characterFindings()
        }
    }

    /// UTF-16 or UTF-32, by the mark at the beginning or by the zero bytes that Latin letters have there.
    private static func wideEncoding(_ bytes: [UInt8]) -> String? {
        let marks: [(bytes: [UInt8], name: String)] = [
            ([0xFF, 0xFE, 0, 0], "UTF-32"), ([0, 0, 0xFE, 0xFF], "UTF-32"), ([0xFF, 0xFE], "UTF-16"),
            ([0xFE, 0xFF], "UTF-16"),
        ]
        if let mark = marks.first(where: { bytes.starts(with: $0.bytes) }) { return mark.name }
        let head = bytes.prefix(256)
        let zeros = head.count { $0 == 0 }
        guard head.count >= 4, zeros * 5 >= head.count * 2, zeros * 5 <= head.count * 4 else { return nil }
        return zeros * 5 >= head.count * 3 ? "UTF-32" : "UTF-16"
    }

    private init(path: String, bytes: [UInt8], scalars: [Unicode.Scalar], lineStarts: [Int]) {
        (self.path, self.bytes, self.scalars, self.lineStarts) = (path, bytes, scalars, lineStarts)
        findings = []
    }

    package static func == (a: SourceText, b: SourceText) -> Bool {
        a.path == b.path && a.bytes == b.bytes && a.findings == b.findings
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(path)
        hasher.combine(bytes)
    }

    private static func lineStarts(of scalars: [Unicode.Scalar]) -> [Int] {
        var starts = [0]
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1
            if scalar == "\n" || (scalar == "\r" && !(next < scalars.count && scalars[next] == "\n")) {
                starts.append(next)
            }
        }
        return starts
    }
}

// MARK: - What is not quoted

extension SourceText {
    /// The same text, some places of it left out where its lines are shown, and the same words wherever else they stand.
    package func veiling(_ spans: [Span], with veil: String) -> SourceText {
        let places = spans.map(range).filter { !$0.isEmpty }
        let words = Set(places.flatMap(words)).flatMap { scalars.ranges(of: $0) }
        var copy = self
        copy.veil = veil
        for place in (places + words).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = copy.veiled.last, place.lowerBound < last.upperBound {
                copy.veiled[copy.veiled.count - 1] = last.lowerBound..<max(last.upperBound, place.upperBound)
            } else {
                copy.veiled.append(place)
            }
        }
        return copy
    }

    /// The lines of a place without the quotes around them; shorter ones are part of too much.
    private func words(in place: Range<Int>) -> [[Unicode.Scalar]] {
        scalars[place].split(whereSeparator: \.isLineBreak).map { line in
            let isPlain: (Unicode.Scalar) -> Bool = { !$0.isBlank && $0 != "\"" && $0 != "'" }
            guard let first = line.firstIndex(where: isPlain), let last = line.lastIndex(where: isPlain) else {
                return []
            }
            return Array(line[first...last])
        }.filter { $0.count >= 6 }
    }
}

// MARK: - Lines and places

extension SourceText {
    /// How many lines there are; a text that ends with a line break has an empty one after it.
    package var lineCount: Int { lineStarts.count }

    /// The text of a line, counted from 1, without its line break; empty beyond the end.
    package func line(_ number: Int) -> String {
        text(lineRange(number))
    }

    /// All of it, as UTF-8 without byte order mark.
    package var contents: [UInt8] { bytes }

    /// What a span covers.
    package func text(of span: Span) -> String {
        let start = offset(of: span.start)
        return text(start..<max(start, offset(of: span.end)))
    }

    func text(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range])
        return String(text)
    }

    /// The offsets of a line's scalars without its line break.
    func lineRange(_ number: Int) -> Range<Int> {
        guard number >= 1, number <= lineCount else { return scalars.count..<scalars.count }
        let start = lineStarts[number - 1]
        var end = number < lineCount ? lineStarts[number] : scalars.count
        while end > start, scalars[end - 1] == "\n" || scalars[end - 1] == "\r" { end -= 1 }
        return start..<end
    }

    /// The offset of a place; what lies outside of the text is drawn to its nearest end.
    func offset(of point: Span.Point) -> Int {
        guard point.line >= 1 else { return 0 }
        let line = lineRange(point.line)
        return min(max(line.lowerBound + point.column - 1, line.lowerBound), line.upperBound)
    }

    func point(at offset: Int) -> Span.Point {
        let offset = min(max(offset, 0), scalars.count)
        var low = 0
        var high = lineStarts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        return Span.Point(line: low + 1, column: offset - lineStarts[low] + 1)
    }

    package func span(of range: Range<Int>) -> Span {
        Span(start: point(at: range.lowerBound), end: point(at: range.upperBound))
    }

    /// The range that a span covers.
    func range(of span: Span) -> Range<Int> {
        let start = offset(of: span.start)
        return start..<max(start, offset(of: span.end))
    }

    /// The offset after the last visible character before `end`.
    func trimmedEnd(_ end: Int, from start: Int) -> Int {
        var end = min(end, scalars.count)
        while end > start, scalars[end - 1].isYAMLSpace { end -= 1 }
        return end
    }
}

extension Unicode.Scalar {
    var isBlank: Bool { self == " " || self == "\t" }
    var isLineBreak: Bool { self == "\n" || self == "\r" }
    var isYAMLSpace: Bool { isBlank || isLineBreak }
    /// Of a name in an expression; enough to tell an apostrophe from an opening quote.
    var isWord: Bool { self == "_" || properties.isAlphabetic || properties.numericType != nil }
}
