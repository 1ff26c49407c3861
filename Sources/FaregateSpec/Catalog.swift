// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
package import FaregateValues

/// What flows are read against: the lifecycles of a pack, its payment methods, its newest version.
package struct Catalog: Sendable {
    package let graphs: [LifecycleGraph]
    /// All types of events that some row sends.
    package let eventTypes: [String]
    /// The statuses that rows of other lifecycles may put an object into.
    private let moved: [String: StatusSet]
    /// The table of payment methods by type, as `methods` in expressions.
    package var methods: Value
    package var currencies: Value
    package var version: String
    /// The type of payment method that each test token stands for.
    package var tokenTypes: [String: String]
    /// Test tokens of bank accounts that need no microdeposits any more.
    package var verifiedTokens: Set<String>
    /// Today's names of parameters by the names that they had in older versions.
    package var formerParams: [String: String]
    package var errors: ErrorWords
    /// The words that follow the date in names of versions: `dahlia`.
    package var releases: [String]
    /// Fields that are points in time, by lifecycle: seconds on the wire, timestamps in expressions.
    package var times: [String: Set<String>]
    /// The parameters of a route by its name, `payment_intent.create`; nil where nothing is known of it.
    package var parameters: @Sendable (_ route: String) -> [String: ParameterShape]?

    package init(
        lifecycles: [Lifecycle], methods: Value, currencies: Value, version: String,
        tokenTypes: [String: String] = [:], verifiedTokens: Set<String> = [], formerParams: [String: String] = [:],
        errors: ErrorWords = ErrorWords(), releases: [String] = [],
        times: [String: Set<String>] = [:],
        parameters: @escaping @Sendable (String) -> [String: ParameterShape]? = { _ in nil }
    ) {
        graphs = lifecycles.map(LifecycleGraph.init)
        eventTypes = Set(lifecycles.flatMap(\.rows).flatMap(\.events)).sorted()
        moved = Dictionary(lifecycles.map { ($0.name, Self.moved($0, by: lifecycles)) }) { first, _ in first }
        self.methods = methods
        self.currencies = currencies
        self.version = version
        self.tokenTypes = tokenTypes
        self.verifiedTokens = verifiedTokens
        self.formerParams = formerParams
        self.errors = errors
        self.errors.codes += lifecycles.flatMap(\.errorCodes)
        self.releases = releases
        self.times = times
        self.parameters = parameters
    }

    package var names: [String] { graphs.map(\.lifecycle.name) }

    package func number(of lifecycle: String) -> Int? { graphs.firstIndex { $0.lifecycle.name == lifecycle } }

    package func graph(named name: String) -> LifecycleGraph? { number(of: name).map { graphs[$0] } }

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
    package func movedByOthers(_ lifecycle: String) -> StatusSet { moved[lifecycle] ?? StatusSet() }

    private static func moved(_ own: Lifecycle, by lifecycles: [Lifecycle]) -> StatusSet {
        var moved = StatusSet()
        for lifecycle in lifecycles {
            for effect in lifecycle.rows.flatMap({ $0.also + $0.creates })
            where lifecycle.reference(named: effect.reference)?.lifecycle == own.name {
                if let status = own.status(named: effect.status) { moved.insert(status) }
            }
        }
        return moved
    }
}
