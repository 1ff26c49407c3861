// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// The report as JUnit's XML: a suite for each flow, a case for each case. Valid by `junit-10.xsd`.
///
/// No element has a time: that of a run is virtual, and a chart of weeks would mislead. It stands in `system-out`.
package struct JUnitReport {
    let record: TestRecord

    package init(_ record: TestRecord) { self.record = record }

    package func text() -> String {
        let suites = record.flows.map(suite) + [loose].compactMap { $0 }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"faregate\"\(counts(suites.map(\.count).reduce(Count(), +), skipped: false))>\n"
        return text + suites.map(\.text).joined() + "</testsuites>\n"
    }

    private struct Count {
        var tests = 0
        var failures = 0
        var errors = 0
        var skipped = 0

        static func + (a: Count, b: Count) -> Count {
            Count(
                tests: a.tests + b.tests, failures: a.failures + b.failures, errors: a.errors + b.errors,
                skipped: a.skipped + b.skipped)
        }
    }

    private func counts(_ count: Count, skipped: Bool) -> String {
        " tests=\"\(count.tests)\" failures=\"\(count.failures)\" errors=\"\(count.errors)\""
            + (skipped ? " skipped=\"\(count.skipped)\"" : "")
    }

    // MARK: Suites

    private func suite(_ flow: FlowRecord) -> (text: String, count: Count) {
        let cases = flow.scenarios.flatMap(\.cases)
        let findings = record.findings.filter { $0.file == flow.file }
        let count = Count(
            tests: cases.count + findings.count, failures: cases.count { $0.status == .failed } + findings.count,
            errors: cases.count { $0.status == .couldNotRun },
            skipped: cases.count { $0.status == .notRun || $0.status == .skipped })
        let body = cases.map { testcase($0) }.joined() + findings.map { testcase($0, in: flow.name) }.joined()
        return (suite(flow.name, file: flow.file, count, body), count)
    }

    /// Findings about files that no flow of the report stands in.
    private var loose: (text: String, count: Count)? {
        let files = Set(record.flows.map(\.file))
        let findings = record.findings.filter { !files.contains($0.file) }
        if findings.isEmpty { return nil }
        let count = Count(tests: findings.count, failures: findings.count)
        return (suite("files", file: nil, count, findings.map { testcase($0, in: "files") }.joined()), count)
    }

    private func suite(_ name: String, file: String?, _ count: Count, _ body: String) -> String {
        let file = file.map { " file=\"\(Markup.text($0))\"" } ?? ""
        return "  <testsuite name=\"\(Markup.text(name))\"\(counts(count, skipped: true))\(file)>\n"
            + "    <properties>\n"
            + "      <property name=\"seed\" value=\"\(Markup.text(record.seed))\"/>\n"
            + "      <property name=\"faregate\" value=\"\(Markup.text(record.toolVersion))\"/>\n"
            + "    </properties>\n\(body)  </testsuite>\n"
    }

    // MARK: Cases

    private func testcase(_ item: CaseRecord) -> String {
        var text = head(item.title, in: item.flow)
        if let reason = item.whyLeftOut { text += "      <skipped message=\"\(Markup.text(reason))\"/>\n" }
        if let failure = item.failure {
            let element = item.status == .couldNotRun ? "error" : "failure"
            for (number, finding) in failure.findings.enumerated() {
                // All that is known once is enough.
                let details = number == 0 ? "\n\n" + FailureText().details(of: item) : ""
                text += problem(element, finding, details)
            }
        }
        if let story = item.story {
            let lines = story.lines.map { "\($0.time.padded(to: 10)) \($0.state.padded(to: 24)) \($0.words.text)" }
            let end = item.duration.map { "\n\($0.compact) of virtual time" } ?? ""
            text += "      <system-out>\(Markup.lines(lines.joined(separator: "\n") + end))</system-out>\n"
        }
        return text + "    </testcase>\n"
    }

    private func testcase(_ finding: Finding, in suite: String) -> String {
        head("\(finding.code) in line \(finding.span.start.line)", in: suite) + problem("failure", finding, "")
            + "    </testcase>\n"
    }

    private func head(_ name: String, in suite: String) -> String {
        "    <testcase name=\"\(Markup.text(name))\" classname=\"\(Markup.text(suite))\">\n"
    }

    private func problem(_ element: String, _ finding: Finding, _ details: String) -> String {
        let place = "\(finding.file):\(finding.span.start.line):\(finding.span.start.column)"
        let text = "\(place)\n\(FailureText().brief(finding))\(details)"
        return "      <\(element) type=\"\(Markup.text(finding.code))\" message=\"\(Markup.text(finding.message))\">"
            + "\(Markup.lines(text))</\(element)>\n"
    }
}
