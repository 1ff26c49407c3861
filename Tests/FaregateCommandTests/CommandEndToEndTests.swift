// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The built tool as people use it: what it prints and how it ends.
@Suite(.enabled(if: Tool.program != nil, "the program is not built beside the tests"))
struct CommandEndToEndTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path()

    static func faregate(_ arguments: String...) throws -> Tool.Result {
        try Tool(in: URL(filePath: root))(arguments, environment: ["TERM": "xterm"])
    }

    static func temporary(_ text: String) throws -> String {
        let tool = try Tool()
        try tool.write(text, to: "flow.yaml")
        return tool.folder.appending(path: "flow.yaml").path()
    }

    @Test func testPassesWithZero() throws {
        let output = try Self.faregate("test", "flows")
        #expect(output.status == 0)
        #expect(output.output.contains("passed, 0 failed"))
        #expect(!output.output.contains("\u{1b}["), "no colours where nobody watches")
    }

    @Test func aFailedScenarioEndsWithOne() throws {
        let flow = try String(contentsOfFile: "\(Self.root)/flows/detach.yaml", encoding: .utf8)
        let path = try Self.temporary(flow.replacing("refuses}, final: not_saved", with: "refuses}, final: forgotten"))
        let output = try Self.faregate("test", path)
        #expect(output.status == 1)
        #expect(output.output.contains("FG0405"))
        #expect(output.words.contains("the run ended in 'not_saved', not in 'forgotten'"))
    }

    @Test func whatTheMockDoesNotDoEndsWithThreeAndCannotBeCaught() throws {
        let path = try Self.temporary(
            """
            flow: shop
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 2000, currency: eur, payment_method_types: [card], payment_method_options: {card: {capture_method: manual}}}
                on: {requires_payment_method: made}
                catch: {api_error: refused}
              made: {final: success}
              refused: {final: failure}
            scenarios: {made: {final: refused}}
            """)
        let output = try Self.faregate("test", path)
        #expect(output.status == 3)
        #expect(output.words.contains("'pay' cannot be played: Faregate's mock does not model the parameter"))
        #expect(output.output.contains("with --transport"))
    }

    @Test func aBrokenFileEndsWithTwo() throws {
        let path = try Self.temporary("flow: x\ninitial: a\nstates:\n  a: {final: sucess}\n")
        for command in ["check", "test", "run", "list", "diagram"] {
            let output = try Self.faregate(command, path)
            #expect(output.status == 2, "\(command)")
            #expect((output.output + output.error).contains("did you mean 'success'"), "\(command)")
        }
    }

    @Test func badUsageEndsWithTwo() throws {
        for (command, argument) in [
            ("tset", "flows"), ("test", "--nope"), ("test", "/nowhere"), ("test", "flows/detach.yaml:nobody"),
        ] {
            let output = try Self.faregate(command, argument)
            #expect(output.status == 2, "\(command) \(argument)")
            #expect(!output.error.contains("Fatal"))
        }
        #expect(try Self.faregate("test", "--jobs", "0", "flows").status == 2)
        #expect(try Self.faregate("run", "flows/detach.yaml", "--input", "method").status == 2)
        #expect(try Self.faregate("run", "flows/detach.yaml", "--scenario", "nobody").status == 2)
    }

    @Test func anEmptySelectionIsNotAPass() throws {
        #expect(try Self.faregate("test", Tool().folder.path()).status == 2)
        let bare = try Self.temporary("flow: x\ninitial: a\nstates:\n  a: {final: success}\n")
        #expect(try Self.faregate("test", bare).status == 2)
    }

    @Test func helpIsGoodAndEndsWithZero() throws {
        for command in ["run", "test", "check", "diagram", "list"] {
            let output = try Self.faregate(command, "--help")
            #expect(output.status == 0)
            #expect(output.output.contains("USAGE"))
        }
        #expect(try Self.faregate("--help").output.contains("Exit status"))
    }

    /// Each process has its own hash seed: nothing of it may reach an output.
    @Test func twoProcessesGiveTheSameBytes() throws {
        var traces: Set<String> = []
        var outputs: Set<String> = []
        for _ in 0..<3 {
            let trace = try Self.temporary("")
            let output = try Self.faregate(
                "run", "flows/setup-then-charge.yaml:declined for good", "--trace", trace, "--seed", "5")
            #expect(output.status == 0)
            outputs.insert(output.output)
            traces.insert(try String(contentsOfFile: trace, encoding: .utf8))
        }
        #expect(outputs.count == 1)
        #expect(traces.count == 1)
        let lines = try #require(traces.first).split(separator: "\n")
        #expect(lines.count > 30)
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
        let tests = try (0..<2).map { _ in try Self.faregate("test", "flows", "--jobs", "2").output }
        #expect(Set(tests).count == 1)
    }

    @Test func clientSecretsReachNoOutput() throws {
        let trace = try Self.temporary("")
        let output = try Self.faregate(
            "run", "flows/direct-redirect.yaml:authorizes, the page is faster than the webhook", "--trace", trace)
        let text = try String(contentsOfFile: trace, encoding: .utf8) + output.output + output.error
        #expect(text.contains("[redacted]"))
        #expect(text.firstMatch(of: /pi_[A-Za-z0-9]+_secret_[A-Za-z0-9]+/) == nil)
    }

    @Test func aDiagramIsMermaid() throws {
        let output = try Self.faregate("diagram", "flows/detach.yaml")
        #expect(output.output.hasPrefix("stateDiagram-v2"))
        #expect(output.output.contains("forget --> mandate_is_over: detached"))
        #expect(output.output.contains("[*] --> create_customer"))
    }
}
