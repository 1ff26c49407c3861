// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateRender

extension TestReport {
    /// The report for people: flow by flow, scenario by scenario; failures with what they broke.
    ///
    /// - Parameter library: where the files' lines come from.
    public func text(for library: FlowLibrary, width: Int = 80, isColored: Bool = false) -> String {
        let style = TextStyle(isColored: isColored)
        var text = ""
        var flow: String?
        for group in scenarios {
            let first = group[0]
            if first.flow != flow {
                flow = first.flow
                text += "\(style.bold(first.flow))  \(style.dim(first.path))\n"
            }
            let passed = group.filter(\.passed)
            if group.count == 1 || passed.isEmpty {
                for outcome in group { text += line(outcome, outcome.title, style) }
                continue
            }
            let finals = Set(passed.compactMap(\.final))
            var summary = passed[0]
            if finals.count > 1 { summary.final = nil }
            let cells = passed.count == group.count ? "\(group.count) cells" : "\(passed.count) of \(group.count) cells"
            text += line(summary, "\(first.scenario) (\(cells))", style)
            for outcome in group where !outcome.passed { text += line(outcome, outcome.title, style) }
        }
        let problems = failures.flatMap(\.findings) + findings
        if !problems.isEmpty { text += "\n" + library.text(for: problems, width: width, isColored: isColored) }
        let counts = "\(outcomes.count { $0.passed }) passed, \(failures.count) failed"
        let summary = skipped.isEmpty ? counts : "\(counts), \(skipped.count) skipped"
        let further = findings.isEmpty ? "" : ", \(findings.count) finding\(findings.count == 1 ? "" : "s")"
        text += "\n\(passed ? style.green(summary) : style.red(summary))\(further)  \(style.dim("seed \(seed)"))\n"
        return text
    }
    /// The outcomes of each scenario, the cells of its matrix together.
    private var scenarios: [[CaseOutcome]] {
        var groups: [[CaseOutcome]] = []
        for outcome in outcomes {
            if let last = groups.last?.first, last.path == outcome.path, last.scenario == outcome.scenario {
                groups[groups.count - 1].append(outcome)
            } else {
                groups.append([outcome])
            }
        }
        return groups
    }

    private func line(_ outcome: CaseOutcome, _ title: String, _ style: TextStyle) -> String {
        if let reason = outcome.skipped { return "  \(style.yellow("skip"))  \(title)\(style.dim("  \(reason)"))\n" }
        let mark = outcome.passed ? style.green("ok  ") : style.red("FAIL")
        return "  \(mark)  \(title)\(outcome.final.map { style.dim("  -> \($0)") } ?? "")\n"
    }
}
