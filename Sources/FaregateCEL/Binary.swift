// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Functions and operators of two operands, neither of them unknown.
enum Binary {
    static func apply(_ function: Function, _ a: Value, _ b: Value) throws(Failure) -> Value {
        switch function {
        case .equal: return truth(Equality.equal(a, b))
        case .notEqual: return truth(Equality.equal(a, b).map { !$0 })
        case .less, .lessEqual, .greater, .greaterEqual: return .bool(try compare(function, a, b))
        case .contained: return truth(try Equality.contains(b, a))
        case .add, .subtract, .multiply, .divide, .modulo: return try Arithmetic.apply(function, a, b)
        // A pattern that goes with a string never gets here: the machine pays for its work.
        case .contains, .startsWith, .endsWith, .matches: return .bool(try text(function, a, b))
        default:
            guard case .string(let zone) = b else { throw Failure(Arithmetic.mismatch(function, a, b)) }
            return try TimeParts.part(function, of: a, in: zone)
        }
    }

    private static func truth(_ truth: Bool?) -> Value {
        truth.map(Value.bool) ?? .unknown("a comparison with something unknown")
    }

    private static func compare(_ function: Function, _ a: Value, _ b: Value) throws(Failure) -> Bool {
        guard let order = Ordering.compare(a, b) else { throw Failure(Arithmetic.mismatch(function, a, b)) }
        switch function {
        case .less: return order == .less
        case .lessEqual: return order == .less || order == .same
        case .greater: return order == .greater
        default: return order == .greater || order == .same
        }
    }

    private static func text(_ function: Function, _ a: Value, _ b: Value) throws(Failure) -> Bool {
        guard case .string(let text) = a, case .string(let part) = b else {
            throw Failure(Arithmetic.mismatch(function, a, b))
        }
        switch function {
        case .startsWith: return text.utf8.starts(with: part.utf8)
        case .endsWith: return text.utf8.reversed().starts(with: part.utf8.reversed())
        default: return contains(Array(text.utf8), Array(part.utf8))
        }
    }

    /// UTF-8 is self-synchronising: equal bytes are equal code points.
    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        guard text.count >= part.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == first {
            if text[start..<start + part.count].elementsEqual(part) { return true }
        }
        return false
    }
}
