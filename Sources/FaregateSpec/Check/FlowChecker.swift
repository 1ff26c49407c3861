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
        let oracle = oracle(flows.graphs[flow].version)
        var first: Explorer?
        for merging in Merging.allCases {
            let explorer = Explorer(flows: flows, number: flow, oracle: oracle, limits: limits, merging: merging)
            explorer.begin(given: flows.graphs[flow].inputs.map { _ in nil }, profile: nil, roots: [], objects: [])
            explorer.run()
            if explorer.isOverBudget {
                first = first ?? explorer
                // Where one look shows too much, nothing that is merged makes it less.
                if explorer.isCrowded { break }
                continue
            }
            return report(explorer)
        }
        // What was found among the first is true; what was not may all the same be there.
        return report(first!)
    }

    private func report(_ explorer: Explorer) -> CheckReport {
        explorer.supposeRefusedCalls()
        explorer.judge()
        let verdict: CheckReport.Verdict
        if explorer.isOverBudget {
            verdict = .notProven(reason: "more than \(limits.configurations) configurations")
        } else {
            verdict = explorer.merging == .nothing ? .proven : .notProven(reason: "merged")
        }
        return CheckReport(
            findings: (Storyteller(explorer).findings(isExact: explorer.merging == .nothing)
                + [doubt(explorer)].compactMap { $0 }).sorted(),
            verdict: verdict, configurations: explorer.configurations.count)
    }

    /// Says so where not everything was looked at.
    private func doubt(_ explorer: Explorer) -> Finding? {
        let flow = explorer.flow
        let what: String
        if explorer.isOverBudget {
            what = "there are too many situations to look at all of them, and there may be more that is wrong"
        } else {
            switch explorer.merging {
            case .nothing: return nil
            case .fields: what = "there are too many situations to tell them apart by what objects' fields hold"
            case .counts: what = "there are too many situations to tell them apart by fields and counted visits"
            }
        }
        return Finding(
            CheckCode.notProven.rawValue, .warning, in: flow.file, at: flow.nameSpan,
            "nothing is proven for '\(flow.name)': \(what)",
            help: "look at fewer objects at a time, or put a part of it into a flow of its own")
    }

    private func oracle(_ version: String) -> RowOracle {
        if let oracle = oracles[version] { return oracle }
        let oracle = RowOracle(catalog: catalog, version: version)
        oracles[version] = oracle
        return oracle
    }
}

/// What situations are not told apart by, where there are too many of them.
enum Merging: Int, CaseIterable, Comparable {
    case nothing
    /// What is known of objects' fields.
    case fields
    /// Counted visits as well.
    case counts

    static func < (a: Merging, b: Merging) -> Bool { a.rawValue < b.rawValue }
}
