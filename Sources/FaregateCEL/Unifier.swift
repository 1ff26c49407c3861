// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Finds out what type variables stand for.
struct Unifier {
    private var bindings: [Int: CELType] = [:]
    private var count = 0

    mutating func fresh() -> CELType {
        count += 1
        return .variable(count)
    }

    /// A type with all that is known of its variables.
    func resolve(_ type: CELType) -> CELType {
        switch type {
        case .variable(let number): bindings[number].map(resolve) ?? type
        case .list(let item): .list(resolve(item))
        case .map(let key, let value): .map(resolve(key), resolve(value))
        case .optional(let inner): .optional(resolve(inner))
        case .type(let inner): .type(resolve(inner))
        default: type
        }
    }

    /// A type without variables: what is still open may be anything.
    func close(_ type: CELType) -> CELType {
        switch resolve(type) {
        case .variable: .dyn
        case .list(let item): .list(close(item))
        case .map(let key, let value): .map(close(key), close(value))
        case .optional(let inner): .optional(close(inner))
        case .type(let inner): .type(close(inner))
        case let other: other
        }
    }

    /// Whether one type can stand where the other is asked for; learns about variables on the way.
    mutating func unify(_ a: CELType, _ b: CELType) -> Bool {
        switch (resolve(a), resolve(b)) {
        case (let x, let y) where x == y: return true
        case (.error, _), (_, .error): return true
        case (.variable(let number), let other), (let other, .variable(let number)):
            guard !occurs(number, in: other) else { return false }
            bindings[number] = other
            return true
        case (.dyn, _), (_, .dyn): return true
        case (.list(let x), .list(let y)), (.optional(let x), .optional(let y)): return unify(x, y)
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            return unify(key, otherKey) && unify(value, otherValue)
        // A type as a value is compared with any other.
        case (.type, .type): return true
        case (.map(let key, let value), .record), (.record, .map(let key, let value)):
            guard unify(key, .string) else { return false }
            if case .variable = resolve(value) { return unify(value, .dyn) }
            return true
        case (.record, .record): return true
        case (.null, .timestamp), (.timestamp, .null), (.null, .duration), (.duration, .null): return true
        default: return false
        }
    }

    private func occurs(_ number: Int, in type: CELType) -> Bool {
        switch resolve(type) {
        case .variable(let other): other == number
        case .list(let inner), .optional(let inner), .type(let inner): occurs(number, in: inner)
        case .map(let key, let value): occurs(number, in: key) || occurs(number, in: value)
        default: false
        }
    }

    /// The type of a place where both types occur: of items of a list, of branches.
    mutating func join(_ a: CELType, _ b: CELType) -> CELType {
        let before = self
        if unify(a, b) { return general(resolve(a), resolve(b)) }
        self = before
        return .dyn
    }

    private func general(_ a: CELType, _ b: CELType) -> CELType {
        switch (a, b) {
        case (let x, let y) where x == y: x
        case (.error, let other), (let other, .error): other
        case (.dyn, _), (_, .dyn): .dyn
        case (.list(let x), .list(let y)): .list(general(x, y))
        case (.optional(let x), .optional(let y)): .optional(general(x, y))
        case (.map(let key, let value), .map(let otherKey, let otherValue)):
            .map(general(key, otherKey), general(value, otherValue))
        case (.record, _), (_, .record): .map(.string, .dyn)
        default: .dyn
        }
    }
}
