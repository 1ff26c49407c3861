// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateRender
import FaregateSpec
import FaregateStripe
public import FaregateText
import FaregateValues
import FaregateVerify

/// How one case of a scenario went.
public struct CaseOutcome: Sendable {
    public var flow: String
    public var path: String
    public var scenario: String
    /// `declined [reason=lost_card]`
    public var title: String
    public var findings: [Finding]
    /// The final state that the run came to; nil where it did not end.
    public var final: String?
    /// The run could not be made at all.
    public var couldNotRun: Bool
    /// Why it was not run: it cannot be brought about on this transport. Neither a pass nor a failure.
    public var skipped: String?

    public var passed: Bool { findings.isEmpty && skipped == nil }
}

/// How the scenarios of a library went, in the order of the files.
public struct TestReport: Sendable {
    public var outcomes: [CaseOutcome]
    /// What is wrong with scenarios as such: matrices without cells, choices that nobody asked for.
    public var findings: [Finding]
    public var seed: String
    /// What the scenarios have taken of the lifecycles and of the flows.
    public var coverage = Coverage()

    /// Whether the command was interrupted before everything had been run.
    public var wasInterrupted = false

    public var passed: Bool { outcomes.contains(where: \.passed) && findings.isEmpty && failures.isEmpty }
    public var couldNotRun: Bool { outcomes.contains(where: \.couldNotRun) }
    public var failures: [CaseOutcome] { outcomes.filter { !$0.passed && $0.skipped == nil } }
    public var skipped: [CaseOutcome] { outcomes.filter { $0.skipped != nil } }
}

/// What to test.
public struct TestSelection: Sendable {
    /// The path of a file, and a scenario's name or nothing for all of them.
    public var scenarios: [(path: String, scenario: String?)]

    public init(scenarios: [(path: String, scenario: String?)] = []) { self.scenarios = scenarios }

    /// Everything.
    public static let all = TestSelection()

    func includes(_ path: String, _ scenario: String) -> Bool {
        scenarios.isEmpty || scenarios.contains { $0.path == path && ($0.scenario == nil || $0.scenario == scenario) }
    }
}

extension FlowLibrary {
    /// Runs scenarios on the built-in mock, several at a time; the report's order does not depend on how many.
    ///
    /// - Parameters:
    ///   - seed: ids and pauses of the mock come from it: the same seed gives the same bytes.
    ///   - jobs: how many run at a time; nil for as many as there are processors.
    public func test(
        _ selection: TestSelection = .all, seed: String = "0", jobs: Int? = nil,
        progress: (@Sendable (CaseOutcome) -> Void)? = nil
    ) async -> TestReport {
        guard !isBroken else { return TestReport(outcomes: [], findings: findings, seed: seed) }
        let runner = ScenarioRunner(driver: driver(), seed: seed)
        var report = TestReport(outcomes: [], findings: [], seed: seed)
        let (groups, problems) = groups(selection)
        report.findings = problems
        let all = groups.flatMap(\.cases)
        let results = await Self.parallel(all, jobs: jobs) { item in
            let result = runner.run(item)
            progress?(Self.outcome(result))
            return result
        }
        var collector = CoverageCollector(flows, pack.catalog)
        for result in results { collector.add(result) }
        report.coverage = collector.coverage()
        var rest = results[...]
        for group in groups {
            let own = Array(rest.prefix(group.cases.count))
            rest = rest.dropFirst(group.cases.count)
            report.outcomes += own.map(Self.outcome)
            if own.allSatisfy(\.passed), !own.isEmpty {
                report.findings += ScenarioRunner.unasked(group.scenario, in: flows.graphs[group.flow], results: own)
            }
        }
        return report
    }

    /// The cases of all scenarios that are selected, those of a scenario together.
    func groups(
        _ selection: TestSelection
    ) -> (groups: [(flow: Int, scenario: Scenario, cases: [ScenarioCase])], findings: [Finding]) {
        var groups: [(flow: Int, scenario: Scenario, cases: [ScenarioCase])] = []
        var findings: [Finding] = []
        for (number, flow) in flows.graphs.enumerated() {
            for scenario in flow.scenarios where selection.includes(flow.file, scenario.name) {
                let (cases, problems) = expander(of: number).cases(of: scenario)
                findings += problems
                groups.append((number, scenario, cases))
            }
        }
        return (groups, findings)
    }

    static func outcome(_ result: CaseResult) -> CaseOutcome {
        var final: String?
        if case .done(let outcome) = result.result.run.phase { final = outcome.final }
        return CaseOutcome(
            flow: result.flow, path: result.file, scenario: result.scenario, title: result.title,
            findings: result.findings, final: final,
            couldNotRun: result.couldNotRun, skipped: result.skipped)
    }

    /// Results in the order of the items.
    static func parallel<Item: Sendable, Result: Sendable>(
        _ items: [Item], jobs: Int?, _ work: @escaping @Sendable (Item) async -> Result
    ) async -> [Result] {
        let width = max(1, jobs ?? ProcessorCount.current)
        return await withTaskGroup(of: (Int, Result).self) { group in
            var results = [Result?](repeating: nil, count: items.count)
            var next = 0
            func add() {
                guard next < items.count else { return }
                let number = next
                next += 1
                group.addTask { (number, await work(items[number])) }
            }
            for _ in 0..<width { add() }
            for await (number, result) in group {
                results[number] = result
                add()
            }
            return results.compactMap { $0 }
        }
    }
}
