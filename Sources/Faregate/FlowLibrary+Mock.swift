// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSimulator
package import FaregateSpec
package import FaregateStripe
package import FaregateVerify

extension FlowLibrary {
    /// What a scenario has its actors do, for a mock server. With a matrix, as its first cell says.
    ///
    /// - Returns: what a server can play, and who is left out: what happens in the flow itself, on the way, or to the object
    ///   that a flow knows by some name, a server does not see.
    package func scripts(
        of scenario: String, in flow: String
    ) throws(RunRequestError) -> (played: [Cast.Script], leftOut: [String]) {
        guard let number = flows.number(of: flow) else {
            throw RunRequestError(unknown("flow", flow, among: flows.graphs.map(\.name)))
        }
        let graph = flows.graphs[number]
        guard let found = graph.scenarios.first(where: { $0.name == scenario }) else {
            throw RunRequestError(unknown("scenario", scenario, among: graph.scenarios.map(\.name)))
        }
        let (cases, findings) = expander(of: number).cases(of: found)
        guard let first = cases.first else {
            throw RunRequestError(findings.first?.message ?? "the scenario has no cell")
        }
        let isPlayed = { (script: Cast.Script) in
            script.scope == nil && !["business", "network", "api"].contains(script.actor)
        }
        return (
            first.scripts.filter(isPlayed),
            first.scripts.filter { !isPlayed($0) }.map { ($0.scope.map { $0 + "." } ?? "") + $0.actor }
        )
    }
}

/// The pack of the program, with what test tokens make actors do.
package enum StandardMock {
    package static var pack: StripePack { .standard }
    package static var habits: @Sendable (Decision) -> ChoiceWords? { StripePack.standard.habits }
}
