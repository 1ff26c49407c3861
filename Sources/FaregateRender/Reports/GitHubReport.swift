// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText

/// The report as workflow commands of GitHub Actions: failures show beside the lines of a pull request.
package struct GitHubReport {
    let record: TestRecord

    package init(_ record: TestRecord) { self.record = record }

    package func text() -> String {
        var findings: [Finding] = []
        for item in record.cases {
            for finding in item.failure?.findings ?? [] {
                var finding = finding
                finding.message = "\(item.flow): \(item.title)\n\(finding.message)"
                finding.notes += (item.failure?.conditions ?? []).flatMap { FailureText().tree($0) }
                finding.notes.append("run it again: \(item.rerun)")
                findings.append(finding)
            }
        }
        let summary = TextReport(record, printer: FindingPrinter(sources: [])).summary()
        return GitHubAnnotations.text(for: shown(findings + record.findings)) + "faregate: \(summary)\n"
    }

    /// Names may hold what nobody can see.
    private func shown(_ findings: [Finding]) -> [Finding] {
        findings.map { finding in
            func safe(_ text: String) -> String {
                text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.safe(String($0)) }
                    .joined(separator: "\n")
            }
            var finding = finding
            finding.message = safe(finding.message)
            finding.label = safe(finding.label)
            finding.notes = finding.notes.map(safe)
            finding.help = finding.help.map(safe)
            return finding
        }
    }
}
