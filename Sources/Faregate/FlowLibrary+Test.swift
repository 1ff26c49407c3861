// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateRender
import FaregateSpec
import FaregateStripe
import FaregateText
import FaregateValues
import FaregateVerify

/// How to run scenarios.
public struct TestOptions: Sendable {
    /// Ids and pauses of the mock come from it: the same seed gives the same bytes.
    public var seed = "0"
    /// How many run at a time; nil for as many as there are processors. The report does not depend on it.
    public var jobs: Int?
    /// Nothing is run after the first failure, in the order of the files.
    public var stopsAtFailure = false
    /// Reports tell the stories of cases that have passed, too.
    public var keepsStories = false
    /// Asked before each case: true ends the test, with a report of what was run.
    public var isStopped: @Sendable () -> Bool = { false }
    /// Told after each case, one at a time.
    public var progress: @Sendable (TestProgress) -> Void = { _ in }

    public init(seed: String = "0", jobs: Int? = nil) {
        self.seed = seed
        self.jobs = jobs
    }
}

/// How far a test has come.
public struct TestProgress: Sendable {
    public var done: Int
    public var total: Int
    public var failed: Int
    /// `flow: scenario [cell]`, of the case that was done last.
    public var title: String
}

extension FlowLibrary {
    /// Runs scenarios on the built-in mock.
    public func test(_ selection: TestSelection = .all, seed: String = "0", jobs: Int? = nil) async -> TestReport {
        await test(selection, TestOptions(seed: seed, jobs: jobs))
    }

    /// Runs scenarios on the built-in mock, several at a time; the report's order does not depend on how many.
    public func test(_ selection: TestSelection, _ options: TestOptions) async -> TestReport {
        let runner = ScenarioRunner(driver: driver(), seed: options.seed)
        return await test(selection, options) { item in (runner.run(item), TestDriver.epoch) }
    }

    /// Plays scenarios in some way that gives a result and the run's start.
    ///
    /// - Parameter asksEveryChoice: all actors are ours, so a choice that nobody asked for is a mistake of the scenario.
    func test(
        _ selection: TestSelection, _ options: TestOptions, asksEveryChoice: Bool = true,
        _ play: @escaping @Sendable (ScenarioCase) async -> (CaseResult, Instant)
    ) async -> TestReport {
        var record = TestRecord(seed: options.seed)
        guard !isBroken else {
            record.findings = findings
            return TestReport(record)
        }
        let (groups, problems) = plan(selection)
        record.findings = problems
        let items = groups.flatMap { group in group.cases.map { (item: $0, group: group) } }
        var collector = CoverageCollector(flows, pack.catalog)
        var done: [Done] = []
        var failed = 0
        await Self.inOrder(items, options) { item, group in
            let (result, start) = await play(item)
            let record = CaseRecord(
                result, of: flows.graphs[group.flow], cell: item.cell, rerun: group.rerun(item.title, options.seed),
                keepsStory: options.keepsStories, others: group.redactor, start: start)
            return (
                result, Done(record: record, wasInterrupted: result.wasInterrupted, taken: result.result.taken)
            )
        } take: { result, item in
            collector.add(result)
            done.append(item)
            if item.record.failure != nil { failed += 1 }
            options.progress(
                TestProgress(
                    done: done.count, total: items.count, failed: failed,
                    title: "\(item.record.flow): \(item.record.title)"))
            return item.record.failure == nil || !options.stopsAtFailure
        }
        record.isInterrupted =
            done.contains(where: \.wasInterrupted)
            || (done.count < items.count && !(failed > 0 && options.stopsAtFailure))
        add(groups, done, to: &record, seed: options.seed, asksEveryChoice: asksEveryChoice)
        let coverage = collector.coverage()
        record.coverage = coverage.figures
        var report = TestReport(record)
        report.coverage = coverage
        return report
    }

    // MARK: What is run

    /// A scenario that was selected.
    private struct Group: Sendable {
        var flow: Int
        var file: String
        var scenario: Scenario
        var cases: [ScenarioCase]
        /// No cell was left out.
        var isWhole: Bool
        /// The files of the flows that this one runs.
        var with: [String]
        /// Knows the secrets of all cases of the flow.
        var redactor: Redactor

        func rerun(_ title: String, _ seed: String) -> String {
            Rerun.line(file: file, title: title, seed: seed, with: with)
        }
    }

    private func plan(_ selection: TestSelection) -> (groups: [Group], findings: [Finding]) {
        var groups: [Group] = []
        var findings: [Finding] = []
        for (number, flow) in flows.graphs.enumerated() {
            let chosen = flow.scenarios.filter { selection.includes(flow, $0) }
            if chosen.isEmpty { continue }
            let (with, redactor) = (files(below: number), redactor(of: number))
            for scenario in chosen {
                let (cases, problems) = expander(of: number).cases(of: scenario)
                findings += problems.map(redactor.redact)
                let chosen = cases.filter { selection.includes(flow, $0) }
                groups.append(
                    Group(
                        flow: number, file: flow.file, scenario: scenario, cases: chosen,
                        isWhole: chosen.count == cases.count, with: with, redactor: redactor))
            }
        }
        return (groups, findings)
    }

    /// The files of all flows that a flow runs, its own not among them.
    private func files(below number: Int) -> [String] {
        Set(flowsBelow(number).map { flows.graphs[$0].file }).subtracting([flows.graphs[number].file]).sorted()
    }

    // MARK: What came of it

    /// A case that was run, and which choices of its scenario were taken.
    private struct Done: Sendable {
        var record: CaseRecord
        var wasInterrupted: Bool
        var taken: [Set<Int>]
    }

    private func add(
        _ groups: [Group], _ done: [Done], to record: inout TestRecord, seed: String, asksEveryChoice: Bool
    ) {
        var rest = done[...]
        for group in groups {
            let flow = flows.graphs[group.flow]
            if record.flows.last?.name != flow.name {
                record.flows.append(
                    FlowRecord(
                        name: flow.name, title: group.redactor.redact(flow.title), docs: flow.docs, file: flow.file,
                        drawing: group.redactor.redact(FlowDrawing(of: flow, catalog: pack.catalog))))
            }
            let own = Array(rest.prefix(group.cases.count))
            rest = rest.dropFirst(group.cases.count)
            let left = group.cases.dropFirst(own.count).map { item in
                CaseRecord(
                    flow: flow.name, file: flow.file, scenario: item.scenario.name, cell: item.cell, status: .notRun,
                    rerun: group.rerun(item.title, seed))
            }
            record.flows[record.flows.count - 1].scenarios.append(
                ScenarioRecord(
                    name: group.scenario.name, title: group.scenario.title.map(group.redactor.redact),
                    span: group.scenario.span,
                    cases: own.map(\.record) + left))
            if asksEveryChoice, group.isWhole, left.isEmpty, !own.isEmpty, own.allSatisfy(\.record.passed) {
                let findings = ScenarioRunner.unasked(group.scenario, in: flow, taken: own.map(\.taken))
                record.findings += findings.map(group.redactor.redact)
            }
        }
    }

    /// Works on several items at a time and takes the results in the order of the items, until `take` wants no more.
    private static func inOrder<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ options: TestOptions, _ work: @escaping @Sendable (Item) async -> Result,
        take: (Result) -> Bool
    ) async {
        let width = max(1, options.jobs ?? ProcessorCount.current)
        await withTaskGroup(of: (Int, Result).self) { group in
            var early: [Int: Result] = [:]
            var next = 0
            var due = 0
            var goesOn = true
            func add() {
                guard goesOn, next < items.count, !options.isStopped() else { return }
                let number = next
                next += 1
                group.addTask { (number, await work(items[number])) }
            }
            for _ in 0..<width { add() }
            for await (number, result) in group {
                early[number] = result
                while goesOn, let result = early.removeValue(forKey: due) {
                    due += 1
                    goesOn = take(result)
                }
                add()
            }
        }
    }
}
