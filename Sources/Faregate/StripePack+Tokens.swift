// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateValues
import FaregateVerify

extension StripePack {
    /// What a payment method made from a test token makes actors do, where no scenario says anything.
    var habits: @Sendable (Decision) -> ChoiceWords? {
        { habit($0) }
    }

    /// The test token that makes a scenario's next choices come true, the first one of each actor; "" where the method has none.
    func token(_ bindings: ValueMap, _ scripts: [Cast.Script]) -> String {
        let type = bindings["method"]?.string ?? "card"
        var wanted: [String: String] = [:]
        for script in scripts where ["issuer", "bank"].contains(script.actor) {
            guard wanted[script.actor] == nil, let words = script.lines.first?.words else { continue }
            wanted[script.actor] = words.name + (words.argument.map { " \($0)" } ?? "")
        }
        let candidates = tokens.filter { $0["type"]?.string == type && $0["token"]?.string != nil }
        let fitting = candidates.first { row in
            guard let then = row["then"]?.map, !wanted.isEmpty else { return wanted.isEmpty }
            return wanted.allSatisfy { actor, words in then[actor]?.string == words }
        }
        return (fitting ?? candidates.first)?["token"]?.string ?? ""
    }

    /// Whether a test token of the method makes an actor do exactly this.
    func hasToken(_ inputs: ValueMap, actor: String, words: String) -> Bool {
        let type = inputs["method"]?.string ?? "card"
        return tokens.contains { row in
            row["type"]?.string == type && row["token"]?.string != nil && row["then"]?[actor]?.string == words
        }
    }
}
