// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import Testing

/// Values of inputs with `secret: true`, each with the same word in it, come out nowhere.
@Suite struct SecretInputTests {
    static let path = "flows/sealed.yaml"
    static let word = "hush"

    static let text = #"""
        flow: sealed
        title: Not for hush-inline-2
        inputs:
          token: {type: string, default: hush-default-1, secret: true}
          pin: {type: int, default: 10, secret: true, check: pin > 5}
          notes: {type: "map(string, string)", default: {a: hush-note-20}, secret: true}
        objects: {payment: payment_intent}
        initial: pay
        states:
          pay:
            call: payment.create
            with:
              amount: 1000
              currency: usd
              payment_method_types: [card]
              payment_method: pm_card_visa
              confirm: true
              description: "by $(token)"
              metadata: {token: $token, pin: $pin, note: $notes.a, notes: "$(notes)"}
            on:
              succeeded:
                - {guard: token == 'hush-inline-2', target: paid}
                - {target: look}
              requires_payment_method: unpaid
              requires_action: unpaid
          look:
            call: payment.retrieve
            assert: ["payment.amount == 1000 || token + '!' == '' || [token].exists(t, t == '')"]
            on:
              succeeded: {target: paid, assert: ["!payment.description.startsWith('by hush-asserted-3')"]}
          paid: {final: success, outputs: {told: $token, more: "$(token)-$(payment.id)"}}
          unpaid: {final: failure, outputs: {told: $token}}
        scenarios:
          inline: {inputs: {token: "hush-inline-2"}, actors: {issuer: declines}, final: paid}
          asserted: {inputs: {token: hush-asserted-3}, final: paid}  # hush-asserted-3
          expected: {final: paid, outputs: {told: hush-expected-4, more: hush-more-5}}
          cells: {matrix: {token: [hush-cell-6, hush-cell-7], amount: [1, 2]}, actors: {issuer: declines}, final: paid}
          made: {matrix: {part: [hush-part-8, hush-none-9]}, inputs: {token: "$(part)"}, exclude: [{part: hush-none-9}], final: unpaid}
          quoted: {inputs: {token: "hush \"quoted\" \\ 10"}, final: unpaid}
          checked: {inputs: {token: hush-checked-11, pin: "$('a'.size())"}, final: paid}
          several:
            inputs:
              token: |
                hush-several-12
                hush-several-13
            final: unpaid

        """#

    static let library = FlowLibrary(files: [(path, text)])

    static func report(_ selection: TestSelection = .all) async -> TestReport {
        var options = TestOptions(seed: "7")
        options.keepsStories = true
        return await library.test(selection, options)
    }

    @Test(arguments: ReportFormat.allCases) func areInNoReport(_ format: ReportFormat) async throws {
        try #require(!Self.library.isBroken)
        let report = await Self.report()
        #expect(report.failures.count == 11)
        let text = report.text(format, for: Self.library, toolVersion: "1.2.3")
        #expect(!text.contains(Self.word), "\(Self.lines(of: text))")
    }

    @Test func areInNoListCoverageOrDiagram() async {
        let coverage = await Self.report().coverage
        for text in [
            coverage.text(width: 200, isColored: false), coverage.json(), coverage.markdown(),
            "\(Self.library.contents.map(\.scenarios))", "\(Self.library.contents.map(\.inputs))",
            Self.library.diagram(.mermaid, flow: "sealed") ?? "", Self.library.diagram(.svg, flow: "sealed") ?? "",
        ] {
            #expect(!text.contains(Self.word), "\(Self.lines(of: text))")
        }
    }

    @Test(arguments: library.contents[0].scenarios) func areInNoRunOrTrace(_ scenario: String) throws {
        let report = try Self.library.run(RunRequest(flow: "sealed", scenario: scenario))
        let findings = Self.library.text(for: report.findings)
        for text in [report.story, report.verdict, report.evidence, report.trace, findings] {
            #expect(!text.contains(Self.word), "\(Self.lines(of: text))")
        }
    }

    @Test func areInNoFinding() {
        let text = Self.text.replacing("hush-inline-2\"}, a", with: "hush-inline-2\", pni: 1}, a")
            .replacing("pin: \"$('a'.size())\"}", with: "pin: hush-typo-14}")
            .replacing("default: 10", with: "default: hush-typo-15")
        let library = FlowLibrary(files: [(Self.path, text)])
        #expect(library.findings.count { $0.severity == .error } == 3)
        for format in FindingFormat.allCases {
            let text = library.report(format, toolVersion: "1.2.3")
            #expect(!text.contains(Self.word), "\(Self.lines(of: text))")
        }
    }

    @Test func areInNoStoryOfTheCheck() throws {
        let text = """
            flow: chosen
            inputs:
              mode: {type: string, one_of: [hush-one-18, hush-longer-19], default: hush-one-18, secret: true}
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 1000, currency: usd, payment_method_types: [card]}
                on: {requires_payment_method: choice}
              choice: {choose: [{guard: mode.size() > 11, target: again}, {target: done}]}
              again: {call: payment.capture, on: {succeeded: done}}
              done: {final: success}

            """
        let library = FlowLibrary(files: [("flows/chosen.yaml", text)])
        let report = library.report(width: 200)
        #expect(report.contains("mode may be one of its values (line 3)"), "\(report)")
        #expect(!report.contains(Self.word))
    }

    @Test func areNotRepeatedWhereTheyDoNotFit() {
        #expect {
            try Self.library.run(RunRequest(flow: "sealed", inputs: [("pin", "hush-typo-16")]))
        } throws: {
            "\($0)" == "the input 'pin' is [redacted], but must be of type int"
        }
    }

    /// The place in the axis stays, whatever is selected.
    @Test func cellsAreTitledByTheirPlace() async throws {
        let titles = await Self.report().outcomes.filter { $0.scenario == "cells" }.map(\.title)
        let expected = ["1 amount=1", "1 amount=2", "2 amount=1", "2 amount=2"].map { "cells [token=secret-\($0)]" }
        #expect(titles == expected)
        let title = try #require(titles.last)
        let selection = TestSelection(scenarios: [(Self.path, title)])
        let again = await Self.report(selection).outcomes
        #expect(again.map(\.title) == [title])
        #expect(again.first?.rerun == "faregate test '\(Self.path):\(title)' --seed 7")
        #expect(await Self.report().outcomes.contains { $0.title == "made [part=secret-1]" })
    }

    @Test func quotedLinesKeepTheirMarksInPlace() async throws {
        let text = "flow: sealed\ninputs: {token: {type: string, secret: true, default: hush-default-1, checks: x}}\n"
        let report = FlowLibrary(files: [(Self.path, text)]).report(width: 120)
        let lines = report.split(separator: "\n")
        let quoted = try #require(lines.firstIndex { $0.contains("checks") && $0.contains("2 |") })
        #expect(lines[quoted].contains("default: [redacted], checks: x"))
        let mark = try #require(lines[quoted + 1].firstRange(of: "^^^^^^"))
        let word = try #require(lines[quoted].firstRange(of: "checks"))
        #expect(
            lines[quoted + 1].distance(from: lines[quoted + 1].startIndex, to: mark.lowerBound)
                == lines[quoted].distance(from: lines[quoted].startIndex, to: word.lowerBound))
    }

    @Test func whatAFlowHandsToAnotherOnesSecretIsOneToo() async {
        let outer = """
            flow: outer
            initial: pay
            states:
              pay: {run: sealed, with: {token: hush-handed-17, pni: 1}, on: {paid: done, unpaid: done}}
              done: {final: success}
            scenarios:
              it runs: {final: done, path: [done, pay]}

            """
        let good = outer.replacing(", pni: 1", with: "")
        for text in [outer, good] {
            let library = FlowLibrary(files: [("flows/outer.yaml", text), (Self.path, Self.text)])
            var options = TestOptions(seed: "7")
            options.keepsStories = true
            let report = await library.test(TestSelection(scenarios: [("flows/outer.yaml", nil)]), options)
            for format in ReportFormat.allCases {
                let text = report.text(format, for: library, toolVersion: "1.2.3") + library.report()
                #expect(!text.contains(Self.word), "\(Self.lines(of: text))")
            }
        }
    }

    /// Those that tell.
    private static func lines(of text: String) -> [Substring] {
        text.split(separator: "\n").filter { $0.contains(word) }
    }
}
