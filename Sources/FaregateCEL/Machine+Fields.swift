// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

extension Machine {
    /// A variable, by the longest name that exists, and the fields behind it.
    mutating func resolve(_ number: Int32, _ node: Int32, _ lookup: Lookup) throws(EvaluationError) -> Value {
        let place = code.lookups[Int(number)]
        let (first, count) = (Int(place.first), Int(place.count))
        for skipped in 0..<count {
            guard var value = lookup(code.lookupNames[first + skipped]) else { continue }
            for step in (count - skipped)..<count {
                if case .unknown = value { return value }
                value = try member(value, code.lookupKeys[first + step], node)
            }
            return value
        }
        throw error(node, "there is no variable '\(code.paths[Int(number)].steps[0].name)'")
    }

    /// `has(a.b.c)`.
    mutating func testPath(_ number: Int32, _ node: Int32, _ lookup: Lookup) throws(EvaluationError) -> Value {
        let path = code.paths[Int(number)]
        let count = path.names.count
        for skipped in 0..<count {
            guard var value = lookup(path.names[skipped]) else { continue }
            // A variable with dots in its name is there as a whole.
            if skipped == 0 { return .bool(true) }
            for step in (count - skipped)..<(count - 1) {
                if case .unknown = value { return value }
                value = try member(value, path.keys[step], node)
            }
            return try test(value, path.keys[count - 1], node)
        }
        throw error(node, "there is no variable '\(path.steps[0].name)'")
    }

    mutating func select(
        _ operand: Int32, _ field: Int32, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        try member(try evaluate(operand, lookup), code.constants[Int(field)], node)
    }

    mutating func test(
        _ operand: Int32, _ field: Int32, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        try test(try evaluate(operand, lookup), code.constants[Int(field)], node)
    }

    private func test(_ value: Value, _ key: Value, _ node: Int32) throws(EvaluationError) -> Value {
        switch value {
        case .map(let map): return .bool(map[value: key] != nil)
        case .optional(let inner?): return try test(inner, key, node)
        case .optional(nil): return .bool(false)
        case .unknown, .ref: return Self.unknown(value)
        default: throw error(node, "\(Kind.name(of: value)) has no fields")
        }
    }

    private static func unknown(_ value: Value) -> Value {
        if case .ref(let number) = value { return .unknown("object \(number)") }
        return value
    }

    /// The member of a map, or of the map within an optional.
    func member(_ value: Value, _ key: Value, _ node: Int32) throws(EvaluationError) -> Value {
        switch value {
        case .map(let map):
            guard let found = map[value: key] else { throw missing(key, in: map, node) }
            return found
        case .optional: return try optionalMember(value, key, node)
        case .unknown, .ref: return Self.unknown(value)
        default: throw error(node, "\(Kind.name(of: value)) has no field '\(key.string ?? "")'")
        }
    }

    private func missing(_ key: Value, in map: ValueMap, _ node: Int32) -> EvaluationError {
        let name = key.string ?? ""
        let near = Spelling.closest(to: name, among: map.keys.compactMap(\.string))
        return error(node, "there is no field '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }

    mutating func optionalSelect(
        _ operand: Int32, _ field: Int32, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        try optionalMember(try evaluate(operand, lookup), code.constants[Int(field)], node)
    }

    private func optionalMember(_ value: Value, _ key: Value, _ node: Int32) throws(EvaluationError) -> Value {
        switch value {
        case .map(let map):
            let found = map[value: key]
            if case .unknown? = found { return found! }
            return .optional(found)
        case .optional(let inner?): return try optionalMember(inner, key, node)
        case .optional(nil): return value
        case .unknown, .ref: return Self.unknown(value)
        default: throw error(node, "\(Kind.name(of: value)) has no field '\(key.string ?? "")'")
        }
    }

    // MARK: Index

    mutating func index(
        _ operand: Int32, _ key: Int32, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        let (container, key) = try both(operand, key, lookup)
        if case .unknown = container { return container }
        if case .unknown = key { return key }
        if case .optional = container { return try optionalItem(container, key, node) }
        if let found = try item(container, key, node) { return found }
        if case .list(let items) = container {
            throw error(node, "there is no item \(Kind.describe(key)) in a list of \(items.count)")
        }
        throw error(node, "there is no key \(Kind.describe(key)) in the map")
    }

    mutating func optionalIndex(
        _ operand: Int32, _ key: Int32, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        let (container, key) = try both(operand, key, lookup)
        if case .unknown = container { return container }
        if case .unknown = key { return key }
        return try optionalItem(container, key, node)
    }

    private func optionalItem(_ container: Value, _ key: Value, _ node: Int32) throws(EvaluationError) -> Value {
        if case .optional(let inner) = container {
            guard let inner else { return container }
            return try optionalItem(inner, key, node)
        }
        let found = try item(container, key, node)
        if case .unknown? = found { return found! }
        return .optional(found)
    }

    private func item(_ container: Value, _ key: Value, _ node: Int32) throws(EvaluationError) -> Value? {
        switch container {
        case .list(let items):
            guard let place = Equality.wholeNumber(key) else {
                throw error(node, "a list has no item \(Kind.describe(key)): its items have whole numbers")
            }
            return items.indices.contains(Int(place)) ? items[Int(place)] : nil
        case .map(let map):
            switch key {
            case .string, .int, .uint, .bool, .double: return Equality.member(of: map, key)
            default: throw error(node, "a key cannot be \(Kind.name(of: key))")
            }
        case .unknown, .ref: return Self.unknown(container)
        default: throw error(node, "\(Kind.name(of: container)) has no items")
        }
    }

    /// Two operands. An unknown makes the other's error irrelevant.
    mutating func both(
        _ first: Int32, _ second: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> (Value, Value) {
        let a: Value
        do throws(EvaluationError) {
            a = try evaluate(first, lookup)
        } catch {
            guard budget >= 0, let other = try? evaluate(second, lookup), case .unknown = other else { throw error }
            return (other, other)
        }
        if case .unknown = a { return (a, a) }
        return (a, try evaluate(second, lookup))
    }
}
