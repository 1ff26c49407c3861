// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSimulator
import FaregateSpec
import FaregateVerify

/// Collects what runs take.
struct CoverageCollector {
    private let flows: FlowSet
    private let catalog: Catalog
    /// The scenarios that took a thing, by its name.
    private var taken: [String: [String]] = [:]
    /// By the name of a row.
    private let footnotes: [String: String]

    init(_ flows: FlowSet, _ catalog: Catalog) {
        self.flows = flows
        self.catalog = catalog
        var footnotes: [String: String] = [:]
        for graph in catalog.graphs {
            let name = graph.lifecycle.name
            for (row, footnote) in graph.footnotes { footnotes["\(name) \(row)"] = "\(name) footnote \(footnote)" }
        }
        self.footnotes = footnotes
    }

    mutating func add(_ result: CaseResult) {
        let scenario = "\(result.flow): \(result.title)"
        for name in names(result) { taken[name, default: []].append(scenario) }
    }

    private func names(_ result: CaseResult) -> Set<String> {
        // The world names rows, and refusals that no row describes, after their lifecycle.
        var names = result.result.rows
        names.formUnion(names.compactMap { footnotes[$0] })
        for verdict in result.result.decisions where verdict.decision.offers.contains(verdict.words.name) {
            let decision = verdict.decision
            names.insert("\(decision.lifecycle) \(decision.actor) \(verdict.words.name)")
        }
        let renamed = renamed(in: result.result.run.version)
        // States of sub-flows may have the same names: only what the flow's own state decides is its edge.
        var own = ""
        for fact in result.result.trace.entries.lazy.flatMap(\.facts) {
            switch fact {
            case .entered("", let state, _): own = state
            case .decided(let state, _, let target) where state == own:
                names.insert("\(result.flow)/\(state) -> \(target)")
            case .observed(_, _, let status): names.formUnion(renamed[status] ?? [])
            default: break
            }
        }
        return names
    }

    /// Statuses that have other names in a version, each with the footnotes that say so.
    private func renamed(in version: String) -> [String: [String]] {
        var renamed: [String: [String]] = [:]
        for lifecycle in catalog.graphs.map(\.lifecycle) {
            for status in lifecycle.statuses where status.name(in: version) != status.name {
                guard let footnote = status.footnote else { continue }
                renamed[status.name, default: []].append("\(lifecycle.name) footnote \(footnote)")
            }
        }
        return renamed
    }

    func coverage() -> Coverage {
        var coverage = Coverage()
        for graph in catalog.graphs {
            let lifecycle = graph.lifecycle
            coverage.lifecycles.append(group(lifecycle.name, graph.rowIDs))
            let footnotes = lifecycle.footnoteTexts.keys.sorted().map { "footnote \($0)" }
            coverage.footnotes.append(group(lifecycle.name, footnotes))
            coverage.refusals.append(group(lifecycle.name, graph.refusals))
            let choices = lifecycle.actors.flatMap { actor in actor.choices.map { "\(actor.name) \($0)" } }
            coverage.choices.append(group(lifecycle.name, choices))
        }
        coverage.flows = flows.graphs.map(edges)
        coverage.lifecycles.removeAll(where: \.items.isEmpty)
        coverage.footnotes.removeAll(where: \.items.isEmpty)
        coverage.refusals.removeAll(where: \.items.isEmpty)
        coverage.choices.removeAll(where: \.items.isEmpty)
        return coverage
    }

    private func edges(_ flow: FlowGraph) -> Coverage.Group {
        var names: [String] = []
        for state in flow.states {
            for branch in state.branches {
                guard case .state(let target) = branch.target else { continue }
                let name = "\(state.name) -> \(flow.states[target].name)"
                if !names.contains(name) { names.append(name) }
            }
        }
        return group(flow.name, names, separator: "/")
    }

    private func group(_ name: String, _ items: [String], separator: String = " ") -> Coverage.Group {
        Coverage.Group(name: name, items: items.map { .init(name: $0, scenarios: taken[name + separator + $0] ?? []) })
    }
}
