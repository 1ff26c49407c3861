// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// CEL's equality: numbers of all kinds on one line, NaN equal to nothing, values of different kinds never equal.
enum Equality {
    /// Nil where it hangs on something unknown.
    static func equal(_ a: Value, _ b: Value) -> Bool? {
        switch (a, b) {
        case (.string(let x), .string(let y)): x.hasSameScalars(as: y)
        case (.int(let x), .int(let y)): x == y
        case (.bool(let x), .bool(let y)): x == y
        case (.unknown, _), (_, .unknown): nil
        case (.null, .null): true
        case (.int, .uint), (.int, .double), (.uint, .int), (.uint, .uint), (.uint, .double), (.double, _):
            Ordering.compareNumbers(a, b) == .same
        case (.bytes(let x), .bytes(let y)): x == y
        case (.timestamp(let x), .timestamp(let y)): x == y
        case (.duration(let x), .duration(let y)): x == y
        case (.type(let x), .type(let y)): x == y
        case (.ref(let x), .ref(let y)): x == y
        case (.optional(let x), .optional(let y)): optionals(x, y)
        case (.list(let x), .list(let y)): lists(x, y)
        case (.map(let x), .map(let y)): maps(x, y)
        default: false
        }
    }

    private static func optionals(_ a: Value?, _ b: Value?) -> Bool? {
        guard let a, let b else { return a == nil && b == nil }
        return equal(a, b)
    }

    private static func lists(_ a: [Value], _ b: [Value]) -> Bool? {
        guard a.count == b.count else { return false }
        var result: Bool? = true
        for (x, y) in zip(a, b) {
            switch equal(x, y) {
            case false?: return false
            case nil: result = nil
            case true?: break
            }
        }
        return result
    }

    private static func maps(_ a: ValueMap, _ b: ValueMap) -> Bool? {
        guard a.count == b.count else { return false }
        var result: Bool? = true
        for (key, value) in a {
            guard let other = member(of: b, key) else { return false }
            switch equal(value, other) {
            case false?: return false
            case nil: result = nil
            case true?: break
            }
        }
        return result
    }

    /// The member of a map by a key that may be another kind of number.
    static func member(of map: ValueMap, _ key: Value) -> Value? {
        switch key {
        case .string, .bool: return map[value: key]
        case .int(let number):
            if let found = map[value: key] { return found }
            return UInt64(exactly: number).flatMap { map[value: .uint($0)] }
        case .uint(let number):
            if let found = map[value: key] { return found }
            return Int64(exactly: number).flatMap { map[value: .int($0)] }
        case .double(let number):
            if let whole = Int64(exactly: number), let found = map[value: .int(whole)] { return found }
            return UInt64(exactly: number).flatMap { map[value: .uint($0)] }
        default: return nil
        }
    }

    /// A number of any kind as a whole one; nil where it is none.
    static func wholeNumber(_ value: Value) -> Int64? {
        switch value {
        case .int(let number): number
        case .uint(let number): Int64(exactly: number)
        case .double(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// `x in c`. Nil where it hangs on something unknown.
    static func contains(_ container: Value, _ value: Value) throws(Failure) -> Bool? {
        switch container {
        case .list(let items):
            var result: Bool? = false
            for item in items {
                switch equal(item, value) {
                case true?: return true
                case nil: result = nil
                case false?: break
                }
            }
            return result
        case .map(let map): return member(of: map, value) != nil
        default: throw Failure("'in' needs a list or a map on its right, not \(Kind.name(of: container))")
        }
    }
}
