// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateEngine
import FaregateRender
import FaregateSpec
import FaregateText
import FaregateVerify
import Testing

@Suite struct FindingPageTests {
    /// Every code that this program can print.
    static let codes: [String] =
        ReadingCode.allCases.map(\.rawValue) + SpecCode.allCases.map(\.rawValue) + RuleCode.allCases.map(\.rawValue)
        + TypeCode.allCases.map(\.rawValue) + ScenarioCode.allCases.map(\.rawValue)
        + RunCode.allCases.map(\.rawValue) + graph
    static let graph = CheckCode.allCases.map(\.rawValue)

    /// What no text can show, or only a real API.
    static let unshown: Set<String> = [
        "FG0001", "FG0002", "FG0020", "FG0022", "FG0155", "FG0701", "FG0709", "FG0710", "FG0712", "FG0715",
        "FG0716", "FG0717", "FG0718",
    ]

    @Test func everyCodeHasAPageAndEveryPageACode() {
        let pages = FindingPage.all.map(\.code)
        #expect(Set(Self.codes).count == Self.codes.count, "a code is given twice")
        #expect(Set(pages).count == pages.count)
        #expect(Set(Self.codes).subtracting(pages) == [])
        #expect(Set(pages).subtracting(Self.codes) == [])
    }

    @Test(arguments: FindingPage.all.map(\.code)) func isComplete(_ code: String) throws {
        let page = try #require(FindingPage.page(for: code))
        #expect(!page.title.isEmpty && page.title.first?.isUppercase == false || page.title.hasPrefix("YAML"))
        #expect(!page.title.hasSuffix("."))
        #expect(!page.wrong.isEmpty && !page.right.isEmpty && page.wrong != page.right)
        #expect(page.meaning.hasSuffix(".") && page.mend.count > 10)
        #expect(FindingPage.chapters.contains { page.code.hasPrefix($0.prefix) })
    }

    @Test(arguments: FindingPage.all.map(\.code).filter { !unshown.contains($0) })
    func wrongExamplesHaveTheFindingAndRightOnesDoNot(_ code: String) async throws {
        let page = try #require(FindingPage.page(for: code))
        let wrong = await Self.findings(page.wrong)
        let found = wrong.contains { $0.code == page.code }
        #expect(found, "\(page.code) has \(wrong.map { "\($0.code) \($0.message)" })")
        let right = await Self.findings(page.right)
        // Examples about something else need not please the check of the graph as well.
        let isGraph = Self.graph.contains(page.code)
        let others = right.filter { isGraph || $0.code == page.code || !Self.graph.contains($0.code) }
        let fine = others.isEmpty
        #expect(fine, "\(page.code) has \(others.map { "\($0.code) \($0.message)" })")
    }

    private static func findings(_ part: String) async -> [Finding] {
        let library = FlowLibrary(files: [("example.yaml", Example(part).text)])
        if library.isBroken || !part.contains("scenarios:") { return library.findings }
        let report = await library.test()
        return library.findings + report.findings + report.outcomes.flatMap(\.findings)
    }

    @Test func namesOfCodesAreForgiving() {
        #expect(FindingPage.page(asked: "fg0104")?.code == "FG0104")
        #expect(FindingPage.page(asked: "104")?.code == "FG0104")
        #expect(FindingPage.page(asked: "FG") == nil)
        #expect(FindingPage.page(asked: "FG99999") == nil)
        #expect(FindingPage.closest(to: "FG0140") == "FG0104")
    }

    @Test func pagesFitATerminal() {
        for page in FindingPage.all {
            // FG0021 is about brackets, and shows many.
            let lines = page.text().split(separator: "\n").filter { page.code != "FG0021" || !$0.hasPrefix("    ") }
            #expect(lines.allSatisfy { $0.count <= 80 }, "\(page.code)")
        }
    }

    @Test func theDocumentationIsCurrent() {
        for file in FindingPage.files {
            #expect(Package.text("docs/findings/\(file.name)") == file.text, "run 'make docs': \(file.name) is stale")
        }
    }
}
