// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
package import FaregateValues

/// What flows are read against: the lifecycles of a pack, its payment methods, its newest version.
package struct Catalog: Sendable {
    package var graphs: [LifecycleGraph]
    /// The table of payment methods by type, as `methods` in expressions.
    package var methods: Value
    package var currencies: Value
    package var version: String
    /// The type of payment method that each test token stands for.
    package var tokenTypes: [String: String]
    /// Today's names of parameters by the names that they had in older versions.
    package var formerParams: [String: String]

    package init(
        lifecycles: [Lifecycle], methods: Value, currencies: Value, version: String,
        tokenTypes: [String: String] = [:], formerParams: [String: String] = [:]
    ) {
        graphs = lifecycles.map(LifecycleGraph.init)
        self.methods = methods
        self.currencies = currencies
        self.version = version
        self.tokenTypes = tokenTypes
        self.formerParams = formerParams
    }

    package var names: [String] { graphs.map(\.lifecycle.name) }

    package func number(of lifecycle: String) -> Int? { graphs.firstIndex { $0.lifecycle.name == lifecycle } }

    package func graph(named name: String) -> LifecycleGraph? { number(of: name).map { graphs[$0] } }

    /// All types of events that some row sends.
    package var eventTypes: [String] {
        var types: [String] = []
        for graph in graphs {
            for row in graph.lifecycle.rows {
                for type in row.events where !types.contains(type) { types.append(type) }
            }
        }
        return types.sorted()
    }

    /// All actors and their choices, the network's and the business' not among them.
    package var actors: [String: [String]] {
        var actors: [String: [String]] = [:]
        for graph in graphs {
            for actor in graph.lifecycle.actors {
                for choice in actor.choices where actors[actor.name]?.contains(choice) != true {
                    actors[actor.name, default: []].append(choice)
                }
            }
        }
        return actors
    }

    /// The statuses of a lifecycle that a row of another one may put its objects into.
    package func movedByOthers(_ lifecycle: String) -> StatusSet {
        guard let own = graph(named: lifecycle)?.lifecycle else { return StatusSet() }
        var moved = StatusSet()
        for graph in graphs {
            for row in graph.lifecycle.rows {
                for effect in row.also + row.creates
                where graph.lifecycle.reference(named: effect.reference)?.lifecycle == lifecycle {
                    if let status = own.status(named: effect.status) { moved.insert(status) }
                }
            }
        }
        return moved
    }
}
