// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// The report by the Test Anything Protocol, version 14, with diagnostics in YAML.
package struct TAPReport {
    let record: TestRecord

    package init(_ record: TestRecord) { self.record = record }

    package func text() -> String {
        let cases = record.cases
        var lines = ["TAP version 14", "1..\(cases.count + record.findings.count)", "# seed \(clean(record.seed))"]
        for (number, item) in cases.enumerated() { lines += self.lines(item, number + 1) }
        for (number, finding) in record.findings.enumerated() {
            lines.append("not ok \(cases.count + number + 1) - \(clean("\(finding.code) in \(finding.file)"))")
            lines += diagnostics(members(finding))
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func lines(_ item: CaseRecord, _ number: Int) -> [String] {
        let name = clean("\(item.flow): \(item.title)")
        switch item.status {
        case .passed: return ["ok \(number) - \(name)"]
        case .notRun, .skipped: return ["ok \(number) - \(name) # SKIP \(clean(item.whyLeftOut ?? ""))"]
        case .failed, .couldNotRun:
            guard let failure = item.failure, let first = failure.findings.first else {
                return ["not ok \(number) - \(name)"]
            }
            var all = members(first)
            for (number, finding) in failure.findings.dropFirst().enumerated() {
                all.append(("message_\(number + 2)", quoted(finding.message)))
            }
            for (number, condition) in failure.conditions.enumerated() {
                let rows = FailureText(width: 80).tree(condition).map { "\n    - " + quoted($0) }
                all.append((number == 0 ? "condition" : "condition_\(number + 1)", rows.joined()))
            }
            if let letter = failure.exchange {
                all.append(("request", quoted("\(letter.method) \(letter.path)")))
                all.append(("answer", letter.http.map { "\($0)" } ?? quoted(FailureText.problem(letter))))
            }
            all.append(("path", item.path.map { "\n    - " + quoted($0) }.joined()))
            all.append(("rerun", quoted(item.rerun)))
            return ["not ok \(number) - \(name)"] + diagnostics(all)
        }
    }

    private func members(_ finding: Finding) -> [(String, String)] {
        var members = [
            ("code", quoted(finding.code)), ("message", quoted(finding.message)), ("severity", "fail"),
            ("file", quoted(finding.file)), ("line", "\(finding.span.start.line)"),
            ("column", "\(finding.span.start.column)"),
        ]
        if !finding.notes.isEmpty { members.append(("notes", finding.notes.map { "\n    - " + quoted($0) }.joined())) }
        if let help = finding.help { members.append(("help", quoted(help))) }
        return members
    }

    private func diagnostics(_ members: [(String, String)]) -> [String] {
        var lines = ["  ---"]
        for (name, value) in members where !value.isEmpty {
            let parts = value.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            lines.append("  \(name):\(parts[0].isEmpty ? "" : " ")\(parts[0])")
            lines += parts.dropFirst()
        }
        return lines + ["  ..."]
    }

    /// A description: one line, without what begins a directive.
    private func clean(_ text: String) -> String {
        var clean = ""
        for scalar in TerminalText.safe(text).unicodeScalars {
            if scalar == "#" || scalar == "\\" { clean += "\\" }
            clean.unicodeScalars.append(scalar)
        }
        return clean
    }

    /// A text of YAML in double quotes, whatever is in it.
    private func quoted(_ text: String) -> String {
        let shown = text.split(separator: "\n", omittingEmptySubsequences: false).map { TerminalText.safe(String($0)) }
        return JSON.write(.string(shown.joined(separator: "\n")))
    }
}
