// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
package import FaregateValues

/// What can be brought about where the world is not ours: by test tokens, and by what the driver does itself.
package struct LiveStage: Sendable {
    /// Whether somebody goes to the pages that customers are sent to.
    package var hasCustomer: Bool
    /// How long a wait may take: what the business does later than that is out of reach.
    package var patience = Duration(seconds: 150)
    /// Whether a test token makes an actor do exactly this.
    package var hasToken: @Sendable (_ inputs: ValueMap, _ actor: String, _ words: String) -> Bool
    /// What actors do, the first being what they do of their own accord.
    package var offers: [String: [String]]

    package init(
        hasCustomer: Bool, offers: [String: [String]],
        hasToken: @escaping @Sendable (_ inputs: ValueMap, _ actor: String, _ words: String) -> Bool
    ) {
        self.hasCustomer = hasCustomer
        self.offers = offers
        self.hasToken = hasToken
    }

    /// Those whose choices test tokens stand for.
    static let tokenActors = ["issuer", "bank"]

    /// Why a case cannot be brought about; nil where it can.
    package func obstacle(_ item: ScenarioCase, in flow: FlowGraph) -> String? {
        if let profile = item.scenario.profile, profile != "documented" {
            return "the profile '\(profile)' is one of the built-in mock"
        }
        for script in item.scripts {
            if let reason = obstacle(script, item, flow) { return reason }
        }
        return Self.tokenActors.lazy.compactMap { inTurn($0, item) }.first
    }

    /// One token among the inputs makes an actor do one thing, whichever call it is asked at.
    private func inTurn(_ actor: String, _ item: ScenarioCase) -> String? {
        let tokens = tokens(of: item.scenario)
        guard tokens.atStart, !tokens.later else { return nil }
        let words = item.scripts.filter { $0.actor == actor }.map(words)
        return Set(words).count > 1
            ? "no test token makes the \(actor) do one thing after the other: '\(words.joined(separator: ", "))'" : nil
    }

    private func obstacle(_ script: Cast.Script, _ item: ScenarioCase, _ flow: FlowGraph) -> String? {
        let actor = script.actor
        let usual = offers[actor]?.first
        switch actor {
        case "business":
            let late = script.lines.first { $0.words.after.map { $0 > patience } ?? false }
            return late.map { "the business \($0.words.text): real time is not ours" }
        case "network":
            return script.lines.allSatisfy { $0.words.name == "delivers" && $0.words.after == nil }
                ? nil : "the network is not ours: '\(words(script))'"
        case "customer":
            if let late = script.lines.first(where: { $0.words.after != nil }) {
                return "the customer \(late.words.text): real time is not ours"
            }
            return hasCustomer || script.lines.allSatisfy { $0.words.name == "abandons" }
                ? nil : "nobody plays the customer (--customer auto or prompt)"
        default: break
        }
        if let late = script.lines.first(where: { $0.words.after != nil }) {
            return "the \(actor) \(late.words.text): real time is not ours"
        }
        let isUsual = script.lines.allSatisfy { $0.words.name == usual && $0.words.argument == nil }
        guard Self.tokenActors.contains(actor) else {
            return isUsual ? nil : "nothing makes the \(actor) do this: '\(words(script))'"
        }
        if isUsual { return nil }
        let tokens = tokens(of: item.scenario)
        guard tokens.atStart || tokens.later else {
            return "nothing makes the \(actor) do this: '\(words(script))' (the payment method is no $test.token)"
        }
        guard script.lines.count == 1 || tokens.later else {
            return "no test token makes the \(actor) do one thing after the other: '\(words(script))'"
        }
        for line in script.lines where !hasToken(item.inputs, actor, line.words.text) {
            return "no test token makes the \(actor) do this: '\(line.words.text)'"
        }
        return nil
    }

    private func words(_ script: Cast.Script) -> String { script.lines.map(\.words.text).joined(separator: ", ") }

    /// Where a scenario takes the payment method that makes the next choice come true.
    private func tokens(of scenario: Scenario) -> (atStart: Bool, later: Bool) {
        (
            scenario.inputs.contains { $0.value.uses("test") },
            scenario.scripts.contains { $0.choices.contains { $0.payload?.uses("test") ?? false } }
        )
    }
}
