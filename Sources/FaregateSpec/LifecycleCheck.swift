// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
package import FaregateText
import FaregateValues

/// Proves that a lifecycle's rows never contradict each other: at any point one row is enabled, or one actor's choices.
///
/// Two conditions are held against each other by trying the values that they name, one fact at a time; what is not tried
/// yet is unknown, so most of the tree is cut off early.
package struct LifecycleCheck {
    private let lifecycle: Lifecycle
    private let sources: [String]

    package init(_ lifecycle: Lifecycle) {
        self.lifecycle = lifecycle
        sources = lifecycle.facts.map(\.condition.source) + lifecycle.rows.compactMap { $0.condition?.source }
    }

    /// What is wrong with the lifecycle: overlapping rows, references nobody has, operations without rows.
    package func findings(among names: [String]) -> [Finding] {
        var findings: [Finding] = []
        for reference in lifecycle.references where !names.contains(reference.lifecycle) {
            findings.append(
                Finding(
                    SpecCode.unknownLifecycle.rawValue, in: lifecycle.file, at: .top,
                    "the reference '\(reference.name)' names the unknown lifecycle '\(reference.lifecycle)'"))
        }
        for (number, row) in lifecycle.rows.enumerated() {
            for other in lifecycle.rows[(number + 1)...] {
                guard mayMeet(row, other), let witness = overlap(row, other) else { continue }
                findings.append(
                    Finding(
                        SpecCode.overlappingRows.rawValue, in: lifecycle.file, at: other.span,
                        "\(row.id) and \(other.id) may both be enabled",
                        notes: ["for example when \(witness.isEmpty ? "anything holds" : witness)"],
                        help: "make their conditions exclude each other"))
            }
        }
        return findings
    }

    /// Whether both rows answer the same question at the same point.
    private func mayMeet(_ a: Lifecycle.Row, _ b: Lifecycle.Row) -> Bool {
        guard !a.from.intersection(b.from).isEmpty || (a.from.isEmpty && b.from.isEmpty) else { return false }
        if let profile = a.profile, let other = b.profile, profile != other { return false }
        switch (a.trigger, b.trigger) {
        case (.call(let x, let first), .call(let y, let second)):
            guard x == y else { return false }
            guard let first, let second else { return true }
            return first.actor != second.actor || first == second
        case (.choice(let x), .choice(let y)): return x == y
        default: return false
        }
    }

    /// Values of facts under which both rows are enabled; nil: there are none.
    private func overlap(_ a: Lifecycle.Row, _ b: Lifecycle.Row) -> String? {
        let conditions = [a.condition, b.condition].compactMap { $0 }
        // Facts as they stand, each free of the others: what excludes itself so needs no closer look.
        var named: [String] = []
        for condition in conditions {
            for reference in condition.program.references where !named.contains(reference.name) {
                named.append(reference.name)
            }
        }
        guard search(conditions, named, [:]) != nil else { return nil }
        var variables: [String] = []
        for condition in conditions { collect(condition, into: &variables, depth: 0) }
        // Plain fields first; a fact is tried only where its fields do not decide it.
        let fields = variables.filter { name in !lifecycle.facts.contains { $0.name == name } }
        let facts = variables.filter { !fields.contains($0) }
        return search(conditions, fields + facts, [:])
    }

    private func collect(_ condition: Expression, into variables: inout [String], depth: Int) {
        guard depth < 8 else { return }
        for reference in condition.program.references {
            let name = reference.name
            if let fact = lifecycle.facts.first(where: { $0.name == name }) {
                collect(fact.condition, into: &variables, depth: depth + 1)
            }
            if !variables.contains(name) { variables.append(name) }
        }
    }

    private func search(_ conditions: [Expression], _ variables: [String], _ assigned: [String: Value]) -> String? {
        let facts = Facts(lifecycle) { name in
            if let value = assigned[name] { return value }
            return lifecycle.facts.contains { $0.name == name } ? nil : .unknown(name)
        }
        let truths = conditions.map { facts.holds($0) }
        if truths.contains(.no) { return nil }
        if truths.allSatisfy({ $0 == .yes }) {
            let named = assigned.filter { entry in variablesMatter(entry.key, conditions) }
            return named.sorted { $0.key < $1.key }.map { "\($0.key) is \(JSON.write($0.value))" }.joined(
                separator: ", ")
        }
        guard let variable = variables.first else { return nil }
        let rest = Array(variables.dropFirst())
        switch facts.value(variable) {
        case .unknown?, nil: break
        default: return search(conditions, rest, assigned)
        }
        for value in domain(variable) {
            var next = assigned
            next[variable] = value
            if let witness = search(conditions, rest, next) { return witness }
        }
        return nil
    }

    private func variablesMatter(_ name: String, _ conditions: [Expression]) -> Bool {
        conditions.contains { $0.source.contains(name) } || name.contains(".")
    }

    /// A reference as a whole is there or not; everything else is one of the values that the file names, or another one.
    private func domain(_ variable: String) -> [Value] {
        if lifecycle.reference(named: variable) != nil { return [.null, .map([:])] }
        var values: [Value] = [true, false, .null, "\u{1}"]
        for source in sources where source.contains(variable) {
            for text in Self.quoted(source) where !values.contains(.string(text)) { values.append(.string(text)) }
        }
        return values
    }

    private static func quoted(_ source: String) -> [String] {
        let parts = source.split(separator: "'", omittingEmptySubsequences: false)
        return parts.enumerated().compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
    }
}

extension Reference {
    fileprivate var name: String { path.joined(separator: ".") }
}
