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
        for outcome in outcomes {
            if outcome.flow != flow {
                flow = outcome.flow
                text += "\(style.bold(outcome.flow))  \(style.dim(outcome.path))\n"
            }
            let mark = outcome.passed ? style.green("ok  ") : style.red("FAIL")
            text += "  \(mark)  \(outcome.title)\(outcome.final.map { style.dim("  -> \($0)") } ?? "")\n"
        }
        let problems = failures.flatMap(\.findings) + findings
        if !problems.isEmpty { text += "\n" + library.text(for: problems, width: width, isColored: isColored) }
        let failed = failures.count
        let summary = "\(outcomes.count - failed) passed, \(failed) failed"
        let scenarios = findings.isEmpty ? "" : ", \(findings.count) finding\(findings.count == 1 ? "" : "s")"
        text += "\n\(passed ? style.green(summary) : style.red(summary))\(scenarios)  \(style.dim("seed \(seed)"))\n"
        return text
    }
}
