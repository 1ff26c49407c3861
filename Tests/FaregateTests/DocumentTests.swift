// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateSpec
import FaregateText
import Foundation
import Testing

/// Pages that follow from the shipped flows: what they say is what the flows do. `FAREGATE_RECORD=1` writes them anew.
@Suite struct DocumentTests {
    @Test func theCoveragePageIsCurrent() async throws {
        let report = await (try FlowLibrary(paths: ["\(Package.root)/flows"])).test()
        var page = """
            # What the shipped flows take of the documentation

            Made by the tests from what `faregate test flows --coverage` counts; each line names one scenario that takes it. The rows stand in
            `Sources/FaregateStripe/lifecycles`. Take a row away and some scenario fails: that is tested too.


            """
        page += report.coverage.markdown()
        page += "\n## Left out\n\nWhat the documentation says and the mock does not carry, with the reason.\n\n"
        page += "| what | why not |\n| --- | --- |\n"
        var reader = TreeReader(
            source: SourceText(path: "docs/left-out.yaml", text: Package.text("docs/left-out.yaml") ?? ""))
        let root = try #require(YAMLReader.read(reader.source).root)
        for item in reader.items(root) {
            let row = reader.members(item, of: "a row", known: ["what", "why"])
            page += "| \(row["what"]?.text ?? "") | \(row["why"]?.text ?? "") |\n"
        }
        #expect(reader.findings.isEmpty)
        try Self.hold("docs/coverage.md", page)
    }

    @Test func eachSentenceOfTheSeedPagesIsShown() async throws {
        let library = try FlowLibrary(paths: ["\(Package.root)/flows"])
        let report = await library.test()
        var reader = TreeReader(
            source: SourceText(path: "docs/seeds.yaml", text: Package.text("docs/seeds.yaml") ?? ""))
        let root = try #require(YAMLReader.read(reader.source).root)
        var page = """
            # Two pages of the documentation, sentence by sentence

            Faregate began with these two pages. Each sentence that states behaviour, in our own words, with the scenarios that show it: the tests play
            them and write this page.

            """
        for item in reader.items(root) {
            let parts = reader.members(item, of: "a page", known: ["page", "docs", "says"])
            page +=
                "\n## [\(parts["page"]?.text ?? "")](\(parts["docs"]?.text ?? ""))\n\n| what it says | shown by |\n| --- | --- |\n"
            let sentences = try #require(parts["says"])
            for sentence in reader.items(sentences) {
                let says = reader.members(sentence, of: "a sentence", known: ["that", "shown"])
                var shown: [String] = []
                let node = try #require(says["shown"])
                for (flow, scenarios) in reader.entries(node, of: "'shown'") {
                    let name = flow.text ?? ""
                    for scenario in reader.texts(scenarios, of: "a scenario") {
                        let outcomes = report.outcomes.filter { $0.flow == name && $0.scenario == scenario }
                        #expect(!outcomes.isEmpty, "there is no \(name): \(scenario)")
                        let passed = outcomes.filter(\.passed)
                        #expect(passed.count == outcomes.count, "\(name): \(scenario)")
                        shown.append("[\(name)](../flows/\(name).yaml): \(scenario)")
                    }
                }
                #expect(!shown.isEmpty)
                page += "| \(says["that"]?.text ?? "") | \(shown.joined(separator: "<br>")) |\n"
            }
        }
        #expect(reader.findings.isEmpty)
        try Self.hold("docs/seeds.md", page)
    }

    private static func hold(_ path: String, _ page: String) throws {
        if ProcessInfo.processInfo.environment["FAREGATE_RECORD"] != nil {
            try Data(page.utf8).write(to: URL(filePath: "\(Package.root)/\(path)"))
        }
        #expect(Package.text(path) == page, "\(path) is out of date: make docs")
    }
}
