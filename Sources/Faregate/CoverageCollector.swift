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

    init(_ flows: FlowSet, _ catalog: Catalog) {
        self.flows = flows
        self.catalog = catalog
    }

    mutating func add(_ result: CaseResult) {
        let scenario = "\(result.flow): \(result.title)"
        for name in names(result) { taken[name, default: []].append(scenario) }
    }

    private func names(_ result: CaseResult) -> Set<String> {
        // The world names rows, and refusals that no row describes, after their lifecycle.
        var names = result.result.rows
        for verdict in result.result.decisions where verdict.decision.offers.contains(verdict.words.name) {
            let decision = verdict.decision
            names.insert("\(decision.lifecycle) \(decision.actor) \(verdict.words.name)")
        }
        let version = result.result.run.version
        for graph in catalog.graphs {
            let lifecycle = graph.lifecycle
            let rows = graph.rowIDs.filter { names.contains("\(lifecycle.name) \($0)") }
            for footnote in graph.footnotes(of: Set(rows)) { names.insert("\(lifecycle.name) footnote \(footnote)") }
            // A status with other names in older versions, seen by one of them.
            for (number, status) in lifecycle.statuses.enumerated() {
                guard let footnote = status.footnote, status.name(in: version) != status.name,
                    result.result.trace.facts.contains(where: { $0.1.shows(lifecycle.statuses[number].name) })
                else { continue }
                names.insert("\(lifecycle.name) footnote \(footnote)")
            }
        }
        // States of sub-flows may have the same names: only what the flow's own state decides is its edge.
        var own = ""
        for (_, fact) in result.result.trace.facts {
            switch fact {
            case .entered("", let state, _): own = state
            case .decided(let state, _, let target) where state == own:
                names.insert("\(result.flow)/\(state) -> \(target)")
            default: break
            }
        }
        return names
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

extension Fact {
    /// Whether a run saw a status.
    fileprivate func shows(_ status: String) -> Bool {
        if case .observed(_, _, let seen) = self { seen == status } else { false }
    }
}
