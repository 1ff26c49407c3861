// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import Synchronization
import Testing

@Suite struct TestSelectionTests {
    static let library = FlowLibrary(files: Package.yaml(in: "flows") ?? [])

    static func titles(_ selection: TestSelection) async -> [String] {
        await library.test(selection).outcomes.map { "\($0.flow): \($0.title)" }
    }

    @Test(arguments: [1, 2, 3, 7]) func shardsTogetherAreEverythingAndDoNotOverlap(_ count: Int) async throws {
        let all = await Self.titles(.all)
        #expect(all.count > 50)
        var parts: [String] = []
        for number in 1...count {
            let shard = try #require(TestSelection.Shard("\(number)/\(count)"))
            let part = await Self.titles(TestSelection(shard: shard))
            // Scenarios of few flows: no part is much larger than its share.
            #expect(part.count < all.count || count == 1)
            parts += part
        }
        #expect(parts.count == all.count)
        #expect(Set(parts) == Set(all))
    }

    @Test(arguments: ["0/4", "5/4", "1", "1/0", "a/b", "1/2/3", "-1/4", ""]) func badShardsAreRefused(_ text: String) {
        #expect(TestSelection.Shard(text) == nil)
    }

    /// A choice that only cells of other shards ask for would be told as never asked for.
    @Test func aScenarioIsInOneShardWithAllItsCells() async throws {
        for number in 1...5 {
            let shard = try #require(TestSelection.Shard("\(number)/5"))
            let report = await Self.library.test(TestSelection(shard: shard))
            #expect(report.findings.isEmpty)
        }
    }

    @Test func filtersMatchPartsOfNamesInAnyCase() async {
        let titles = await Self.titles(TestSelection(filters: ["REFUSES", "before-2019"]))
        #expect(!titles.isEmpty)
        #expect(titles.allSatisfy { $0.contains("refuses") || $0.hasPrefix("before-2019") })
        #expect(titles.contains { $0.hasPrefix("before-2019") })
        #expect(titles.contains { !$0.hasPrefix("before-2019") })
    }

    @Test func aFilterThatMatchesNothingIsAProblem() {
        #expect(Self.library.problem(with: .all) == nil)
        #expect(Self.library.problem(with: TestSelection(filters: ["detach"])) == nil)
        let problem = Self.library.problem(with: TestSelection(filters: ["detach", "detahc"]))
        #expect(problem?.hasPrefix("no flow or scenario has 'detahc' in its name, did you mean 'detach'?") == true)
        #expect(Self.library.problem(with: TestSelection(filters: ["refusess"]))?.contains("'refuses'") == true)
        #expect(FlowLibrary(files: []).problem(with: .all) == "no scenario was selected")
    }

    @Test func oneCellCanBeRunAgain() async throws {
        let report = await FailingFlow.report()
        let failed = try #require(report.failures.first { $0.title == "declined for good [reason=stolen_card]" })
        let again = await FailingFlow.library.test(
            TestSelection(scenarios: [(failed.path, failed.title)]), seed: report.seed)
        #expect(again.outcomes.map(\.title) == [failed.title])
        #expect(again.outcomes.first?.findings == failed.findings)
        #expect(again.outcomes.first?.states == failed.states)
        #expect(again.findings.isEmpty, "other cells were not asked")
    }

    /// The line must find the flows that the flow runs.
    @Test func theLineToRunAgainNamesTheFilesOfSubFlows() async throws {
        let report = await Self.library.test(TestSelection(filters: ["deposit-and-rest"]))
        let line = try #require(report.outcomes.first?.rerun)
        #expect(line.contains(" --with flows/"))
        let plain = try #require(await Self.library.test(TestSelection(filters: ["detach"])).outcomes.first?.rerun)
        #expect(!plain.contains("--with"))
    }

    // MARK: Order

    @Test func theReportDoesNotDependOnJobs() async {
        var texts: Set<String> = []
        for jobs in [1, 2, 5] {
            for stops in [false, true] {
                var options = TestOptions(seed: "3", jobs: jobs)
                options.stopsAtFailure = stops
                let report = await FailingFlow.library.test(.all, options)
                texts.insert("\(stops)" + report.text(.json, for: FailingFlow.library, toolVersion: ""))
            }
        }
        #expect(texts.count == 2)
    }

    @Test func nothingIsRunAfterTheFirstFailure() async throws {
        var options = TestOptions(jobs: 4)
        options.stopsAtFailure = true
        let report = await FailingFlow.library.test(.all, options)
        #expect(report.outcomes.map(\.passed) == [false])
        #expect(report.notRun == 5)
        #expect(!report.isInterrupted)
        #expect(report.text(for: FailingFlow.library).contains("0 passed, 1 failed, 5 not run"))
        let junit = try MarkupReader.read(report.text(.junit, for: FailingFlow.library, toolVersion: ""))
        #expect(junit.all("skipped").count == 5)
        #expect(junit.all("testsuite").first?.attributes["skipped"] == "5")
        let tap = report.text(.tap, for: FailingFlow.library, toolVersion: "")
        #expect(tap.contains("ok 6 - failing: declined # SKIP"))
    }

    @Test func anInterruptionTellsWhatWasDone() async {
        var options = TestOptions(jobs: 1)
        let seen = Counter()
        options.progress = { _ in seen.add() }
        options.isStopped = { seen.count >= 2 }
        let report = await FailingFlow.library.test(.all, options)
        #expect(report.isInterrupted)
        #expect(report.outcomes.count == 2)
        #expect(!report.passed)
        #expect(report.text(for: FailingFlow.library).contains("interrupted"))
    }

    @Test func progressCountsUpOneByOne() async {
        let seen = Counter()
        var options = TestOptions(jobs: 3)
        options.progress = { progress in
            seen.add()
            #expect(progress.done == seen.count)
            #expect(progress.total == 6)
        }
        _ = await FailingFlow.library.test(.all, options)
        #expect(seen.count == 6)
    }
}

private final class Counter: Sendable {
    private let number = Mutex(0)
    func add() { number.withLock { $0 += 1 } }
    var count: Int { number.withLock { $0 } }
}
