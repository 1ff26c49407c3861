// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateText
import FaregateVerify
import Testing

@Suite struct ReplayTests {
    @Test(arguments: Shipped.names) func aRunIsTheFoldOfItsTrace(_ name: String) {
        let shipped = Shipped(named: name)
        #expect(!shipped.cases.isEmpty)
        for item in shipped.cases {
            let runner = ScenarioRunner(driver: shipped.driver, seed: "0")
            let result = runner.run(item).result
            let (run, facts) = shipped.interpreter.replay(result.trace, start: runner.plan(item).start)
            #expect(run == result.run, "\(name): \(item.title)")
            #expect(facts == result.trace.facts.map(\.fact), "\(name): \(item.title)")
        }
    }

    @Test(arguments: Shipped.names) func allScenariosPass(_ name: String) {
        let shipped = Shipped(named: name)
        for item in shipped.cases {
            let result = shipped.run(nil, item)
            #expect(result.findings.isEmpty, "\(name): \(item.title): \(result.findings.map(\.message))")
        }
    }

    @Test func theSameSeedGivesTheSameRunAndAnotherSeedOtherIDs() {
        let shipped = Shipped(named: "setup-then-charge")
        let item = shipped.cases[0]
        let first = ScenarioRunner(driver: shipped.driver, seed: "7").run(item).result
        let second = ScenarioRunner(driver: shipped.driver, seed: "7").run(item).result
        let other = ScenarioRunner(driver: shipped.driver, seed: "8").run(item).result
        #expect(first.trace == second.trace)
        #expect(first.world == second.world)
        #expect(first.run.snapshots.keys.sorted() != other.run.snapshots.keys.sorted())
    }

    @Test func repliesThatDoNotFitThePhaseAreIgnored() {
        let shipped = Shipped(named: "detach")
        let item = shipped.cases[0]
        let runner = ScenarioRunner(driver: shipped.driver, seed: "0")
        let result = runner.run(item).result
        // Every reply of the story, once more, in every phase of the story.
        let replies = result.trace.entries.compactMap(\.reply)
        var (run, _) = shipped.interpreter.start(runner.plan(item).start)
        for reply in replies {
            for stray in replies {
                if case .answer = stray.content { continue }
                if case .failure = stray.content { continue }
                var copy = run
                _ = shipped.interpreter.resume(&copy, Reply(stray.content, at: run.now))
            }
            _ = shipped.interpreter.resume(&run, reply)
        }
        #expect(run == result.run)
    }
}
