// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// Checks flows against the documented lifecycles of their objects: all cases, all choices of all actors, nothing sent.
///
/// Exact as far as the rows go, with "anything that can happen by itself may happen at any time". Where it assumes more
/// than can happen (conditions over data, durations), its findings say so.
///
/// One checker serves one thread: it remembers what it has found out about the rows.
package final class FlowChecker {
    package struct Limits: Sendable {
        /// Beyond this many configurations, what is known is merged, and findings become "may".
        package var configurations: Int

        package init(configurations: Int = 200_000) { self.configurations = configurations }
    }

    private let flows: FlowSet
    private let catalog: Catalog
    private let limits: Limits
    /// By version of the API: what one flow has asked the rows, others need not ask again.
    private var oracles: [String: RowOracle] = [:]

    package init(flows: FlowSet, catalog: Catalog, limits: Limits = Limits()) {
        self.flows = flows
        self.catalog = catalog
        self.limits = limits
    }

    package func check(_ flow: Int) -> CheckReport {
        // What cannot be read has been reported by who read it.
        guard flows.graphs[flow].states.indices.contains(flows.graphs[flow].initial) else {
            return CheckReport(findings: [], verdict: .notProven(reason: "there are no states"), configurations: 0)
        }
        var searched = 0
        let oracle = oracle(flows.graphs[flow].version)
        for merging in 0...2 {
            let explorer = Explorer(flows: flows, number: flow, oracle: oracle, limits: limits, merging: merging)
            explorer.begin(given: flows.graphs[flow].inputs.map { _ in nil }, profile: nil, roots: [], objects: [])
            explorer.run()
            searched = explorer.configurations.count
            if explorer.isOverBudget, merging < 2 { continue }
            explorer.supposeRefusedCalls()
            explorer.judge()
            let isExact = merging == 0 && !explorer.isOverBudget
            let verdict: CheckReport.Verdict
            if explorer.isOverBudget {
                verdict = .notProven(reason: "more than \(limits.configurations) configurations")
            } else {
                verdict = isExact ? .proven : .notProven(reason: "merged")
            }
            return CheckReport(
                findings: Storyteller(explorer).findings(isExact: isExact), verdict: verdict,
                configurations: explorer.configurations.count)
        }
        return CheckReport(findings: [], verdict: .notProven(reason: "not finished"), configurations: searched)
    }

    private func oracle(_ version: String) -> RowOracle {
        if let oracle = oracles[version] { return oracle }
        let oracle = RowOracle(catalog: catalog, version: version)
        oracles[version] = oracle
        return oracle
    }
}
