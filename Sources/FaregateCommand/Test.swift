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
                  faregate test flows --format junit --output results.xml --format html --output report.html
                  faregate test flows --filter refuses --fail-fast
                  faregate test flows --shard 1/4 --seed random
                  STRIPE_API_KEY=sk_test_… faregate test flows --transport https://api.stripe.com

                A file's name tells its format (.xml is junit, .tap, .json, .html, .txt), or FORMAT: before it does: \
                junit:results. A file whose name tells nothing takes the next format of --format. One format that no file \
                has taken goes to standard output; if none is left, the text does.

                Exit status: 0 passed; 1 a scenario failed; 2 bad usage, a bad file or nothing to test; 3 could not run; \
                130 interrupted, after a report of what was run.
                """)

        @Argument(
            help: "Files, folders, FILE:SCENARIO, or FILE:SCENARIO [CELL].",
            completion: .file(extensions: ["yaml", "yml"]))
        var paths: [String]

        @OptionGroup(title: "What is tested") var choice: ChoiceOptions
        @OptionGroup(title: "How") var manner: MannerOptions
        @OptionGroup(title: "Reports") var reports: ReportOptions
        @OptionGroup(title: "Coverage") var coverage: CoverageOptions
        @OptionGroup(title: "On an API") var live: LiveOptions
        @OptionGroup var configuration: ConfigurationOptions

        func validate() throws {
            let files = try reports.plan().files.map(\.path)
            try OutputFile.insistOnDifferent(files + [coverage.output].compactMap { $0 })
        }

        func run() async throws {
            let plan = try reports.plan()
            let targets = paths.map(Target.init)
            let library = try FlowLibrary.load(targets.map(\.path) + choice.with, configuration)
            try library.insistOnUsable()
            let selection = try choice.selection(of: targets, in: library)
            if let problem = library.problem(with: selection) {
                Terminal.error("faregate: \(problem)\n")
                throw Exit.badInput
            }
            try Terminal.insistOnWritable(plan.files.map(\.path) + [coverage.output].compactMap { $0 })
            let report = try await run(library, selection, plan)
            try plan.write(report, of: library)
            if coverage.isShown { try show(report.coverage, plan) }
            try coverage.save(report.coverage)
            if report.outcomes.isEmpty, report.findings.isEmpty, !report.isInterrupted, let shard = selection.shard {
                Terminal.error("faregate: shard \(shard.number)/\(shard.count) has no scenario\n")
                return
            }
            if report.isInterrupted { throw Exit.interrupted }
            if report.couldNotRun { throw Exit.couldNotRun }
            if report.failures.isEmpty, !report.outcomes.contains(where: \.passed), !report.skipped.isEmpty {
                Terminal.error("faregate: nothing could be brought about on \(live.transport)\n")
                throw Exit.couldNotRun
            }
            if !report.passed { throw Exit.failed }
            try coverage.insist(on: report.coverage)
        }

        /// Beside the report, or where it disturbs none that a program reads.
        private func show(_ coverage: Coverage, _ plan: ReportPlan) throws {
            let isText = plan.standardOutput == .text
            let isColored = Terminal.isColored(isText ? Terminal.isInteractive : Terminal.isErrorInteractive)
            let text = coverage.text(width: Terminal.width, isColored: isColored)
            if isText { try Terminal.out("\n" + text) } else { Terminal.error(text) }
        }

        private func run(
            _ library: FlowLibrary, _ selection: TestSelection, _ plan: ReportPlan
        ) async throws -> TestReport {
            let seed = manner.chosenSeed
            if manner.seed == "random" { Terminal.error("faregate: seed \(seed)\n") }
            var options = TestOptions(seed: seed, jobs: manner.jobs)
            options.stopsAtFailure = manner.failFast
            options.keepsStories = plan.wantsStories
            let line = ProgressLine()
            options.progress = { line?.show($0) }
            defer { line?.erase() }
            guard live.isLive else {
                let interruption = CtrlC.watch()
                options.isStopped = { interruption.happened }
                return await library.test(selection, options)
            }
            let start = try await live.start(jobs: manner.jobs ?? FlowLibrary.liveJobs)
            let (setup, chosen) = (start.setup, options)
            let report = await start.perform {
                await library.test(selection, on: setup, chosen, cleanup: Self.tell)
            }
            await start.end()
            return report
        }

        @Sendable private static func tell(_ call: CleanupOutcome) {
            if call.isDone { return }
            let words = TerminalText.fit(TerminalText.safe(call.words), 200)
            Terminal.error(
                Secrets.masked("faregate: could not clean up: \(call.operation) \(call.objectID): \(words)\n"))
        }
    }
}

/// Which scenarios are tested.
struct ChoiceOptions: ParsableArguments {
    @Option(
        name: .customLong("filter"),
        help: ArgumentHelp(
            "Only scenarios with this in their name or their flow's; as often as you like, one is enough.",
            valueName: "text"))
    var filters: [String] = []

    @Option(
        help: ArgumentHelp(
            "One of several parts that together are everything: 1/4, 2/4, 3/4, 4/4.", valueName: "n/count"),
        transform: { text in
            guard let shard = TestSelection.Shard(text) else {
                throw ValidationError("--shard wants a part and how many there are, such as 1/4, not '\(text)'")
            }
            return shard
        })
    var shard: TestSelection.Shard?

    @Option(help: ArgumentHelp("Further files or folders with the flows that these ones run.", valueName: "path"))
    var with: [String] = []

    func selection(of targets: [Target], in library: FlowLibrary) throws -> TestSelection {
        var scenarios: [(path: String, scenario: String?)] = []
        // Everything that was read, unless something was named.
        let isNarrow = !with.isEmpty || targets.contains { $0.scenario != nil }
        for target in isNarrow ? targets : [] {
            let flows = library.contents.filter { target.holds($0.path) }
            let own = target.scenario.map { name in flows.filter { library.has(name, in: $0) } } ?? flows
            if own.isEmpty {
                Terminal.error("faregate: \(library.unknown(target, among: flows.flatMap(\.scenarios)))\n")
                throw Exit.badInput
            }
            scenarios += own.map { ($0.path, target.scenario) }
        }
        return TestSelection(scenarios: scenarios, filters: filters, shard: shard)
    }
}

/// How scenarios are run.
struct MannerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Ids and pauses of the mock come from it: the same seed gives the same bytes. 'random' takes one and prints it.",
            valueName: "text"))
    var seed = "0"

    @Option(
        help: ArgumentHelp(
            "How many scenarios run at a time; as many as there are processors if not given.", valueName: "count"))
    var jobs: Int?

    @Flag(help: "Run nothing after the first failure.")
    var failFast = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
    }

    /// Asked once a run: `random` is another one each time.
    var chosenSeed: String { seed == "random" ? String(UInt32.random(in: 1...UInt32.max)) : seed }
}

/// What is told of rows and edges that were taken.
struct CoverageOptions: ParsableArguments {
    @Flag(
        name: .customLong("coverage"),
        help: "Tell which rows of the lifecycles and which edges of the flows were taken, and which were not.")
    var isShown = false

    @Option(
        name: .customLong("coverage-output"), help: ArgumentHelp("Write the coverage as JSON.", valueName: "file.json"))
    var output: String?

    @Option(help: ArgumentHelp("Fail where less than so many percent were taken.", valueName: "percent"))
    var failUnder: Double?

    func validate() throws {
        if let failUnder, !(0...100).contains(failUnder) { throw ValidationError("--fail-under must be 0 to 100") }
    }

    func save(_ coverage: Coverage) throws {
        if let output { try Terminal.save(coverage.json(), to: output) }
    }

    func insist(on coverage: Coverage) throws {
        if let failUnder, coverage.percent < failUnder {
            Terminal.error("faregate: the coverage is under \(failUnder) %\n")
            throw Exit.failed
        }
    }
}

extension FlowLibrary {
    /// Whether a flow has a scenario of this name, or one whose cell has this title.
    fileprivate func has(_ name: String, in flow: FlowSummary) -> Bool {
        flow.scenarios.contains { name == $0 || (name.hasPrefix("\($0) [") && name.hasSuffix("]")) }
    }

    fileprivate func unknown(_ target: Target, among scenarios: [String]) -> String {
        guard let name = target.scenario else { return "there is no flow in \(target.path)" }
        let known = scenarios.isEmpty ? "" : "\nknown: \(scenarios.joined(separator: "; "))"
        let hint = Spelling.closest(to: name, among: scenarios).map { ", did you mean '\($0)'?" } ?? ""
        return "there is no scenario '\(name)' in \(target.path)\(hint)\(known)"
    }
}
