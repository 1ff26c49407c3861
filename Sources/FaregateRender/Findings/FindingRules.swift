// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
package import FaregateText

/// How much each finding weighs, as a team wants it: the `rules` of `faregate.yaml`.
///
/// Errors that leave a file unusable keep their weight: nothing could be run with them, whatever they are called.
public struct FindingRules: Sendable, Hashable {
    public enum Level: String, Sendable, CaseIterable {
        case error, warning, note, off

        var severity: Finding.Severity? { Finding.Severity(rawValue: rawValue) }
    }

    /// By code.
    public var levels: [String: Level]

    public init(levels: [String: Level] = [:]) { self.levels = levels }

    static let keys = ["rules"]

    /// Reads a `faregate.yaml`; what is wrong in it is left out and told.
    package static func read(_ source: SourceText) -> (rules: FindingRules, findings: [Finding]) {
        let document = YAMLReader.read(source)
        var rules = FindingRules()
        guard let root = document.root else { return (rules, document.findings) }
        var reader = TreeReader(source: source)
        let parts = reader.members(root, of: "faregate.yaml", known: keys)
        if let node = parts["rules"] {
            for (key, value) in reader.entries(node, of: "'rules'") {
                guard let code = key.text, let text = reader.text(value, of: "the severity of '\(code)'") else {
                    continue
                }
                guard let page = FindingPage.page(for: code) else {
                    reader.findings.append(unknownCode(code, in: source.path, at: key.span))
                    continue
                }
                guard let level = Level(rawValue: text) else {
                    let names = Level.allCases.map(\.rawValue)
                    reader.findings.append(
                        Finding(
                            RuleCode.unknownSeverity.rawValue, in: source.path, at: value.span,
                            "'\(text)' is no severity", notes: ["known: \(names.joined(separator: ", "))"],
                            help: Spelling.closest(to: text, among: names).map { "write '\($0)'" }))
                    continue
                }
                if level != .error, page.isAlwaysFatal {
                    reader.findings.append(
                        Finding(
                            RuleCode.notLowerable.rawValue, in: source.path, at: key.span,
                            "\(code) cannot be made less of: \(page.title)", help: "remove it"))
                    continue
                }
                rules.levels[code] = level
            }
        }
        // Of two rules for one code, nobody knows which is meant: all findings keep their weight.
        if document.findings.contains(where: { $0.severity == .error }) { rules = FindingRules() }
        return (rules, document.findings + reader.findings)
    }

    static func unknownCode(_ code: String, in file: String, at span: Span) -> Finding {
        let closest = FindingPage.closest(to: code)
        return Finding(
            RuleCode.unknownCode.rawValue, in: file, at: span, "there is no finding '\(code)'",
            label: closest.map { "did you mean '\($0)'?" } ?? "", help: "see 'faregate explain' for all codes")
    }

    /// The findings with the weights of these rules; those that are off are left out.
    package func applied(to findings: [Finding]) -> [Finding] {
        findings.compactMap { finding in
            guard let level = levels[finding.code], finding.mayBecome(level.severity) else { return finding }
            guard let severity = level.severity else { return nil }
            var finding = finding
            finding.severity = severity
            return finding
        }
    }
}

extension Finding {
    /// Whether a rule or a comment may give it this weight; nil is off.
    func mayBecome(_ severity: Severity?) -> Bool {
        if self.severity != .error || severity == .error { return true }
        return FindingPage.page(for: code)?.isLowerable ?? false
    }
}

extension FindingPage {
    /// Codes that come as errors only, and as errors that leave nothing to work with.
    var isAlwaysFatal: Bool { !isLowerable && !Self.sometimesMild.contains(code) }

    /// Codes whose findings are warnings at times.
    private static let sometimesMild: Set<String> = [
        ReadingCode.hiddenCharacter.rawValue, RuleCode.unusedAllow.rawValue,
    ]
}
