// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What a file may cost to read: hostile files become findings, not work.
package struct YAMLLimits: Sendable, Hashable {
    /// Values inside of values.
    package var depth = 64
    /// Values of the tree, those that aliases repeat counted each time.
    package var nodes = 200_000
    package var aliases = 10_000
    /// Bytes of one text.
    package var scalarLength = 65_536

    package static let standard = YAMLLimits()

    package init() {}
}

/// What came of reading a file.
package struct YAMLDocument: Sendable {
    /// Nil when the text could not be read to its end. A tree may have findings all the same.
    package var root: YAMLNode?
    package var findings: [Finding]
}

/// Reads YAML 1.2 as the language has it: no tags, no merge keys, no second document, no surprise.
package enum YAMLReader {
    package static func read(_ source: SourceText, limits: YAMLLimits = .standard) -> YAMLDocument {
        if source.findings.contains(where: { $0.severity == .error }) {
            return YAMLDocument(root: nil, findings: source.findings)
        }
        var builder = YAMLBuilder(source: source, limits: limits)
        let problem = YAMLEvents.parse(source.bytes) { builder.take($0) }
        var findings = source.findings + builder.findings
        if let problem {
            // What was found in the half that was read stays; the parser's complaint about the same place adds nothing.
            let finding = SyntaxTranslator(source: source, problem: problem).finding()
            // A warning about the same place was only a guess.
            findings.removeAll { $0.code == finding.code && $0.span.start == finding.span.start }
            if !findings.contains(where: { $0.span == finding.span }) { findings.append(finding) }
            return YAMLDocument(root: nil, findings: findings)
        }
        if builder.isStopped { return YAMLDocument(root: nil, findings: findings) }
        guard let root = builder.root, !root.isEmptyValue else {
            let empty = ReadingCode.emptyFile.finding(in: source, at: 0..<0, "the file says nothing")
            return YAMLDocument(root: nil, findings: findings + [empty])
        }
        return YAMLDocument(root: root, findings: findings)
    }
}
