// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

extension Machine {
    mutating func call(
        _ function: Function, _ span: Node.Span, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        let first = Int(span.first)
        switch span.count {
        case 0: return .optional(nil)
        case 1:
            let operand = try evaluate(code.children[first], lookup)
            if case .unknown = operand { return operand }
            return try perform(node) { () throws(Failure) in try Unary.apply(function, operand) }
        default:
            if function == .optionalOr || function == .optionalOrValue {
                return try orElse(function, span, node, lookup)
            }
            return try binary(function, code.children[first], code.children[first + 1], node, lookup)
        }
    }

    private mutating func binary(
        _ function: Function, _ first: Int32, _ second: Int32, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        let (a, b) = try both(first, second, lookup)
        if case .unknown = a { return a }
        if case .unknown = b { return b }
        if function == .matches, case .string(let text) = a, case .string(let pattern) = b {
            return try matches(text, pattern, node)
        }
        let cost = Cost.of(function, a, b)
        if cost > 0 { try spend(cost, at: node) }
        do throws(Failure) {
            return try Binary.apply(function, a, b)
        } catch {
            throw self.error(node, error.message)
        }
    }

    /// `.or()` and `.orValue()`: what stands behind is evaluated only where it is needed.
    private mutating func orElse(
        _ function: Function, _ span: Node.Span, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        let receiver = code.children[Int(span.first)]
        let value = try evaluate(receiver, lookup)
        switch value {
        case .unknown: return value
        case .optional(let inner):
            guard let inner else {
                let other = try evaluate(code.children[Int(span.first) + 1], lookup)
                if case .unknown = other { return other }
                if function == .optionalOrValue { return other }
                guard case .optional = other else {
                    throw error(node, "'or' needs an optional, not \(Kind.name(of: other))")
                }
                return other
            }
            return function == .optionalOrValue ? inner : value
        default:
            throw error(receiver, "'\(function.spelling)' needs an optional, not \(Kind.name(of: value))")
        }
    }

    /// `matches` with a pattern that is compiled already.
    mutating func matches(
        _ operand: Int32, _ pattern: Int32, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        let value = try evaluate(operand, lookup)
        guard case .string(let text) = value else {
            if case .unknown = value { return value }
            throw error(node, "'matches' needs string, not \(Kind.name(of: value))")
        }
        let regex = code.patterns[Int(pattern)]
        try spend(regex.cost(of: text) / 64, at: node)
        return .bool(regex.matches(text))
    }

    /// `matches` with a pattern that comes from data.
    private mutating func matches(
        _ text: String, _ pattern: String, _ node: Int32
    ) throws(EvaluationError) -> Value {
        try spend(pattern.utf8.count / 16, at: node)
        do throws(Regex.Malformed) {
            let regex = try Regex(pattern)
            budget -= (regex.size + regex.cost(of: text)) / 64
            if budget >= 0 { return .bool(regex.matches(text)) }
        } catch {
            throw self.error(node, "the pattern is malformed: \(error.message)")
        }
        throw exhausted(node)
    }

    func perform(
        _ node: Int32, _ body: () throws(Failure) -> Value
    ) throws(EvaluationError) -> Value {
        do throws(Failure) {
            return try body()
        } catch {
            throw self.error(node, error.message)
        }
    }
}

/// What an operation costs beyond its node: only what grows with the data.
enum Cost {
    static func of(_ function: Function, _ a: Value, _ b: Value) -> Int {
        switch (a, b) {
        case (.string(let x), .string(let y)):
            switch function {
            case .add: (x.utf8.count + y.utf8.count) / 64
            case .contains: x.utf8.count * max(1, y.utf8.count) / 256
            default: 0
            }
        case (.list(let x), .list(let y)): (x.count + y.count) / 4
        case (_, .list(let y)) where function == .contained: y.count / 8
        case (.map(let x), .map): x.count / 4
        default: 0
        }
    }
}
