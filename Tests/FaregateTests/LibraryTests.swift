// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import Foundation
import Testing

/// What users of the library write: a plain import, a few lines.
@Suite struct LibraryTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path()

    @Test func theReadmesLinesWork() async throws {
        let library = try FlowLibrary(paths: ["\(Self.root)/flows"])
        let report = await library.test()
        #expect(report.passed)
        #expect(report.text(for: library).contains("passed, 0 failed"))
    }

    @Test func theReadmesFlowWorks() async throws {
        let readme = try String(contentsOfFile: "\(Self.root)/README.md", encoding: .utf8)
        let start = readme.range(of: "```yaml\n")!.upperBound
        let text = String(readme[start..<readme.range(of: "\n```", range: start..<readme.endIndex)!.lowerBound])
        let library = FlowLibrary(files: [("hello.yaml", text)])
        #expect(library.findings.isEmpty, "\(library.report())")
        let report = await library.test()
        #expect(report.passed, "\(report.text(for: library))")
        // The mistake that the README shows, with the place that it names.
        let broken = FlowLibrary(files: [
            (
                "hello.yaml",
                text.replacing(
                    "on: {succeeded: paid, requires_payment_method: not_paid}",
                    with: "on: {suceeded: paid, requires_payment_method: not_paid}")
            )
        ])
        let shown = broken.report()
        #expect(readme.contains(shown.split(separator: "\n").first ?? "?"))
        #expect(shown.contains("hello.yaml:19:10"))
    }

    @Test func oneRunTellsItsStory() throws {
        let library = try FlowLibrary(paths: ["\(Self.root)/flows/direct-redirect.yaml"])
        let report = try library.run(RunRequest(flow: "direct-redirect", actors: [("customer", "refuses")]))
        #expect(report.final == "not_paid")
        #expect(report.passed)
        #expect(report.story.contains("the customer refuses"))
    }

    @Test func wrongRequestsSayWhatIsKnown() throws {
        let library = try FlowLibrary(paths: ["\(Self.root)/flows/direct-redirect.yaml"])
        func message(_ request: RunRequest) -> String {
            do {
                _ = try library.run(request)
                return ""
            } catch { return error.description }
        }
        #expect(message(RunRequest(flow: "direct-redirct")).contains("did you mean 'direct-redirect'"))
        #expect(message(RunRequest(flow: "direct-redirect", scenario: "refusess")).contains("did you mean 'refuses'"))
        #expect(
            message(RunRequest(flow: "direct-redirect", inputs: [("amont", "1")])).contains("did you mean 'amount'"))
        #expect(message(RunRequest(flow: "direct-redirect", inputs: [("amount", "x")])).contains("int"))
        #expect(message(RunRequest(flow: "direct-redirect", actors: [("customer", "refuse")])).contains("refuses"))
    }

    @Test func aPathThatIsNotThereIsThrown() {
        #expect(throws: LoadError.self) { try FlowLibrary(paths: ["/nowhere/flow.yaml"]) }
    }
}
