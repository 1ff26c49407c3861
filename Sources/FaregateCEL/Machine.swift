// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Evaluates nodes. One machine serves one evaluation.
struct Machine {
    typealias Lookup = (String) -> Value?

    let code: Code
    /// The variables of the macros that are being evaluated, by slot.
    var locals: [Value] = []
    /// What may still be done.
    var budget: Int

    init(_ code: Code, budget: Int) {
        self.code = code
        self.budget = budget
        if code.slotCount > 0 { locals = Array(repeating: .null, count: code.slotCount) }
    }

    /// Only dispatches, so that its stack frame stays small: it is the one that recurs.
    mutating func evaluate(_ node: Int32, _ lookup: Lookup) throws(EvaluationError) -> Value {
        budget &-= 1
        if budget < 0 { throw exhausted(node) }
        switch code.steps[Int(node)] {
        case .constant(let number): return code.constants[Int(number)]
        case .path(let number): return try resolve(number, node, lookup)
        case .local(let slot): return locals[Int(slot)]
        case .select(let operand, let field):
            return try select(operand, field, node, lookup)
        case .test(let operand, let field): return try test(operand, field, node, lookup)
        case .testPath(let number): return try testPath(number, node, lookup)
        case .optionalSelect(let operand, let field): return try optionalSelect(operand, field, node, lookup)
        case .index(let operand, let key): return try index(operand, key, node, lookup)
        case .optionalIndex(let operand, let key): return try optionalIndex(operand, key, node, lookup)
        case .list(let span): return try makeList(span, lookup)
        case .map(let span): return try makeMap(span, lookup)
        case .optionalEntry(let operand): return try evaluate(operand, lookup)
        case .and(let span): return try connect(span, decisive: false, node, lookup)
        case .or(let span): return try connect(span, decisive: true, node, lookup)
        case .not(let operand): return try negate(operand, node, lookup)
        case .conditional(let span): return try choose(span, node, lookup)
        case .call(let function, let span): return try call(function, span, node, lookup)
        case .undeclaredCall(let name, let span, let isMember):
            throw error(node, Names.undeclared(code.names[Int(name)].name, span.count, isMember: isMember))
        case .matchesConstant(let operand, let pattern): return try matches(operand, pattern, node, lookup)
        case .comprehension(let number): return try comprehend(Int(number), node, lookup)
        }
    }

    func error(_ node: Int32, _ message: String) -> EvaluationError {
        EvaluationError(message, at: code.nodes[Int(node)].range)
    }

    func exhausted(_ node: Int32) -> EvaluationError {
        error(node, "the expression takes too many steps")
    }

    /// Pays for work that grows with the data.
    mutating func spend(_ steps: Int, at node: Int32) throws(EvaluationError) {
        budget -= steps
        if budget < 0 { throw exhausted(node) }
    }
}
