// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText
import FaregateWire

/// The report for people: flow by flow, scenario by scenario; failures with what they broke.
package struct TextReport {
    let record: TestRecord
    /// Shows findings with their lines.
    let printer: FindingPrinter
    let style: TextStyle
    let width: Int

    /// So many failures are told with everything that is known; of the rest, the findings are.
    private static let longest = 10

    package init(_ record: TestRecord, printer: FindingPrinter) {
        self.record = record
        self.printer = printer
        style = TextStyle(isColored: printer.isColored)
        width = max(printer.width, 40)
    }

    package func text() -> String {
        var text = ""
        for flow in record.flows {
            let path = " " + TerminalText.safe(flow.file)
            text += "\(style.bold(line(flow.name, width))) \(style.dim(TerminalText.fit(path, width / 2)))\n"
            for scenario in flow.scenarios { text += lines(scenario) }
        }
        let failures = record.cases.filter { $0.failure != nil }
        for (number, item) in failures.enumerated() { text += "\n" + told(item, number + 1, of: failures.count) }
        if !record.findings.isEmpty { text += "\n" + snippets(record.findings) }
        return text + "\n" + summary() + "\n"
    }

    /// `12 passed, 1 failed, 2 not run, 1 finding  seed 7`
    func summary() -> String {
        let cases = record.cases
        var words = "\(cases.count { $0.status == .passed }) passed"
        words += ", \(cases.count { $0.status == .failed }) failed"
        let impossible = cases.count { $0.status == .couldNotRun }
        if impossible > 0 { words += ", \(impossible) could not run" }
        let left = cases.count { $0.status == .notRun }
        if left > 0 { words += ", \(left) not run" }
        let skipped = cases.count { $0.status == .skipped }
        if skipped > 0 { words += ", \(skipped) skipped" }
        if !record.findings.isEmpty {
            words += ", \(record.findings.count) finding\(record.findings.count == 1 ? "" : "s")"
        }
        let end = record.isInterrupted ? style.yellow("  interrupted") : ""
        return (record.passed ? style.green(words) : style.red(words)) + "  "
            + style.dim("seed \(TerminalText.safe(record.seed))") + end
    }

    // MARK: Scenarios

    private func lines(_ scenario: ScenarioRecord) -> String {
        let cases = scenario.cases
        let passed = cases.filter(\.passed)
        if cases.count <= 1 || passed.isEmpty { return cases.map { line($0, $0.title) }.joined() }
        let finals = Set(passed.compactMap(\.final))
        var first = passed[0]
        if finals.count > 1 { first.final = nil }
        let cells = passed.count == cases.count ? "\(cases.count) cells" : "\(passed.count) of \(cases.count) cells"
        return line(first, "\(scenario.name) (\(cells))")
            + cases.filter { !$0.passed }.map { line($0, $0.title) }.joined()
    }

    private func line(_ item: CaseRecord, _ title: String) -> String {
        let mark =
            switch item.status {
            case .passed: style.green("ok  ")
            case .failed, .couldNotRun: style.red("FAIL")
            case .notRun: style.yellow("--  ")
            case .skipped: style.yellow("skip")
            }
        let end =
            switch item.status {
            case .notRun: "  not run"
            case .skipped: "  \(TerminalText.safe(item.whyLeftOut ?? ""))"
            case .passed, .failed, .couldNotRun: item.final.map { "  -> \(TerminalText.safe($0))" } ?? ""
            }
        let final = TerminalText.fit(end, item.status == .skipped ? width * 3 / 4 : width / 2)
        return "  \(mark)  \(line(title, width - 8 - TerminalText.width(of: final)))\(style.dim(final))\n"
    }

    private func line(_ text: String, _ columns: Int) -> String { TerminalText.fit(TerminalText.safe(text), columns) }

    // MARK: Failures

    private func told(_ item: CaseRecord, _ number: Int, of count: Int) -> String {
        let head = line("\(number) of \(count)  \(item.flow): \(item.title)", width)
        let findings = snippets(item.failure?.findings ?? [])
        if number > Self.longest { return "\(style.bold(head))\n\n\(findings)\n  \(item.rerun)\n" }
        return "\(style.bold(head))\n\n\(findings)\n" + FailureText(width: width, style: style).details(of: item)
    }

    /// The lines of files that are shown beside findings may hold secrets too.
    private func snippets(_ findings: [Finding]) -> String { Redaction.redact(printer.text(for: findings)) }
}
