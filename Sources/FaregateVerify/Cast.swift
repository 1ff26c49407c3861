// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSimulator
package import FaregateSpec
package import FaregateValues

/// The actors of one run, with what a scenario says they do.
///
/// Decisions are taken from each script in order, and its last line repeats. A line that is not on offer is kept for a
/// decision that offers it; meanwhile the default is taken.
package final class Cast {
    package struct Script: Sendable, Hashable {
        package var actor: String
        package var scope: String?
        package var lines: [Line]

        package init(actor: String, scope: String? = nil, lines: [Line]) {
            self.actor = actor
            self.scope = scope
            self.lines = lines
        }
    }

    package struct Line: Sendable, Hashable {
        package var words: ChoiceWords
        package var payload: Template?

        package init(words: ChoiceWords, payload: Template? = nil) {
            self.words = words
            self.payload = payload
        }
    }

    private let scripts: [Script]
    private var positions: [Int]
    /// Which lines were ever taken, by script.
    package private(set) var taken: [Set<Int>]
    /// Every decision and what was chosen, in order.
    package private(set) var decisions: [Verdict] = []
    /// The rows that the world has taken.
    package private(set) var rows: Set<String> = []

    func notice(_ lifecycle: String, _ row: String) { rows.insert("\(lifecycle) \(row)") }

    /// How far the trace had come, for decisions taken now.
    var mark = 0

    /// What one actor chose, and when.
    package struct Verdict: Sendable, Hashable {
        package var decision: Decision
        package var words: ChoiceWords
        package var isScripted: Bool
        /// The number of the trace's entry that it led to.
        package var entry: Int
        package var at: Instant
    }

    /// The world's clock, for decisions taken now.
    var clock = Instant(milliseconds: 0)
    /// Names that scopes may use at present: the state, the states that sub-runs began in.
    var places: [String] = []
    /// The names of objects by id.
    var names: [String: String] = [:]
    /// What the present call is about to make: its lifecycle and what the flow calls it.
    var making: (lifecycle: String, name: String)?
    /// What test tokens make actors do where no script says anything.
    private let habits: (Decision) -> ChoiceWords?

    init(scripts: [Script], habits: @escaping (Decision) -> ChoiceWords? = { _ in nil }) {
        self.scripts = scripts
        positions = scripts.map { _ in 0 }
        taken = scripts.map { _ in [] }
        self.habits = habits
    }

    /// The scripts as they go on from here.
    var upcoming: [Script] {
        scripts.enumerated().map { number, script in
            var rest = script
            rest.lines = Array(script.lines.dropFirst(min(positions[number], max(0, script.lines.count - 1))))
            return rest
        }
    }

    /// What an actor of a lifecycle does.
    func decide(_ decision: Decision) -> ChoiceWords {
        let isNew = names[decision.object] == nil && making?.lifecycle == decision.lifecycle
        let scopes = places + [isNew ? making?.name : names[decision.object]].compactMap { $0 }
        let scripted = line(of: decision.actor, scopes: scopes) { decision.offers.contains($0.words.name) }?.words
        let words = scripted ?? habits(decision) ?? ChoiceWords(name: decision.offers.first ?? "")
        decisions.append(
            Verdict(decision: decision, words: words, isScripted: scripted != nil, entry: mark, at: clock))
        return words
    }

    /// What the business does when a state listens for signals; nil: nothing.
    func business(_ signals: [String]) -> Line? {
        line(of: "business", scopes: places) { signals.contains($0.words.name) }
    }

    /// What the network does with an event.
    func delivery() -> ChoiceWords {
        line(of: "network", scopes: places) { $0.words.argument == nil }?.words ?? ChoiceWords(name: "delivers")
    }

    /// What the network does with a call: nil lets it through.
    func loss() -> String? {
        line(of: "network", scopes: places) { $0.words.name == "loses" && $0.words.argument != nil }?.words.argument
    }

    /// What the provider's servers do with a request: nil lets them answer.
    func outage() -> ChoiceWords? { line(of: "api", scopes: places) { _ in true }?.words }

    private func line(of actor: String, scopes: [String], fits: (Line) -> Bool) -> Line? {
        for (number, script) in scripts.enumerated() where script.actor == actor {
            if let scope = script.scope, !scopes.contains(scope) { continue }
            if script.scope == nil, isNarrowed(actor, scopes) { continue }
            guard !script.lines.isEmpty else { continue }
            let at = min(positions[number], script.lines.count - 1)
            guard fits(script.lines[at]) else { continue }
            positions[number] = at + 1
            taken[number].insert(at)
            return script.lines[at]
        }
        return nil
    }

    private func isNarrowed(_ actor: String, _ scopes: [String]) -> Bool {
        scripts.contains { $0.actor == actor && $0.scope.map { scopes.contains($0) } == true }
    }
}
