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
        let rows = Dictionary(
            tokens.compactMap { row in row["token"]?.string.map { ($0, row) } }, uniquingKeysWith: { a, _ in a })
        return { decision in
            guard let token = decision.token, let row = rows[token] else { return nil }
            let column = decision.lifecycle == "setup_intent" ? row["setup"] ?? row["then"] : row["then"]
            let habit = column?[decision.actor]
            // The second of two choices is what follows the first: after a challenge.
            let text = habit?.list.map { decision.offers.contains("challenges") ? $0.first : $0.last } ?? habit
            guard case .success(let words)? = text?.string.map(ChoiceWords.read), decision.offers.contains(words.name)
            else { return nil }
            return words
        }
    }

    /// The test token that makes a scenario's first choices come true; "" where the method has none.
    func token(_ bindings: ValueMap, _ scripts: [Cast.Script]) -> String {
        let type = bindings["method"]?.string ?? "card"
        var wanted: [String: String] = [:]
        for script in scripts where ["issuer", "bank"].contains(script.actor) {
            guard let words = script.lines.first?.words else { continue }
            wanted[script.actor] = words.name + (words.argument.map { " \($0)" } ?? "")
        }
        let candidates = tokens.filter { $0["type"]?.string == type && $0["token"]?.string != nil }
        let fitting = candidates.first { row in
            guard let then = row["then"]?.map, !wanted.isEmpty else { return wanted.isEmpty }
            return wanted.allSatisfy { actor, words in then[actor]?.string == words }
        }
        return (fitting ?? candidates.first)?["token"]?.string ?? ""
    }
}
