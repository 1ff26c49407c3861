// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Shows findings as text for people: the place in its line, what is wrong, why, and what to write.
package struct FindingPrinter: Sendable {
    /// By the paths that the findings name; a finding about an unknown file is shown without its line.
    package var sources: [String: SourceText]
    package var width: Int
    /// With the terminal's colours.
    package var isColored: Bool

    package init(sources: [SourceText], width: Int = 80, isColored: Bool = false) {
        self.sources = Dictionary(sources.map { ($0.path, $0) }) { first, _ in first }
        // Narrower than this, nothing would fit beside a line number.
        self.width = max(width, 30)
        self.isColored = isColored
    }

    /// All findings, sorted and capped, with an empty line between them.
    package func text(for findings: [Finding], cap: Int = 50) -> String {
        let list = findings.arranged(cap: cap)
        var text = list.shown.map { self.text(for: $0) + "\n" }.joined(separator: "\n")
        if list.left > 0 { text += "\nand \(list.left) more\n" }
        return text
    }

    /// One finding; its last line ends without a line break.
    package func text(for finding: Finding) -> String {
        let head = "\(finding.severity.rawValue)[\(TerminalText.safe(finding.code))]"
        var lines = heading(head, TerminalText.safe(finding.message), finding.severity)
        let primary = Mark(file: finding.file, span: finding.span, label: finding.label, isPrimary: true)
        let others = finding.related.map { Mark(file: $0.file, span: $0.span, label: $0.label, isPrimary: false) }
        let marks = [primary] + others
        let number = marks.map { String($0.span.start.line).count }.max() ?? 1
        let margin = String(repeating: " ", count: number)

        lines.append(margin + paint("--> ", .gutter) + place(primary))
        lines += snippet(marks.filter { $0.file == finding.file }, finding.severity, number)
        for file in others.map(\.file).uniqued() where file != finding.file {
            let marks = others.filter { $0.file == file }
            lines.append(margin + paint("::: ", .gutter) + place(marks[0]))
            lines += snippet(marks, finding.severity, number)
        }
        let remarks =
            finding.notes.map { remark($0, lead: "", margin) }
            + [finding.help.map { remark($0, lead: "help: ", margin) }].compactMap { $0 }
        if !remarks.isEmpty {
            lines.append(margin + paint(" |", .gutter))
            lines += remarks.flatMap { $0 }
        }
        return lines.joined(separator: "\n")
    }

    /// The message, further lines of it indented.
    private func heading(_ head: String, _ message: String, _ severity: Finding.Severity) -> [String] {
        let indent = "    "
        let room = width - indent.count
        // A name may be longer than a line.
        let words = message.split(separator: " ", omittingEmptySubsequences: false)
        let fitting = words.map { TerminalText.fit(String($0), room) }.joined(separator: " ")
        let wrapped = TerminalText.wrap(fitting, width: room, first: width - TerminalText.width(of: head) - 2)
        return wrapped.enumerated().map { number, line in
            number == 0 ? paint(head, .severity(severity)) + paint(": " + line, .bold) : indent + paint(line, .bold)
        }
    }

    private struct Mark {
        var file: String
        var span: Span
        var label: String
        var isPrimary: Bool
    }

    private func place(_ mark: Mark) -> String {
        "\(TerminalText.safe(mark.file)):\(mark.span.start.line):\(mark.span.start.column)"
    }

    // MARK: Lines of the source

    private func snippet(_ marks: [Mark], _ severity: Finding.Severity, _ number: Int) -> [String] {
        guard let file = marks.first?.file, let source = sources[file] else { return [] }
        let gutter = paint(String(repeating: " ", count: number) + " |", .gutter)
        var lines = [gutter]
        var last: Int?
        let known = marks.filter { $0.span.start.line >= 1 && $0.span.start.line <= source.lineCount }
        for line in known.map(\.span.start.line).uniqued().sorted() {
            if let last, line > last + 1 { lines.append(paint("...", .gutter)) }
            last = line
            let marks = known.filter { $0.span.start.line == line }
            lines += show(line, marks, in: source, severity, number, gutter)
        }
        return known.isEmpty ? [] : lines
    }

    private func show(
        _ line: Int, _ marks: [Mark], in source: SourceText, _ severity: Finding.Severity, _ number: Int,
        _ gutter: String
    ) -> [String] {
        let room = max(10, width - number - 3)
        let length = source.lineRange(line).count
        var lines: [String] = []
        for mark in marks {
            let start = min(max(1, mark.span.start.column), length + 1)
            let end = mark.span.end.line == line ? min(mark.span.end.column, length + 1) : length + 1
            let text = TerminalLine(line, of: source, near: start)
            let window = text.window(around: start..<max(start, end), width: room)
            // Marks of one line share it, unless they need different windows of it.
            let digits = String(line)
            let head = String(repeating: " ", count: number - digits.count) + digits + " |"
            let shown = paint(head, .gutter) + (window.text.isEmpty ? "" : " " + window.text)
            if !lines.contains(shown) { lines.append(shown) }
            lines += underline(window, mark, room).map {
                gutter + " " + paint($0, mark.isPrimary ? .severity(severity) : .gutter)
            }
        }
        return lines
    }

    private func underline(_ window: TerminalLine.Window, _ mark: Mark, _ room: Int) -> [String] {
        let indent = String(repeating: " ", count: window.indent)
        let signs = indent + String(repeating: mark.isPrimary ? "^" : "-", count: min(window.markWidth, room))
        let label = TerminalText.safe(mark.label)
        if label.isEmpty { return [signs] }
        if window.indent + window.markWidth + 1 + TerminalText.width(of: label) <= room { return [signs + " " + label] }
        // Under the mark, moved to the left where the label would have too little room.
        let start = max(0, min(window.indent, room - min(40, TerminalText.width(of: label))))
        let wrapped = TerminalText.wrap(label, width: room - start)
        return [signs] + wrapped.map { String(repeating: " ", count: start) + $0 }
    }

    // MARK: Notes and help

    private func remark(_ text: String, lead: String, _ margin: String) -> [String] {
        let sign = margin + paint(" = ", .gutter)
        let indent = String(repeating: " ", count: margin.count + 3 + lead.count)
        var lines: [String] = []
        for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let part = TerminalText.safe(String(part))
            // Text to paste stays as it is.
            let isVerbatim = !lines.isEmpty && part.hasPrefix(" ")
            lines += isVerbatim ? [part] : TerminalText.wrap(part, width: max(20, width - indent.count))
        }
        return lines.enumerated().map { index, line in
            index == 0 ? sign + paint(lead, .bold) + line : indent + line
        }
    }

    // MARK: Colours

    private enum Paint {
        case severity(Finding.Severity), gutter, bold

        var code: String {
            switch self {
            case .severity(.error): "1;31"
            case .severity(.warning): "1;33"
            case .severity(.note): "1;36"
            case .gutter: "1;34"
            case .bold: "1"
            }
        }
    }

    private func paint(_ text: String, _ paint: Paint) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(paint.code)m\(text)\u{1B}[0m" : text
    }
}

extension Sequence where Element: Hashable {
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
