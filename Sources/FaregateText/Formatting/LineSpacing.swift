// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The changes within lines: blanks after colons, inside of brackets and at line ends, quotes of conditions.
struct LineSpacing {
    private let source: SourceText
    private var changes: [(range: Range<Int>, text: String)] = []
    /// Lines whose blanks belong to a text.
    private var textLines: Set<Int> = []

    /// Keys whose values are CEL by themselves.
    private static let conditions: Set<String> = ["guard", "check", "assert", "when", "always", "if"]

    /// How many entries of one key, in brackets, have their value in one column: rows of a table.
    private var rows: [Row: Int] = [:]

    private struct Row: Hashable {
        var key: String
        var column: Int
    }

    init(_ source: SourceText, _ root: YAMLNode) {
        self.source = source
        countRows(root, isInFlow: false)
        visit(root, isInFlow: false, key: nil)
    }

    // MARK: The tree

    private mutating func visit(_ node: YAMLNode, isInFlow: Bool, key: String?) {
        // What an alias repeats stands elsewhere.
        guard node.alias == nil else { return }
        let opens = source.scalar(at: node.span.start).map { $0 == "{" || $0 == "[" } ?? false
        switch node.kind {
        case .scalar(let scalar):
            for line in node.textLines { textLines.insert(line) }
            quote(scalar, node, key)
        case .sequence(let items):
            for item in items { visit(item, isInFlow: isInFlow || opens, key: key) }
            if opens { tidyBrackets(node, items.map(\.place)) }
        case .mapping(let entries):
            let isFlow = isInFlow || opens
            let columns = isFlow ? [:] : columns(of: entries)
            for entry in entries {
                if isFlow { tidyFlowColon(entry) } else { tidyColon(entry, columns) }
                visit(entry.key, isInFlow: true, key: nil)
                visit(entry.value, isInFlow: isFlow, key: entry.key.text)
            }
            if opens {
                tidyBrackets(
                    node,
                    entries.map {
                        Span(
                            start: $0.key.place.start, end: $0.value.isEmptyValue ? $0.key.span.end : $0.value.place.end
                        )
                    })
            }
        }
    }

    /// `guard: 'a == "b"'` stays, `guard: '!a'` becomes `guard: "!a"`.
    private mutating func quote(_ scalar: YAMLScalar, _ node: YAMLNode, _ key: String?) {
        guard scalar.style == .singleQuoted, node.span.start.line == node.span.end.line, let key,
            Self.conditions.contains(key),
            !scalar.text.unicodeScalars.contains(where: { $0 == "\"" || $0 == "\\" || $0.value < 32 })
        else { return }
        changes.append((source.range(of: node.span), "\"\(scalar.text)\""))
    }

    /// One blank after the colon, unless another entry of the mapping has its value in the same column.
    private mutating func tidyColon(_ entry: YAMLEntry, _ columns: [Int: Int]) {
        let start = source.offset(of: entry.key.span.end)
        guard entry.key.alias == nil, let value = value(after: entry) else { return }
        let gap = source.scalars[start..<value]
        guard Array(gap) != [":", " "] else { return }
        let isAligned = columns[source.point(at: value).column, default: 0] > 1
        if isAligned, !gap.contains("\t"), gap.first == ":" { return }
        changes.append((start..<value, ": "))
    }

    /// The same in brackets, where lines below each other may be a table.
    private mutating func tidyFlowColon(_ entry: YAMLEntry) {
        let start = source.offset(of: entry.key.span.end)
        guard entry.key.alias == nil, let value = value(after: entry), source.scalars[start] == ":" else { return }
        let gap = start + 1..<value
        guard gap.count > 1, rows[row(entry, value), default: 0] < 2 else { return }
        blankOnly(gap, " ")
    }

    private mutating func countRows(_ node: YAMLNode, isInFlow: Bool) {
        guard node.alias == nil else { return }
        let opens = source.scalar(at: node.span.start).map { $0 == "{" || $0 == "[" } ?? false
        for item in node.sequence ?? [] { countRows(item, isInFlow: isInFlow || opens) }
        for entry in node.mapping ?? [] {
            if isInFlow || opens, let value = value(after: entry) { rows[row(entry, value), default: 0] += 1 }
            countRows(entry.value, isInFlow: isInFlow || opens)
        }
    }

    private func row(_ entry: YAMLEntry, _ value: Int) -> Row {
        Row(key: entry.key.text ?? "", column: source.point(at: value).column)
    }

    /// Where what follows a key begins, an anchor perhaps; nil where it is on another line.
    private func value(after entry: YAMLEntry) -> Int? {
        guard !entry.value.isEmptyValue || entry.value.alias != nil else { return nil }
        var at = source.offset(of: entry.key.span.end)
        while at < source.scalars.count, source.scalars[at] == " " { at += 1 }
        guard at < source.scalars.count, source.scalars[at] == ":" else { return nil }
        at += 1
        while at < source.scalars.count, source.scalars[at].isBlank { at += 1 }
        guard at < source.scalars.count, !source.scalars[at].isLineBreak, source.scalars[at] != "#" else { return nil }
        return at
    }

    /// How many entries of a mapping have their value in each column.
    private func columns(of entries: [YAMLEntry]) -> [Int: Int] {
        var columns: [Int: Int] = [:]
        for entry in entries {
            if let value = value(after: entry) { columns[source.point(at: value).column, default: 0] += 1 }
        }
        return columns
    }

    /// `{ a: b,c: d }` becomes `{a: b, c: d}`; wider gaps after commas stay, for they make columns.
    private mutating func tidyBrackets(_ node: YAMLNode, _ items: [Span]) {
        guard node.span.start.line == node.span.end.line, let first = items.first, let last = items.last else { return }
        let range = source.range(of: node.span)
        blankOnly(range.lowerBound + 1..<source.offset(of: first.start), "")
        blankOnly(source.offset(of: last.end)..<range.upperBound - 1, "")
        for (item, next) in zip(items, items.dropFirst()) {
            let gap = source.offset(of: item.end)..<max(source.offset(of: item.end), source.offset(of: next.start))
            let text = source.text(gap)
            if text.filter({ $0 != " " }) == ",", !text.hasPrefix(",  "), text != ", " { changes.append((gap, ", ")) }
        }
    }

    private mutating func blankOnly(_ range: Range<Int>, _ text: String) {
        guard !range.isEmpty, source.scalars[range].allSatisfy({ $0 == " " }) else { return }
        changes.append((range, text))
    }

    // MARK: The text

    var text: String {
        var scalars: [Unicode.Scalar] = []
        var at = 0
        for change in changes.sorted(by: { $0.range.lowerBound < $1.range.lowerBound })
        where change.range.lowerBound >= at {
            scalars += source.scalars[at..<change.range.lowerBound]
            scalars += change.text.unicodeScalars
            at = change.range.upperBound
        }
        scalars += source.scalars[at...]
        return Self.lines(String(String.UnicodeScalarView(scalars)), textLines)
    }

    /// Line ends without blanks, at most two empty lines in a row, one line break at the end. No change adds or removes
    /// a line before this, so the numbers still hold.
    private static func lines(_ text: String, _ textLines: Set<Int>) -> String {
        let source = SourceText(path: "", text: text)
        var lines: [String] = []
        var empty = 0
        for number in 1...source.lineCount {
            var line = Substring(source.line(number))
            if !textLines.contains(number) {
                while let last = line.unicodeScalars.last, last.isBlank { line.unicodeScalars.removeLast() }
                empty = line.isEmpty ? empty + 1 : 0
                if empty > 2 || (line.isEmpty && lines.isEmpty) { continue }
            } else {
                empty = 0
            }
            lines.append(String(line))
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension SourceText {
    /// The scalar at a place; nil at the end of the text.
    func scalar(at point: Span.Point) -> Unicode.Scalar? {
        let offset = offset(of: point)
        return offset < scalars.count ? scalars[offset] : nil
    }
}

extension YAMLNode {
    /// The lines of a text that are not the first: their blanks belong to it, or are folded by its rules.
    var textLines: [Int] {
        guard case .scalar(let scalar) = kind, span.end.line > span.start.line else { return [] }
        let last = span.end.column == 1 ? span.end.line - 1 : span.end.line
        guard last > span.start.line else { return [] }
        // In quotes the first line's end is part of the text too.
        let first =
            scalar.style == .doubleQuoted || scalar.style == .singleQuoted ? span.start.line : span.start.line + 1
        return Array(first...last)
    }
}
