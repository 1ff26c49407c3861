// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Two spaces for each level of a file that is written line by line.
struct Indentation {
    private struct Level {
        /// In columns of the file as it was.
        var old: Int
        var new: Int
        var isSequence: Bool
    }

    private let source: SourceText
    /// For each line that goes on with something, the line where that begins.
    private var begins: [Int: Int] = [:]
    private var levels: [Level] = []
    /// By how much the beginning of each line has moved.
    private var moved: [Int: Int] = [:]
    private(set) var text: String

    init(_ source: SourceText, _ root: YAMLNode) {
        self.source = source
        text = String(decoding: source.contents, as: UTF8.self)
        collect(root, isInFlow: false)
        guard let lines = lines() else { return }
        text = lines.joined(separator: "\n")
    }

    private mutating func collect(_ node: YAMLNode, isInFlow: Bool) {
        guard node.alias == nil else { return }
        let opens = source.scalar(at: node.span.start).map { $0 == "{" || $0 == "[" } ?? false
        var last = node.span.end.line
        if node.span.end.column == 1 { last -= 1 }
        let isWhole = node.scalar != nil || opens
        if isWhole, !isInFlow, last > node.span.start.line {
            for line in (node.span.start.line + 1)...last { begins[line] = node.span.start.line }
        }
        for item in node.sequence ?? [] { collect(item, isInFlow: isInFlow || opens) }
        for entry in node.mapping ?? [] {
            collect(entry.key, isInFlow: isInFlow || opens)
            collect(entry.value, isInFlow: isInFlow || opens)
        }
    }

    // MARK: Lines

    /// Nil where a line is of a kind that is rather left alone.
    private mutating func lines() -> [String]? {
        var lines: [String] = []
        var comments: [Int] = []
        for number in 1...source.lineCount {
            let line = source.line(number)
            let indent = line.unicodeScalars.prefix { $0 == " " }.count
            let rest = String(line.unicodeScalars.dropFirst(indent))
            if let beginning = begins[number] {
                // As far as the line where it begins.
                lines.append(rest.isEmpty ? line : Self.blanks(indent + (moved[beginning] ?? 0)) + rest)
            } else if rest.isEmpty {
                lines.append(line)
            } else if rest.hasPrefix("#") {
                comments.append(number)
                lines.append(line)
            } else {
                guard !["---", "...", "%", "? "].contains(where: { rest.hasPrefix($0) }), !rest.hasPrefix("\t") else {
                    return nil
                }
                let before = levels
                guard let line = place(number, indent, rest) else { return nil }
                let now = line.unicodeScalars.prefix { $0 == " " }.count
                for comment in comments { lines[comment - 1] = place(comment, indent, now, before) }
                comments = []
                lines.append(line)
            }
        }
        for comment in comments { lines[comment - 1] = place(comment, 0, 0, levels) }
        return lines
    }

    /// A line that begins an entry or an item.
    private mutating func place(_ number: Int, _ indent: Int, _ text: String) -> String? {
        let isItem = Self.isItem(text)
        while let top = levels.last, top.old > indent { levels.removeLast() }
        if let top = levels.last, top.old == indent {
            if isItem, !top.isSequence {
                // A list that is not indented below its key.
                levels.append(Level(old: indent, new: top.new + 2, isSequence: true))
            } else if !isItem, top.isSequence {
                levels.removeLast()
                guard levels.last?.old == indent else { return nil }
            }
        } else {
            levels.append(Level(old: indent, new: levels.last.map { $0.new + 2 } ?? 0, isSequence: isItem))
        }
        guard let level = levels.last else { return nil }
        var line = Self.blanks(level.new)
        var (old, new) = (indent, level.new)
        var rest = Substring(text)
        while Self.isItem(String(rest)), rest.count > 1 {
            let content = rest.dropFirst().drop { $0 == " " }
            guard let first = content.first, first != "#" else { break }
            old += rest.count - content.count
            new += 2
            line += "- "
            rest = content
            levels.append(Level(old: old, new: new, isSequence: Self.isItem(String(rest))))
        }
        moved[number] = new - old
        return line + rest
    }

    /// A comment goes with the line after it, or with what stands in its own column above.
    private func place(_ number: Int, _ nextOld: Int, _ nextNew: Int, _ levels: [Level]) -> String {
        let line = source.line(number)
        let indent = line.unicodeScalars.prefix { $0 == " " }.count
        let rest = String(line.unicodeScalars.dropFirst(indent))
        if indent == nextOld { return Self.blanks(nextNew) + rest }
        let level = levels.last { $0.old <= indent }
        return Self.blanks(level.map { $0.new + (indent == $0.old ? 0 : 2) } ?? 0) + rest
    }

    private static func isItem(_ text: String) -> Bool { text == "-" || text.hasPrefix("- ") }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
