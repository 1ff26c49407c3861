// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

extension Machine {
    /// `&&` (decided by false) and `||` (decided by true).
    ///
    /// The order of the operands does not matter: one that decides wins over errors and unknowns, an unknown over errors.
    mutating func connect(
        _ span: Node.Span, decisive: Bool, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        var unknown: Value?
        var failure: EvaluationError?
        for position in span.range {
            let operand = code.children[position]
            do throws(EvaluationError) {
                switch try evaluate(operand, lookup) {
                case .bool(let truth):
                    if truth == decisive { return .bool(decisive) }
                case .unknown(let reason): if unknown == nil { unknown = .unknown(reason) }
                case let other:
                    failure =
                        failure
                        ?? error(
                            operand, "'\(decisive ? "||" : "&&")' needs bool, not \(Kind.name(of: other))")
                }
            } catch {
                if budget < 0 { throw error }
                failure = failure ?? error
            }
        }
        if let unknown { return unknown }
        if let failure { throw failure }
        return .bool(!decisive)
    }

    mutating func negate(_ operand: Int32, _ node: Int32, _ lookup: Lookup) throws(EvaluationError) -> Value {
        switch try evaluate(operand, lookup) {
        case .bool(let truth): return .bool(!truth)
        case .unknown(let reason): return .unknown(reason)
        case let other: throw error(node, "'!' needs bool, not \(Kind.name(of: other))")
        }
    }

    /// `c ? a : b`. With an unknown condition, what both branches agree on is still known.
    mutating func choose(_ span: Node.Span, _ node: Int32, _ lookup: Lookup) throws(EvaluationError) -> Value {
        let first = Int(span.first)
        let condition = code.children[first]
        switch try evaluate(condition, lookup) {
        case .bool(let truth): return try evaluate(code.children[first + (truth ? 1 : 2)], lookup)
        case .unknown(let reason):
            guard let a = try attempt(code.children[first + 1], lookup),
                let b = try attempt(code.children[first + 2], lookup), a == b
            else { return .unknown(reason) }
            return a
        case let other: throw error(condition, "the condition before '?' must be bool, not \(Kind.name(of: other))")
        }
    }

    /// The value of a node, nil where it has none.
    private mutating func attempt(_ node: Int32, _ lookup: Lookup) throws(EvaluationError) -> Value? {
        do throws(EvaluationError) {
            return try evaluate(node, lookup)
        } catch {
            if budget < 0 { throw error }
            return nil
        }
    }
}
