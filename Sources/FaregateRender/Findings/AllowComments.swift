// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText

/// The comments of a file that allow findings: `# faregate: allow FG0303 because the field is newer than the program`.
///
/// Such a comment concerns its own line, or the next line that says something if it stands alone.
package struct AllowComments {
    struct Comment {
        var codes: [String]
        /// The line whose findings it allows.
        var line: Int
        var span: Span
    }

    private(set) var comments: [Comment] = []
    /// Comments that cannot be read, and codes that do not exist.
    private(set) var findings: [Finding] = []

    private static let sign = "faregate:"

    init(in source: SourceText) {
        // Cheap for the many files without: no tree is built for them.
        let lines = (1...source.lineCount).filter { source.line($0).contains(Self.sign) }
        guard !lines.isEmpty, let root = YAMLReader.read(source).root else { return }
        let texts = root.scalarSpans
        for line in lines {
            guard let start = Self.comment(in: source.line(line)) else { continue }
            let point = Span.Point(line: line, column: start + 1)
            guard !texts.contains(where: { $0.start <= point && point < $0.end }) else { continue }
            read(line, from: start, in: source)
        }
    }

    /// The place of the number sign that begins the comment.
    private static func comment(in line: String) -> Int? {
        let scalars = Array(line.unicodeScalars)
        for (index, scalar) in scalars.enumerated() where scalar == "#" {
            guard index == 0 || scalars[index - 1] == " " || scalars[index - 1] == "\t" else { continue }
            let rest = String(String.UnicodeScalarView(scalars[(index + 1)...].drop { $0 == " " || $0 == "\t" }))
            if rest.hasPrefix(sign) { return index }
        }
        return nil
    }

    private mutating func read(_ line: Int, from start: Int, in source: SourceText) {
        let scalars = Array(source.line(line).unicodeScalars)
        let text = String(String.UnicodeScalarView(scalars[start...]))
        var end = scalars.count
        while end > start, scalars[end - 1] == " " || scalars[end - 1] == "\t" { end -= 1 }
        let span = Span(
            start: .init(line: line, column: start + 1), end: .init(line: line, column: max(start + 1, end) + 1))
        let words = text.split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
        // "#", "faregate:" or both in one word.
        guard let at = words.firstIndex(where: { $0.hasSuffix(Self.sign) }) else { return }
        let rest = words[(at + 1)...]
        let because = rest.firstIndex(of: "because")
        let codes = rest.dropFirst().prefix { $0 != "because" }
        guard rest.first == "allow", !codes.isEmpty, let because, because + 1 < rest.endIndex else {
            let what =
                rest.first != "allow"
                ? "says nothing that is known" : codes.isEmpty ? "names no code" : "gives no reason"
            findings.append(
                Finding(
                    RuleCode.unreadableAllow.rawValue, in: source.path, at: span, "this comment \(what)",
                    help: "write    # faregate: allow \(codes.first ?? "FG0303") because <reason>"))
            return
        }
        var known: [String] = []
        for code in codes {
            if FindingPage.page(for: code) != nil {
                known.append(code)
            } else {
                findings.append(FindingRules.unknownCode(code, in: source.path, at: span))
            }
        }
        let isAlone = scalars[..<start].allSatisfy { $0 == " " || $0 == "\t" }
        let target = isAlone ? Self.next(after: line, in: source) : line
        comments.append(Comment(codes: known, line: target, span: span))
    }

    private static func next(after line: Int, in source: SourceText) -> Int {
        var next = line + 1
        while next < source.lineCount {
            let text = source.line(next).drop { $0 == " " || $0 == "\t" }
            if !text.isEmpty, !text.hasPrefix("#") { break }
            next += 1
        }
        return next
    }
}

extension AllowComments {
    /// The findings without those that comments of their files allow, and what is wrong with the comments.
    ///
    /// - Parameter unchecked: files that no graph was made of: what only the graph shows may be there or not.
    package static func applied(
        to findings: [Finding], in sources: [SourceText], unchecked: Set<String> = []
    ) -> [Finding] {
        var left = findings
        for source in sources {
            let allows = AllowComments(in: source)
            left += allows.findings
            for comment in allows.comments {
                for code in comment.codes {
                    left = allowed(code, comment, in: source, left, isUnchecked: unchecked.contains(source.path))
                }
            }
        }
        return left
    }

    private static func allowed(
        _ code: String, _ comment: Comment, in source: SourceText, _ findings: [Finding], isUnchecked: Bool
    ) -> [Finding] {
        func concerns(_ finding: Finding) -> Bool {
            finding.code == code && finding.file == source.path && finding.span.start.line == comment.line
        }
        guard findings.contains(where: concerns) else {
            if isUnchecked, code.hasPrefix(FindingPage.graphPrefix) { return findings }
            return findings + [
                Finding(
                    RuleCode.unusedAllow.rawValue, .warning, in: source.path, at: comment.span,
                    "line \(comment.line) has no finding \(code)", help: "remove the comment")
            ]
        }
        if findings.contains(where: { concerns($0) && !$0.mayBecome(nil) }) {
            return findings + [
                Finding(
                    RuleCode.notLowerable.rawValue, in: source.path, at: comment.span,
                    "\(code) cannot be allowed: the file is of no use with it",
                    help: "mend it; see 'faregate explain \(code)'")
            ]
        }
        return findings.filter { !concerns($0) }
    }
}

extension YAMLNode {
    /// Where texts stand, keys included: what looks like a comment inside of one is none.
    fileprivate var scalarSpans: [Span] {
        switch kind {
        case .scalar: [span]
        case .sequence(let items): items.flatMap(\.scalarSpans)
        case .mapping(let entries): entries.flatMap { $0.key.scalarSpans + $0.value.scalarSpans }
        }
    }
}
