// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate
import FaregateEngine

extension FaregateCommand {
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run all scenarios of flows on the built-in mock, or on an API.",
            discussion: """
                  faregate test flows
                  faregate test flows/detach.yaml "flows/direct-redirect.yaml:refuses"
                  STRIPE_API_KEY=sk_test_… faregate test flows --transport https://api.stripe.com
                """)

        @Argument(help: "Files, folders, or FILE:SCENARIO.", completion: .file(extensions: ["yaml", "yml"]))
        var paths: [String]

        @Option(help: "Ids and pauses of the mock come from it: the same seed gives the same bytes.")
        var seed = "0"

        @Option(help: "How many scenarios run at a time; as many as there are processors if not given.")
        var jobs: Int?

        @OptionGroup var configuration: ConfigurationOptions

        @OptionGroup(title: "On an API") var live: LiveOptions

        @Flag(help: "Tell which rows of the lifecycles and which edges of the flows were taken, and which were not.")
        var coverage = false

        @Option(help: ArgumentHelp("Write the coverage as JSON.", valueName: "file.json"))
        var coverageOutput: String?

        @Option(help: ArgumentHelp("Fail where less than so many percent were taken.", valueName: "percent"))
        var failUnder: Double?

        func validate() throws {
            if let failUnder, !(0...100).contains(failUnder) { throw ValidationError("--fail-under must be 0 to 100") }
            if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
        }

        func run() async throws {
            let targets = paths.map(Target.init)
            let library = try FlowLibrary.load(targets.map(\.path), configuration)
            try library.insistOnUsable()
            let selection = try self.selection(targets, library)
            let report = try await report(library, selection)
            guard !report.outcomes.isEmpty || !report.findings.isEmpty else {
                Terminal.error("faregate: no scenario was selected\n")
                throw Exit.badInput
            }
            let colored = Terminal.isColored(Terminal.isInteractive)
            Terminal.out(Secrets.masked(report.text(for: library, width: Terminal.width, isColored: colored)))
            if coverage { Terminal.out("\n" + report.coverage.text(width: Terminal.width, isColored: colored)) }
            if let coverageOutput { try Terminal.save(report.coverage.json(), to: coverageOutput) }
            if report.wasInterrupted { throw Exit.interrupted }
            if report.couldNotRun { throw Exit.couldNotRun }
            if report.failures.isEmpty, !report.outcomes.contains(where: \.passed), !report.skipped.isEmpty {
                Terminal.error("faregate: nothing could be brought about on \(live.transport)\n")
                throw Exit.couldNotRun
            }
            if !report.passed { throw Exit.failed }
            if let failUnder, report.coverage.percent < failUnder {
                Terminal.error("faregate: the coverage is under \(failUnder) %\n")
                throw Exit.failed
            }
        }

        private func report(_ library: FlowLibrary, _ selection: TestSelection) async throws -> TestReport {
            guard live.isLive else { return await library.test(selection, seed: seed, jobs: jobs) }
            let jobs = jobs ?? FlowLibrary.liveJobs
            let start = try await live.start(jobs: jobs)
            let report = await library.test(selection, on: start.setup, jobs: jobs, cleanup: Self.tell)
            await start.end()
            return report
        }

        @Sendable private static func tell(_ call: CleanupOutcome) {
            if call.isDone { return }
            Terminal.error(
                Secrets.masked("faregate: could not clean up: \(call.operation) \(call.objectID): \(call.words)\n"))
        }

        private func selection(_ targets: [Target], _ library: FlowLibrary) throws -> TestSelection {
            guard targets.contains(where: { $0.scenario != nil }) else { return .all }
            var scenarios: [(path: String, scenario: String?)] = []
            for target in targets {
                let flows = library.contents.filter { $0.path == target.path || $0.path.hasPrefix(target.path + "/") }
                if let name = target.scenario, !flows.contains(where: { $0.scenarios.contains(name) }) {
                    Terminal.error(
                        "faregate: there is no scenario '\(name)' in \(target.path)\nknown: \(flows.flatMap(\.scenarios).joined(separator: "; "))\n"
                    )
                    throw Exit.badInput
                }
                scenarios += flows.map { ($0.path, target.scenario) }
            }
            return TestSelection(scenarios: scenarios)
        }
    }

    struct Diagram: ParsableCommand {
        enum Format: String, ExpressibleByArgument, CaseIterable { case mermaid }

        static let configuration = CommandConfiguration(abstract: "Draw a flow.")

        @Argument(help: "A flow file.", completion: .file(extensions: ["yaml", "yml"]))
        var flow: String

        @Option(help: "mermaid")
        var format: Format = .mermaid

        @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file.", valueName: "file"))
        var output: String?

        func run() throws {
            let library = try FlowLibrary.load([flow])
            try library.insistOnUsable()
            let text = library.mermaid(flow: library.contents[0].name) ?? ""
            if let output { try Terminal.save(text, to: output) } else { Terminal.out(text) }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List flows, their inputs and scenarios.")

        @Argument(help: "Files or folders.", completion: .file(extensions: ["yaml", "yml"]))
        var paths: [String]

        func run() throws {
            let library = try FlowLibrary.load(paths)
            try library.insistOnUsable()
            for flow in library.contents {
                Terminal.out("\(flow.name)  \(flow.path)\n  \(flow.title)\n")
                if !flow.docs.isEmpty { Terminal.out("  \(flow.docs)\n") }
                if !flow.inputs.isEmpty { Terminal.out("  inputs: \(flow.inputs.joined(separator: ", "))\n") }
                for scenario in flow.scenarios { Terminal.out("  - \(scenario)\n") }
                Terminal.out("\n")
            }
        }
    }
}
