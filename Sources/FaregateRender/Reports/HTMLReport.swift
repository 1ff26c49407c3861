// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateText
import FaregateValues

/// The report as one page for people: on a screen, a phone, paper. It loads nothing and runs nothing.
package struct HTMLReport {
    let record: TestRecord
    private let failures: [(item: CaseRecord, flow: Int)]

    /// So many failures are told with everything that is known; of the rest, the findings are: a phone is to open the page.
    private static let longest = 100

    package init(_ record: TestRecord) {
        self.record = record
        failures = record.flows.enumerated().flatMap { number, flow in
            flow.scenarios.flatMap(\.cases).filter { $0.failure != nil }.map { ($0, number) }
        }
    }

    package func text() -> String {
        let pages = record.flows.enumerated().map { FlowSection(flow: $1, number: $0) }
        let anchors = Dictionary(failures.enumerated().map { (key($1.item), $0) }) { first, _ in first }
        var text = head()
        text += "<body>\n<a class=\"skip\" href=\"#main\">Skip to the results</a>\n" + top() + navigation()
        text += "<main id=\"main\">\n" + failures(pages) + loose()
        text += pages.map { page in page.text { anchors[key($0)] } }.joined()
        return text + figures() + "</main>\n" + foot() + "</body>\n</html>\n"
    }

    /// Tells a case apart from all others.
    private func key(_ item: CaseRecord) -> [String] { [item.file, item.flow, item.title] }

    // MARK: The page

    private func head() -> String {
        let failed = failures.count
        let title = failed == 0 ? record.passed ? "Passed" : "Not passed" : "\(failed) failed"
        // Nothing but the styles below is allowed to do anything, whatever a name in a file says.
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
            <title>\(title) - Faregate test report</title>
            <style>
            \(Self.style)
            \(FlowPicture.style)
            </style>
            </head>

            """
    }

    private func top() -> String {
        let cases = record.cases
        let sign = record.passed ? Sign.passed : Sign.failed
        let counts = CaseRecord.Status.allCases.compactMap { status -> String? in
            let count = cases.count { $0.status == status }
            return count > 0 || status == .passed || status == .failed ? "\(count) \(status.words)" : nil
        }
        let word = record.isInterrupted ? "Interrupted" : record.passed ? "Passed" : "Not passed"
        return """
            <header>
            <h1>Test report</h1>
            <p class="verdict">\(sign) <strong>\(word)</strong> <span>\(counts.joined(separator: ", "))</span></p>
            <p class="facts">seed <code>\(Markup.text(record.seed))</code> · \(record.flows.count.counted("flow")) · \
            \(record.flows.reduce(0) { $0 + $1.scenarios.count }.counted("scenario")) · \(cases.count.counted("case")) · \
            faregate \(Markup.text(record.toolVersion))</p>
            </header>

            """
    }

    private func navigation() -> String {
        var text = "<nav aria-label=\"Flows\">\n<ul>\n"
        if !failures.isEmpty {
            text += "<li>\(Sign.failed) <a href=\"#failures\">\(failures.count.counted("failure"))</a></li>\n"
        }
        for (number, flow) in record.flows.enumerated() {
            let cases = flow.scenarios.flatMap(\.cases)
            let failed = cases.count { $0.failure != nil }
            let sign = failed > 0 ? Sign.failed : cases.contains { $0.whyLeftOut != nil } ? Sign.notRun : Sign.passed
            text += "<li>\(sign) <a href=\"#flow\(number)\">\(HTML.name(flow.name))</a> "
            text += "<small>\(cases.count { $0.passed }) of \(cases.count)</small></li>\n"
        }
        return text + "</ul>\n</nav>\n"
    }

    private func foot() -> String {
        "<footer><p>Times are virtual: they pass in the flows, not at the clock. Secrets are left out.</p></footer>\n"
    }

    // MARK: Failures

    private func failures(_ pages: [FlowSection]) -> String {
        if failures.isEmpty { return "" }
        var text = "<section aria-labelledby=\"failures\">\n<h2 id=\"failures\">Failures</h2>\n"
        for (number, failure) in failures.enumerated() {
            let isWhole = number < Self.longest
            let picture = isWhole ? pages[failure.flow].path(of: failure.item, id: "x\(number)") : ""
            text += FailureArticle(item: failure.item, number: number, picture: picture, isWhole: isWhole).text()
        }
        return text + "</section>\n"
    }

    private func loose() -> String {
        if record.findings.isEmpty { return "" }
        return "<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings about scenarios</h2>\n"
            + record.findings.map(HTML.finding).joined() + "</section>\n"
    }

    // MARK: Coverage

    private func figures() -> String {
        let figures = record.coverage.filter { !$0.groups.isEmpty }
        if figures.isEmpty { return "" }
        var text = "<section aria-labelledby=\"coverage\">\n<h2 id=\"coverage\">Coverage</h2>\n"
        for part in figures {
            text +=
                "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"\(Markup.text(part.title))\">\n<table>\n"
            text += "<caption>\(Markup.text(part.title))</caption>\n"
            text += "<thead><tr><th scope=\"col\">name</th><th scope=\"col\">taken</th>"
            text += "<th scope=\"col\">nobody took</th></tr></thead>\n<tbody>\n"
            for group in part.groups {
                text += "<tr><th scope=\"row\">\(HTML.name(group.name))</th>"
                text += "<td class=\"number\">\(group.taken) of \(group.total)</td>"
                let missing = group.missing.map { "<code>\(HTML.name($0))</code>" }.joined(separator: ", ")
                text += "<td>\(missing.isEmpty ? "–" : missing)</td></tr>\n"
            }
            text += "</tbody>\n</table>\n</div>\n"
        }
        return text + "</section>\n"
    }
}

extension CaseRecord.Status {
    /// `could not run`
    var words: String { String(rawValue.map { $0 == "_" ? " " : $0 }) }
}

extension Int {
    func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
