// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSpec
import FaregateVerify

/// What scenarios have taken of the documentation and of the flows, and what nobody took.
public struct Coverage: Sendable, Hashable {
    /// One thing that can be taken: a row of a lifecycle, an edge of a flow.
    public struct Item: Sendable, Hashable {
        /// `P61` or `charge -> declined`.
        public var name: String
        public var isTaken: Bool
    }

    /// The rows of one lifecycle, or the edges of one flow.
    public struct Group: Sendable, Hashable {
        public var name: String
        public var items: [Item]

        public var taken: Int { items.count { $0.isTaken } }
        public var missing: [String] { items.filter { !$0.isTaken }.map(\.name) }
    }

    public var lifecycles: [Group]
    public var flows: [Group]

    /// Of all rows and edges, in percent.
    public var percent: Double {
        let all = (lifecycles + flows).flatMap(\.items)
        return all.isEmpty ? 100 : Double(all.count { $0.isTaken }) * 100 / Double(all.count)
    }
}

/// Collects what runs take.
struct CoverageCollector {
    private var rows: Set<String> = []
    private var edges: Set<String> = []

    mutating func add(_ result: CaseResult) {
        rows.formUnion(result.result.rows)
        // States of sub-flows may have the same names: only what the flow's own state decides is its edge.
        var own = ""
        for (_, fact) in result.result.trace.facts {
            switch fact {
            case .entered("", let state, _): own = state
            case .decided(let state, _, let target) where state == own:
                edges.insert("\(result.flow)/\(state) -> \(target)")
            default: break
            }
        }
    }

    func coverage(of flows: FlowSet, _ catalog: Catalog) -> Coverage {
        let lifecycles = catalog.graphs.map { graph in
            Coverage.Group(
                name: graph.lifecycle.name,
                items: graph.rowIDs.map { .init(name: $0, isTaken: rows.contains("\(graph.lifecycle.name) \($0)")) })
        }
        let groups = flows.graphs.map { flow in
            var names: [String] = []
            for state in flow.states {
                for branch in state.branches {
                    guard case .state(let target) = branch.target else { continue }
                    let name = "\(state.name) -> \(flow.states[target].name)"
                    if !names.contains(name) { names.append(name) }
                }
            }
            return Coverage.Group(
                name: flow.name, items: names.map { .init(name: $0, isTaken: edges.contains("\(flow.name)/\($0)")) })
        }
        return Coverage(lifecycles: lifecycles.filter { !$0.items.isEmpty }, flows: groups)
    }
}
