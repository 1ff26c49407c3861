// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
package import FaregateValues

/// The only reader of a lifecycle's rows.
///
/// The simulator, the interpreter's assertions, the checker and the diagrams ask here and nowhere else, so that they can
/// never disagree about what the documentation allows.
package struct LifecycleGraph: Sendable, Hashable {
    package let lifecycle: Lifecycle
    private let rowsByOperation: [[Int]]
    private let ownMoves: [Int]
    /// Fields of an object that may change without a call: whoever has not read them since knows nothing of them.
    package let ownFields: [String]

    package init(_ lifecycle: Lifecycle) {
        self.lifecycle = lifecycle
        var byOperation = lifecycle.operations.map { _ in [Int]() }
        var moves: [Int] = []
        for (number, row) in lifecycle.rows.enumerated() {
            switch row.trigger {
            case .call(let operation, _): byOperation[operation].append(number)
            case .choice, .clock: moves.append(number)
            }
        }
        rowsByOperation = byOperation
        ownMoves = moves
        var fields = [lifecycle.errorField].compactMap { $0 }
        for row in lifecycle.rows {
            if case .call(let operation, _) = row.trigger, lifecycle.operations[operation].route != nil { continue }
            fields += row.sets.map(\.key)
            fields += row.creates.compactMap { lifecycle.reference(named: $0.reference)?.field }
        }
        ownFields = Set(fields).sorted()
    }

    /// The ids of all rows, in the order of the file.
    package var rowIDs: [String] { lifecycle.rows.map(\.id) }

    /// By the id of a row that cites one: the number of the footnote.
    package var footnotes: [String: Int] {
        lifecycle.rows.reduce(into: [:]) { footnotes, row in footnotes[row.id] = row.footnote }
    }

    /// The calls that no row answers, and that are refused for it: `capture in succeeded`.
    package var refusals: [String] {
        lifecycle.operations.indices.flatMap { operation -> [String] in
            guard lifecycle.operations[operation].route != nil, !rowsByOperation[operation].isEmpty,
                lifecycle.operations[operation].route?.takesID == true
            else { return [] }
            return lifecycle.statuses.indices.filter { status in
                !rowsByOperation[operation].contains { lifecycle.rows[$0].from.contains(status) }
            }.map { lifecycle.refusalName(operation, at: $0) }
        }
    }

    /// A row that is enabled, for certain or perhaps.
    package struct Match: Sendable, Hashable {
        package var row: Lifecycle.Row
        package var certain: Bool
    }

    /// What the documentation has to say on a call.
    package struct Answers: Sendable, Hashable {
        package var matches: [Match]
        /// No row may apply: the call is refused with the lifecycle's default code.
        package var mayBeRefused: Bool
    }

    /// The rows that answer an operation at a status; nil: there is no object yet.
    package func answers(_ operation: Int, from status: Int?, facts: Facts) -> Answers {
        let matches = enabled(rowsByOperation[operation], from: status, facts: facts)
        return Answers(matches: matches, mayBeRefused: !matches.contains { $0.certain })
    }

    /// What can happen by itself at a status.
    package func moves(from status: Int, facts: Facts) -> [Match] {
        enabled(ownMoves, from: status, facts: facts)
    }

    /// What comes of an actor who makes none of the choices that have rows: beside others, the one that takes its time.
    ///
    /// A customer who is sent to another page and neither authorizes nor refuses has abandoned the payment.
    package static func inaction(among rows: [Lifecycle.Row]) -> Lifecycle.Row? {
        rows.count > 1 ? rows.first { $0.after != nil } : nil
    }

    private func enabled(_ rows: [Int], from status: Int?, facts: Facts) -> [Match] {
        rows.compactMap { number in
            let row = lifecycle.rows[number]
            if let status {
                guard row.from.contains(status) else { return nil }
            } else if !row.from.isEmpty {
                return nil
            }
            switch applies(row, facts) {
            case .yes: return Match(row: row, certain: true)
            case .maybe: return Match(row: row, certain: false)
            case .no: return nil
            }
        }
    }

    private func applies(_ row: Lifecycle.Row, _ facts: Facts) -> Facts.Truth {
        if let profile = row.profile, case .string(let given)? = facts.value("profile"), given != profile { return .no }
        if case .string(let version)? = facts.value("version") {
            if let since = row.since, version.prefix(10) < since.prefix(10) { return .no }
            if let before = row.before, version.prefix(10) >= before.prefix(10) { return .no }
        }
        return facts.holds(row.condition)
    }

    // MARK: Whole requests

    /// How one request may end, after all rows that it passes.
    package struct Ending: Sendable, Hashable {
        package enum Answer: Sendable, Hashable {
            case ok
            /// It happened, and the answer is an error; nil: the code is not known here.
            case error(String?)
            /// Nothing happened.
            case refused(String)
        }

        /// The rows taken, first to last; empty for a refusal that no row describes.
        package var rows: [Lifecycle.Row]
        /// Where the object rests; nil: none came into being.
        package var status: Int?
        package var answer: Answer
        package var certain: Bool
        package var rare: Bool { rows.contains { $0.rare } }
    }

    /// All endings of an operation at a status, `then` followed to the end.
    package func endings(_ operation: Int, from status: Int?, facts: Facts) -> [Ending] {
        endings(operation, from: status, facts: facts, taken: [], certain: true)
    }

    private func endings(
        _ operation: Int, from status: Int?, facts: Facts, taken: [Lifecycle.Row], certain: Bool
    ) -> [Ending] {
        // A circle of `then` is the lifecycle check's business; here it only must end.
        guard taken.count < 8 else { return [] }
        let answers = answers(operation, from: status, facts: facts)
        var endings: [Ending] = []
        for match in answers.matches {
            let row = match.row
            let path = taken + [row]
            let sure = certain && match.certain
            switch row.outcome {
            case .refuse(let code):
                endings.append(Ending(rows: path, status: status, answer: .refused(code), certain: sure))
            case .to, .stay:
                let next = if case .to(let target) = row.outcome { Optional(target) } else { status }
                if let then = row.then {
                    endings += self.endings(then, from: next, facts: facts, taken: path, certain: sure)
                } else if let error = row.error {
                    endings.append(
                        Ending(rows: path, status: next, answer: .error(code(error, facts)), certain: sure))
                } else {
                    endings.append(Ending(rows: path, status: next, answer: .ok, certain: sure))
                }
            }
        }
        if answers.mayBeRefused {
            endings.append(
                Ending(
                    rows: taken, status: status, answer: .refused(lifecycle.refusal ?? ""),
                    certain: certain && answers.matches.isEmpty))
        }
        return endings
    }

    package func code(_ error: Template, _ facts: Facts) -> String? {
        if case .string(let code)? = try? error.evaluate({ facts.value($0) }) { return code }
        return nil
    }

    // MARK: Beliefs

    /// All statuses that a set can become by itself, the set included.
    package func closure(_ belief: StatusSet, facts: Facts) -> StatusSet {
        var reached = belief
        var pending = belief.members
        while let status = pending.popLast() {
            for next in ownSuccessors(of: status, facts: facts) where !reached.contains(next) {
                reached.insert(next)
                pending.append(next)
            }
        }
        return reached
    }

    private func ownSuccessors(of status: Int, facts: Facts) -> [Int] {
        moves(from: status, facts: facts).flatMap { match -> [Int] in
            let next = if case .to(let target) = match.row.outcome { target } else { status }
            guard let then = match.row.then else { return [next] }
            return endings(then, from: next, facts: facts).compactMap(\.status)
        }
    }

    /// The statuses that a body can have. Without its own word on it (a PaymentMethod) there may be several.
    package func statuses(of body: Value, version: String) -> StatusSet {
        if let expression = lifecycle.statusExpression {
            guard case .success(.list(let names)) = expression.program.evaluate({ $0 == "object" ? body : nil }) else {
                return StatusSet()
            }
            return StatusSet(names.compactMap { $0.string.flatMap(lifecycle.status(named:)) })
        }
        guard let name = body["status"]?.string else { return StatusSet() }
        return StatusSet([lifecycle.status(named: name, version: version)].compactMap { $0 })
    }
}

extension Lifecycle {
    /// What a refusal without a row is called: `capture in succeeded`.
    package func refusalName(_ operation: Int, at status: Int) -> String {
        "\(operations[operation].name) in \(statuses[status].name)"
    }
}
