// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
package import FaregateValues

/// What is known when rows are asked: parameters, the object, the method, other objects.
///
/// Facts are three-valued: a simulation knows all of them, a check or an observer may not.
package struct Facts {
    private let lifecycle: Lifecycle
    private let lookup: (String) -> Value?
    /// Facts are asked by many rows and computed once.
    private let known = Known()

    private final class Known { var values: [String: Value] = [:] }

    /// - Parameter lookup: bindings of `params`, `object`, `method`, `profile`, `version` and the lifecycle's references.
    package init(_ lifecycle: Lifecycle, lookup: @escaping (String) -> Value?) {
        self.lifecycle = lifecycle
        self.lookup = lookup
    }

    package func value(_ name: String) -> Value? { value(name, depth: 0) }

    private func value(_ name: String, depth: Int) -> Value? {
        if let bound = lookup(name) { return bound }
        // Facts build on each other; a file that lets them do so in a circle must not hang us.
        guard depth < 16, let fact = lifecycle.facts.first(where: { $0.name == name }) else { return nil }
        if let value = known.values[name] { return value }
        var computed = Value.unknown(name)
        if case .success(let value) = fact.condition.program.evaluate({ value($0, depth: depth + 1) }) {
            computed = value
        }
        known.values[name] = computed
        return computed
    }

    func holds(_ condition: Expression?) -> Truth {
        guard let condition else { return .yes }
        switch condition.program.evaluate({ value($0) }) {
        case .success(.bool(true)): return .yes
        case .success(.bool(false)): return .no
        default: return .maybe
        }
    }

    package enum Truth: Sendable { case yes, no, maybe }
}
