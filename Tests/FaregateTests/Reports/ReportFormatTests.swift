// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateRender
import FaregateText
import FaregateValues
import Testing

@Suite struct ReportFormatTests {
    // MARK: JUnit

    /// What `junit-10.xsd` allows: for each element, its attributes (those that must be there first) and its children.
    static let shapes: [String: (required: [String], optional: [String], children: [String])] = [
        "testsuites": ([], ["name", "time", "tests", "failures", "errors"], ["testsuite"]),
        "testsuite": (
            ["name", "tests", "failures", "errors"],
            ["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"],
            ["testsuite", "properties", "testcase", "system-out", "system-err"]
        ),
        "properties": ([], [], ["property"]), "property": (["name", "value"], [], []),
        "testcase": (
            ["name"], ["time", "classname", "group"], ["skipped", "error", "failure", "system-out", "system-err"]
        ),
        "failure": ([], ["type", "message"], []), "error": ([], ["type", "message"], []),
        "skipped": ([], ["type", "message"], []), "system-out": ([], [], []), "system-err": ([], [], []),
    ]

    static func check(_ element: MarkupReader.Element) {
        guard let shape = shapes[element.name] else {
            Issue.record("<\(element.name)> is not known")
            return
        }
        let names = Set(element.attributes.keys)
        #expect(names.isSuperset(of: shape.required), "\(element.name)")
        #expect(names.isSubset(of: shape.required + shape.optional), "\(element.name)")
        for child in element.children {
            #expect(shape.children.contains(child.name), "<\(child.name)> in <\(element.name)>")
            check(child)
        }
    }

    @Test func junitHasItsShapeAndCountsRight() async throws {
        let root = try MarkupReader.read(await FailingFlow.text(.junit))
        #expect(root.name == "testsuites")
        Self.check(root)
        #expect(root.attributes["tests"] == "6")
        #expect(root.attributes["failures"] == "4")
        let cases = root.all("testcase")
        #expect(cases.count == 6)
        #expect(cases.filter { !$0.all("failure").isEmpty }.count == 4)
        #expect(cases.map { $0.attributes["name"] }.contains("declined for good [reason=lost_card]"))
        #expect(root.all("property").first?.attributes == ["name": "seed", "value": "7"])
        let failure = try #require(cases.first?.all("failure").first)
        #expect(failure.attributes["type"] == "FG0704")
        #expect(failure.text.contains("payment.amount > limit * 2"))
        #expect(failure.text.contains("faregate test 'flows/failing.yaml:an assertion that does not hold' --seed 7"))
        let story = try #require(cases.last?.all("system-out").first)
        #expect(story.text.contains("call payment_intent.create"))
    }

    @Test func aTimeThatIsNotMeasuredIsNotTold() async throws {
        let root = try MarkupReader.read(await FailingFlow.text(.junit))
        #expect((root.all("testcase") + root.all("testsuite")).allSatisfy { $0.attributes["time"] == nil })
    }

    @Test func findingsAboutScenariosCount() async throws {
        let library = FlowLibrary(files: [
            (
                FailingFlow.path,
                FailingFlow.text.replacing("dear ones: {", with: "dear ones: {actors: {bank: returns}, ")
            )
        ])
        var selection = TestSelection.all
        selection.filters = ["dear ones"]
        let report = await FailingFlow.report(of: library, selection)
        #expect(report.findings.map(\.code) == ["FG0406"])
        #expect(!report.passed)
        let root = try MarkupReader.read(report.text(.junit, for: library, toolVersion: ""))
        #expect(root.attributes["failures"] == "1")
        #expect(report.text(.tap, for: library, toolVersion: "").contains("not ok 2 - FG0406 in flows/failing.yaml"))
        #expect(report.text(.html, for: library, toolVersion: "").contains("Findings about scenarios"))
    }

    // MARK: TAP

    @Test func tapHasAPlanAndDiagnostics() async throws {
        let lines = await FailingFlow.text(.tap).split(separator: "\n").map(String.init)
        #expect(lines.prefix(2) == ["TAP version 14", "1..6"])
        let points = lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
        #expect(points.count == 6)
        #expect(points[0] == "not ok 1 - failing: an assertion that does not hold")
        #expect(points[4] == "ok 5 - failing: dear ones")
        #expect(lines.count { $0 == "  ---" } == 4)
        #expect(lines.count { $0 == "  ..." } == 4)
        #expect(lines.contains("  line: 29"))
        #expect(
            lines.contains(
                "  rerun: \"faregate test 'flows/failing.yaml:declined for good [reason=lost_card]' --seed 7\""))
    }

    // MARK: JSON

    @Test func jsonHasTheShapeThatIsDocumented() async throws {
        let report = try JSON.read(await FailingFlow.text(.json))
        #expect(report["version"] == 1)
        #expect(report["tool"] == ["name": "faregate", "version": "1.2.3"])
        #expect(report["seed"] == "7")
        #expect(report["passed"] == false)
        #expect(report["summary"] == ["passed": 2, "failed": 4, "could_not_run": 0, "not_run": 0, "skipped": 0])
        let flow = try #require(report["flows"]?.list?.first)
        let edges = try #require(flow["edges"]?.list)
        #expect(edges.contains(["from": "audit", "to": "paid", "labels": ["succeeded"], "taken": false]))
        #expect(edges.contains(["from": "weigh", "to": "dear", "labels": ["[limit > 100]"], "taken": true]))
        let item = try #require(flow["scenarios"]?.list?.first?["cases"]?.list?.first)
        #expect(item["path"] == ["pay", "weigh", "hold", "audit"])
        #expect(item["virtual_ms"] == 86_400_000)
        #expect(item["final"] == .null)
        let failure = try #require(item["failure"])
        #expect(failure["findings"]?.list?.first?["code"] == "FG0704")
        let condition = try #require(failure["conditions"]?.list?.first)
        #expect(condition["value"] == "false")
        let parts = try #require(condition["parts"]?.list)
        #expect(parts.map { $0["text"]?.string?.hasPrefix("payment.amount") } == [true, true])
        #expect(
            parts[0]["parts"]?.list?.first
                == ["text": "payment.amount", "value": "1000", "has_value": true, "parts": []])
        #expect(failure[path: "request.method"] == "GET")
        #expect(failure[path: "request.state"] == "audit")
        #expect(failure[path: "answer.http"] == 200)
        #expect(failure[path: "answer.body.amount"] == 1000)
        let titles = report["coverage"]?.list?.map { $0["title"] }
        #expect(titles?.first == "rows of the lifecycles" && titles?.last == "edges of the flows")
    }

    @Test func theRowThatWasBrokenIsNamed() async throws {
        // The flow forgets that a payment may be declined.
        let library = FlowLibrary(files: [
            (
                FailingFlow.path,
                FailingFlow.text.replacing(", requires_payment_method: declined}", with: "}")
                    .replacing("  declined: {final: failure}\n", with: "")
                    .replacing("final: declined}", with: "final: paid}")
            )
        ])
        var selection = TestSelection.all
        selection.filters = ["declined for good"]
        let report = await FailingFlow.report(of: library, selection)
        let json = try JSON.read(report.text(.json, for: library, toolVersion: ""))
        let item = try #require(
            json["flows"]?.list?.first?["scenarios"]?.list?.first?["cases"]?.list?.first?["failure"])
        #expect(item["findings"]?.list?.first?["code"] == "FG0702")
        let row = try #require(item["rows"]?.list?.first)
        #expect(row["lifecycle"] == "payment_intent")
        #expect(row["status"] == "requires_payment_method")
        #expect(row["id"]?.string?.hasPrefix("P") == true)
        #expect(report.text(.html, for: library, toolVersion: "").contains("What is documented"))
        let note = try #require(report.text(for: library).split(separator: "\n").first { $0.contains("documented by") })
        #expect(note.contains(row["id"]?.string ?? "?"))
    }

    // MARK: GitHub

    @Test func annotationsNameTheLine() async {
        let lines = await FailingFlow.text(.github).split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("::error file=flows/failing.yaml,line=29,col=9,"))
        #expect(lines[0].contains("failing: an assertion that does not hold%0A"))
        #expect(lines[0].contains("run it again: faregate test"))
        #expect(lines.last == "faregate: 2 passed, 4 failed  seed 7")
    }

    // MARK: Text

    @Test func theTextHasEverythingAndFitsATerminal() async throws {
        let library = FailingFlow.library
        let text = await FailingFlow.report().text(for: library)
        for part in [
            "1 of 4  failing: an assertion that does not hold", "error[FG0704]", "  --> flows/failing.yaml:29:9",
            "      payment.amount > limit * 2", "    GET /v1/payment_intents/pi_", "  answer: HTTP 200",
            "\"status\": \"succeeded\"", "  came through\n    pay, weigh, hold, audit\n",
            "    faregate test 'flows/failing.yaml:an assertion that does not hold' --seed 7\n",
            "  answer: HTTP 402", "\"decline_code\": \"lost_card\"", "2 passed, 4 failed  seed 7\n",
        ] {
            #expect(text.contains(part), "\(part) is missing")
        }
        // What is to be copied is never broken, and a finding's first line is the message.
        let lines = text.split(separator: "\n").filter { !$0.contains("faregate test") && !$0.hasPrefix("error[") }
        for line in lines { #expect(TerminalText.width(of: String(line)) <= 80, "\(line)") }
    }

    // MARK: HTML

    @Test func thePageIsWellFormedAndLoadsNothing() async throws {
        let page = await FailingFlow.text(.html)
        let root = try MarkupReader.read(page, isHTML: true)
        #expect(root.attributes["lang"] == "en")
        let all = ["main", "nav", "header", "footer", "h1"].map { root.all($0).count }
        #expect(all == [1, 1, 1, 1, 1])
        #expect(root.all("script").isEmpty)
        func elements(_ element: MarkupReader.Element) -> [MarkupReader.Element] {
            [element] + element.children.flatMap(elements)
        }
        var ids: [String] = []
        var references: [String] = []
        for element in elements(root) {
            for (name, value) in element.attributes {
                #expect(!name.hasPrefix("on"), "\(element.name) \(name)")
                #expect(name != "src")
                switch name {
                case "id": ids.append(value)
                case "href":
                    if value.hasPrefix("#") {
                        references.append(String(value.dropFirst()))
                    } else {
                        // A link may be followed; it loads nothing.
                        #expect(element.name == "a" && value.hasPrefix("https://"))
                    }
                case "aria-labelledby": references.append(value)
                default: break
                }
            }
        }
        #expect(ids.count == Set(ids).count, "an id stands there twice")
        #expect(Set(references).isSubset(of: ids), "\(Set(references).subtracting(ids))")
        #expect(root.all("svg").allSatisfy { $0.attributes["role"] == "img" && $0.all("title").count >= 1 })
        #expect(!page.contains("url("))
        #expect(!page.contains("@import"))
    }

    @Test func headingsGoDownOneLevelAtATime() async throws {
        let root = try MarkupReader.read(await FailingFlow.text(.html), isHTML: true)
        var level = 0
        func visit(_ element: MarkupReader.Element) {
            if element.name.count == 2, element.name.hasPrefix("h"), let next = Int(element.name.dropFirst()) {
                #expect(next <= level + 1, "<\(element.name)> \(element.wholeText)")
                level = next
            }
            element.children.forEach(visit)
        }
        visit(root)
        #expect(level > 0)
    }

    @Test func thePageShowsWaysAndWhatNobodyTook() async throws {
        let page = await FailingFlow.text(.html)
        #expect(page.contains("5 of 6 edges taken. A broken line with ✗: nobody took it."))
        #expect(page.contains("<code>audit -&gt; paid</code>"))
        #expect(page.contains("The way of dear ones: pay, weigh, dear"))
        #expect(page.contains("4 ✗"), "the state in which the run failed")
        #expect(page.contains("What went wrong"))
        #expect(
            page.contains("<code>payment.amount</code> <span class=\"is\">is</span> <code class=\"plain\">1000</code>"))
    }

    @Test func whatPassedSaysSoInAllFormats() async throws {
        var selection = TestSelection.all
        selection.filters = ["dear"]
        let report = await FailingFlow.report(FailingFlow.library, selection)
        #expect(report.passed)
        for format in ReportFormat.allCases {
            let text = report.text(format, for: FailingFlow.library, toolVersion: "")
            #expect(!text.contains("not ok"), "\(format)")
            #expect(!text.contains("FAIL"), "\(format)")
            #expect(!text.contains("<failure"), "\(format)")
        }
    }
}

extension FailingFlow {
    static func report(_ library: FlowLibrary, _ selection: TestSelection) async -> TestReport {
        await report(of: library, selection)
    }
}
