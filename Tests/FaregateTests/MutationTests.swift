// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateSpec
import FaregateStripe
import Testing

/// The shipped flows hold each row of the documentation: without it, some scenario fails.
@Suite struct MutationTests {
    @Test func everyRowIsMissedBySomeScenario() async throws {
        let library = try FlowLibrary(paths: ["\(Package.root)/flows"])
        let report = await library.test()
        try #require(report.passed)
        var survivors: [String] = []
        for lifecycle in StripePack.lifecycles {
            let group = report.coverage.lifecycles.first { $0.name == lifecycle.name }
            for item in group?.items ?? [] {
                let mutant = FlowLibrary(library, on: Self.pack(without: item.name, of: lifecycle.name))
                if await !Self.isKilled(mutant, by: item.scenarios, of: report) {
                    survivors.append("\(lifecycle.name) \(item.name)")
                }
            }
        }
        #expect(survivors.isEmpty)
    }

    @Test func everythingThatCanBeTakenIsTaken() async throws {
        let report = await (try FlowLibrary(paths: ["\(Package.root)/flows"])).test()
        for section in report.coverage.sections {
            for group in section.groups {
                #expect(group.missing.isEmpty, "\(section.title): \(group.name)")
            }
        }
    }

    /// Scenarios that took the row are played again, the smallest first, until one fails.
    private static func isKilled(_ mutant: FlowLibrary, by titles: [String], of report: TestReport) async -> Bool {
        let takers = Set(titles)
        var sizes: [Scenario: Int] = [:]
        var order: [Scenario] = []
        for outcome in report.outcomes {
            let scenario = Scenario(path: outcome.path, name: outcome.scenario)
            sizes[scenario, default: 0] += 1
            if takers.contains("\(outcome.flow): \(outcome.title)"), !order.contains(scenario) {
                order.append(scenario)
            }
        }
        for scenario in order.sorted(by: { sizes[$0]! < sizes[$1]! }) {
            let selection = TestSelection(scenarios: [(scenario.path, scenario.name)])
            if await !mutant.test(selection, jobs: 1).passed { return true }
        }
        return false
    }

    private struct Scenario: Hashable {
        var path: String
        var name: String
    }

    /// Rows that refuse are turned into rows that let the call pass: without them it would be refused by default.
    private static func pack(without row: String, of name: String) -> StripePack {
        StripePack(
            lifecycles: StripePack.lifecycles.map { lifecycle in
                guard lifecycle.name == name else { return lifecycle }
                var lifecycle = lifecycle
                guard let at = lifecycle.rows.firstIndex(where: { $0.id == row }) else { return lifecycle }
                if case .refuse = lifecycle.rows[at].outcome {
                    lifecycle.rows[at].outcome = .stay
                } else {
                    lifecycle.rows.remove(at: at)
                }
                return lifecycle
            })
    }
}
