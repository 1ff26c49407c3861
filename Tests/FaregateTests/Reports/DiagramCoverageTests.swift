// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import Testing

@Suite struct DiagramCoverageTests {
    @Test func mermaidTellsWhatNobodyTook() async throws {
        let report = await FailingFlow.report()
        let text = try #require(FailingFlow.library.diagram(.mermaid, flow: "failing", coveredBy: report))
        #expect(text.contains("audit --> paid: succeeded (nobody took this)"))
        #expect(text.contains("pay --> weigh: succeeded\n"))
        #expect(text.contains("class paid missed"))
        let plain = try #require(FailingFlow.library.mermaid(flow: "failing"))
        #expect(!plain.contains("nobody"))
    }

    @Test func namesThatMermaidDoesNotKnowStayApart() throws {
        let text = """
            flow: names
            initial: ä
            states:
              ä: {wait: 1h, target: ö}
              ö: {wait: 1h, target: end}
              end: {final: success}
            """
        let diagram = try #require(FlowLibrary(files: [("names.yaml", text)]).mermaid(flow: "names"))
        #expect(diagram.contains("    _ --> __1: then\n    __1 --> end_: then\n"))
    }

    @Test func thePictureTellsWhatNobodyTook() async throws {
        let report = await FailingFlow.report()
        let text = try #require(FailingFlow.library.diagram(.svg, flow: "failing", coveredBy: report))
        let root = try MarkupReader.read("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text)
        #expect(root.attributes["xmlns"] == "http://www.w3.org/2000/svg")
        #expect(root.all("use").count { $0.attributes["class"] == "f-missed" } == 1)
        #expect(root.all("text").contains { $0.text == "✗ succeeded" })
        let plain = try #require(FailingFlow.library.diagram(.svg, flow: "failing"))
        #expect(!plain.contains("class=\"f-missed\""))
    }

    @Test func theEdgesOfTheReportAreThoseOfTheCoverage() async throws {
        let library = FlowLibrary(files: Package.yaml(in: "flows") ?? [])
        let report = await library.test()
        for group in report.coverage.flows {
            let text = try #require(library.diagram(.mermaid, flow: group.name, coveredBy: report))
            #expect(text.contains("nobody took this") == !group.missing.isEmpty, "\(group.name)")
        }
    }
}
