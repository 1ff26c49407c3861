// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

extension FaregateCommand {
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run one flow on the built-in mock, or on an API, and tell it step by step.",
            discussion: """
                Without a scenario the flow runs with its default inputs, and every actor takes the first choice.

                  faregate run flows/setup-then-charge.yaml
                  faregate run "flows/setup-then-charge.yaml:declined for good"
                  faregate run flows/direct-redirect.yaml --input amount=2500 --actor customer=refuses
                  faregate run flows/setup-then-charge.yaml --actor "issuer=declines lost_card, approves"
                  STRIPE_API_KEY=sk_test_… faregate run flows/card-contract.yaml --transport https://api.stripe.com
                """)

        @Argument(help: "A flow file, or FILE:SCENARIO.", completion: .file(extensions: ["yaml", "yml"]))
        var flow: String

        @Option(help: "A scenario of the flow.")
        var scenario: String?

        @Option(name: .customLong("input"), help: ArgumentHelp("An input's value.", valueName: "name=value"))
        var inputs: [String] = []

        @Option(
            name: .customLong("actor"),
            help: ArgumentHelp("What an actor does; several choices with commas.", valueName: "actor=choice"))
        var actors: [String] = []

        @Option(help: "Ids and pauses of the mock come from it: the same seed gives the same bytes.")
        var seed = "0"

        @Option(help: ArgumentHelp("Write the trace as JSON lines, secrets redacted.", valueName: "file.jsonl"))
        var trace: String?

        @Option(help: "Further files or folders with the flows that this one runs.")
        var with: [String] = []

        @OptionGroup var configuration: ConfigurationOptions

        @OptionGroup(title: "On an API") var live: LiveOptions

        func run() async throws {
            let target = Target(flow)
            let library = try FlowLibrary.load([target.path] + with, configuration)
            try library.insistOnUsable()
            let own = library.contents.filter { $0.path == target.path || $0.path.hasPrefix(target.path + "/") }
            guard own.count == 1, let summary = own.first else {
                Terminal.error("faregate: \(target.path) has \(own.count) flows, and one is run at a time\n")
                for flow in own { Terminal.error("  faregate run \(flow.path)\n") }
                throw Exit.badInput
            }
            let colored = Terminal.isColored(Terminal.isInteractive)
            let request = RunRequest(
                flow: summary.name, scenario: scenario ?? target.scenario, inputs: try pairs(inputs, "--input"),
                actors: try pairs(actors, "--actor").map { (name: $0.name, choices: $0.value) }, seed: seed)
            let report: RunReport
            do {
                report = try await self.report(library, request, isColored: colored)
            } catch let error as RunRequestError {
                Terminal.error("faregate: \(error)\n")
                throw Exit.badInput
            }
            let what = request.scenario.map { " - \($0)" } ?? ""
            try Terminal.out(
                Secrets.masked("\(summary.name)\(what)\n  \(summary.title)\n\n\(report.story)\n\(report.verdict)"))
            if let trace, !live.isLive { try Terminal.save(Secrets.masked(report.trace), to: trace) }
            if !report.findings.isEmpty {
                let text = library.text(
                    for: report.findings, width: Terminal.width,
                    isColored: Terminal.isColored(Terminal.isErrorInteractive))
                Terminal.error(Secrets.masked("\n\(text)\n\(report.evidence)"))
            }
            if report.findings.contains(where: { $0.code == "FG0713" }) { throw Exit.badInput }
            if let reason = report.skipped {
                Terminal.error("faregate: this cannot be brought about on \(live.transport): \(reason)\n")
            }
            if report.wasInterrupted { throw Exit.interrupted }
            if report.couldNotRun || report.skipped != nil { throw Exit.couldNotRun }
            if !report.passed { throw Exit.failed }
        }

        private func report(
            _ library: FlowLibrary, _ request: RunRequest, isColored: Bool
        ) async throws -> RunReport {
            if let trace { try Terminal.insistOnWritable([trace]) }
            guard live.isLive else { return try library.run(request, width: Terminal.width, isColored: isColored) }
            let start = try await live.start(jobs: 1)
            do {
                let file = try trace.map(TraceFile.init)
                let report = try await library.run(
                    request, on: start.setup, width: Terminal.width, isColored: isColored
                ) { lines in file?.add(Secrets.masked(lines)) }
                await start.end()
                try file?.end()
                return report
            } catch {
                await start.end()
                throw error
            }
        }
    }
}
