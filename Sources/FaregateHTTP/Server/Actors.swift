// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateVerify

/// Who decides in a mock server what the documentation leaves open.
///
/// First what was queued for the next decisions, then a scenario's scripts, then test tokens. Where none of them says anything, a
/// customer waits at the page for somebody to press a button, and everybody else takes the first choice.
struct Actors: Sendable {
    /// By actor, each taken once.
    var queued: [String: [ChoiceWords]] = [:]
    private var scripts: [Script]
    private let habits: @Sendable (Decision) -> ChoiceWords?
    private let time: MockTime

    private struct Script: Sendable {
        var actor: String
        var lines: [ChoiceWords]
        var position = 0
    }

    init(scripts: [Cast.Script], habits: @escaping @Sendable (Decision) -> ChoiceWords?, time: MockTime) {
        self.scripts = scripts.map { Script(actor: $0.actor, lines: $0.lines.map(\.words)) }
        self.habits = habits
        self.time = time
    }

    mutating func decide(_ decision: Decision) -> ChoiceWords {
        if let words = takeQueued(decision) ?? takeScripted(decision) { return timed(words, decision) }
        if let words = habits(decision) { return timed(words, decision) }
        guard decision.actor == "customer" else {
            return timed(ChoiceWords(name: decision.offers.first ?? ""), decision)
        }
        // Nobody has said what the customer does: that is for the page.
        if decision.offers.contains("abandons") { return ChoiceWords(name: "abandons") }
        return ChoiceWords(name: decision.offers.first ?? "", after: Duration(seconds: 100 * 365 * 86400))
    }

    /// What the network does with an event.
    mutating func network() -> ChoiceWords {
        let decision = Decision(
            actor: "network", object: "", lifecycle: "", offers: ["delivers", "overtakes", "repeats", "loses"])
        // A scenario's loss of a call or an answer is none of an event.
        if let words = takeQueued(decision) ?? takeScripted(decision), words.argument == nil { return words }
        return ChoiceWords(name: "delivers")
    }

    private mutating func takeQueued(_ decision: Decision) -> ChoiceWords? {
        guard let words = queued[decision.actor]?.first, decision.offers.contains(words.name) else { return nil }
        queued[decision.actor]?.removeFirst()
        return words
    }

    private mutating func takeScripted(_ decision: Decision) -> ChoiceWords? {
        for number in scripts.indices where scripts[number].actor == decision.actor {
            let script = scripts[number]
            let at = min(script.position, script.lines.count - 1)
            guard at >= 0, decision.offers.contains(script.lines[at].name) else { continue }
            scripts[number].position = at + 1
            return script.lines[at]
        }
        return nil
    }

    /// How long it takes, where time is short or where nobody has said.
    private func timed(_ words: ChoiceWords, _ decision: Decision) -> ChoiceWords {
        guard decision.actor != "customer", decision.actor != "hold" else { return words }
        var words = words
        switch time {
        case .fast:
            let limit = Duration(seconds: decision.actor == "bank" ? 1 : 2)
            if decision.actor == "bank" || words.after != nil { words.after = min(words.after ?? limit, limit) }
        case .real, .manual:
            // Between 15 and 60 s in test mode.
            if decision.actor == "bank", words.after == nil { words.after = Duration(seconds: 20) }
        }
        return words
    }
}
