// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateValues

/// One way in which a request or a move may end, in terms of no particular object.
struct RowOutcome: Hashable {
    enum Step: Hashable {
        /// A row makes an object and writes its id into a field.
        case create(reference: String, status: String, Facts.Truth)
        /// A row moves another object.
        case move(reference: String, status: String, Facts.Truth)
        case set(field: String, Value)
    }

    /// The rows taken, first to last.
    var rows: [String]
    var status: Int?
    var answer: LifecycleGraph.Ending.Answer
    var certain: Bool
    var rare: Bool
    var steps: [Step]
    /// For a move: whose choice it was, or nil where only time passed.
    var choice: Lifecycle.Choice?
    /// For a move: it only comes about after some time.
    var isTimed = false
    /// For a move by a clock: how long it takes, where that is known.
    var delay: Duration?
    /// The condition of the first row that nobody can decide here.
    var assumption: String?
    /// A refusal because of amounts and other data, which are not looked at here: it may be caught, and nobody has to.
    var hangsOnData = false

    var isRefused: Bool { if case .refused = answer { true } else { false } }
}

extension RowOutcome {
    /// Stands for an error of which nothing is known but that there is one.
    static let someError: Value = "error"

    /// Nil where another row is sure to apply.
    init?(_ ending: LifecycleGraph.Ending, of lifecycle: Lifecycle, _ facts: Facts) {
        let undecided = ending.rows.first { facts.holds($0.condition) == .maybe }?.condition
        var hangsOnData = false
        if case .refused = ending.answer, !ending.certain {
            // Rows that cannot be decided here exclude each other: one of them will apply.
            guard case .refuse? = ending.rows.last?.outcome, let undecided else { return nil }
            hangsOnData = undecided.program.evaluate { facts.value($0) } != .success(.unknown("method"))
        }
        self.init(
            rows: ending.rows.map(\.id), status: ending.status, answer: ending.answer, certain: ending.certain,
            rare: ending.rare, steps: ending.rows.flatMap { Self.steps($0, of: lifecycle, facts) },
            assumption: undecided?.source, hangsOnData: hangsOnData)
    }

    /// What a move may come to, with what follows from it at once.
    static func outcomes(
        of match: LifecycleGraph.Match, from status: Int, _ graph: LifecycleGraph, _ facts: Facts
    ) -> [RowOutcome] {
        let row = match.row
        let choice: Lifecycle.Choice? = if case .choice(let choice) = row.trigger { choice } else { nil }
        let next = if case .to(let target) = row.outcome { target } else { status }
        let assumption = match.certain ? nil : row.condition?.source
        let delay = delay(row, facts)
        guard let then = row.then else {
            return [
                RowOutcome(
                    rows: [row.id], status: next, answer: .ok, certain: match.certain, rare: row.rare,
                    steps: steps(row, of: graph.lifecycle, facts), choice: choice, isTimed: row.after != nil,
                    delay: delay, assumption: assumption)
            ]
        }
        return graph.endings(then, from: next, facts: facts).compactMap { ending in
            guard var outcome = RowOutcome(ending, of: graph.lifecycle, facts) else { return nil }
            outcome.rows.insert(row.id, at: 0)
            outcome.steps = steps(row, of: graph.lifecycle, facts) + outcome.steps
            outcome.choice = choice
            outcome.isTimed = row.after != nil
            outcome.delay = delay
            outcome.rare = outcome.rare || row.rare
            outcome.certain = outcome.certain && match.certain
            outcome.assumption = assumption ?? outcome.assumption
            return outcome
        }
    }

    private static func delay(_ row: Lifecycle.Row, _ facts: Facts) -> Duration? {
        switch try? row.after?.evaluate({ facts.value($0) }) {
        case .duration(let delay)?: delay
        case .string(let text)?: Duration.parse(text)
        default: nil
        }
    }

    private static func steps(_ row: Lifecycle.Row, of lifecycle: Lifecycle, _ facts: Facts) -> [RowOutcome.Step] {
        // Whoever refuses changes nothing, and the error of an earlier attempt stays.
        if case .refuse = row.outcome { return [] }
        var steps: [RowOutcome.Step] = []
        for effect in row.creates {
            let truth = facts.holds(effect.condition)
            if truth != .no { steps.append(.create(reference: effect.reference, status: effect.status, truth)) }
        }
        for effect in row.also {
            let truth = facts.holds(effect.condition)
            if truth != .no { steps.append(.move(reference: effect.reference, status: effect.status, truth)) }
        }
        for member in row.sets {
            let value = (try? member.value.evaluate { facts.value($0) }) ?? .unknown(member.key)
            steps.append(.set(field: member.key, value))
        }
        // The last attempt's error stands in the object until something else happens to it.
        if let field = lifecycle.errorField {
            if row.error != nil {
                steps.append(.set(field: field, Self.someError))
            } else if row.then == nil {
                steps.append(.set(field: field, .null))
            }
        }
        return steps
    }
}
