// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Operators and operands that are not joined yet.
///
/// Precedence is kept by this stack rather than by a function per level: a pair of parentheses then costs three frames of
/// the program's own stack, not seven.
private struct Pending {
    struct Operand {
        var node: Int32
        /// Where it begins, parentheses included.
        var start: Int
    }

    enum Operation: Equatable {
        case or, and
        case call(Function)
    }

    var operands: [Operand] = []
    var operations: [(operation: Operation, level: Int)] = []
}

extension Parser {
    /// `a ? b : c`, or anything that binds tighter.
    mutating func parseExpression(allowsConditional: Bool = true) throws(Diagnostic) -> Int32 {
        try enter()
        var branches: [(condition: Int32, first: Int32, start: Int)] = []
        while true {
            let start = token.range.lowerBound
            let operand = try parseOperators()
            guard allowsConditional, sees(.question) else {
                depth -= 1
                return branches.isEmpty ? operand : try join(branches, last: operand)
            }
            let question = token.range
            position += 1
            let first = try parseExpression(allowsConditional: false)
            try takeColon(of: question)
            branches.append((operand, first, start))
        }
    }

    private mutating func enter() throws(Diagnostic) {
        depth += 1
        guard depth > builder.nesting else { return }
        throw Diagnostic(
            "more than \(builder.nesting) expressions within each other", at: token.range,
            help: "split the expression up")
    }

    private mutating func takeColon(of question: Range<Int>) throws(Diagnostic) {
        if take(.colon) { return }
        guard token.kind == .end else { throw unexpected(due: "':'") }
        throw Diagnostic("the ':' of this '?' is missing", at: question, help: "write a ? b : c")
    }

    /// `a ? b : c ? d : e` is a ? b : (c ? d : e).
    private mutating func join(
        _ branches: [(condition: Int32, first: Int32, start: Int)], last: Int32
    ) throws(Diagnostic) -> Int32 {
        var last = last
        for branch in branches.reversed() {
            let operands = [branch.condition, branch.first, last]
            last = try builder.add(
                .conditional(builder.span(operands)), range(from: branch.start), over: operands)
        }
        return last
    }

    /// Operands with operators between them.
    private mutating func parseOperators() throws(Diagnostic) -> Int32 {
        var pending = Pending()
        while true {
            let start = position
            skipPrefixes()
            let isNegative = startsNegativeNumber(from: start)
            let operand = try parsePostfix(isNegative: isNegative)
            try push(operand, prefixes: start, isNegative: isNegative, &pending)
            guard try takeOperator(&pending) else { return pending.operands[0].node }
        }
    }

    private mutating func skipPrefixes() {
        while sees(.not) || sees(.minus) { position += 1 }
    }

    /// A minus right before a number belongs to the number: the lowest integer can be written only so.
    private func startsNegativeNumber(from start: Int) -> Bool {
        position > start && tokens[position - 1].kind == .symbol(.minus) && token.isNumber
    }

    /// Applies the `!` and `-` before an operand, the nearest first, and puts it down.
    private mutating func push(
        _ operand: Int32, prefixes start: Int, isNegative: Bool, _ pending: inout Pending
    ) throws(Diagnostic) {
        var node = operand
        var end = start
        while tokens[end].kind == .symbol(.not) || tokens[end].kind == .symbol(.minus) { end += 1 }
        for prefix in tokens[start..<(isNegative ? end - 1 : end)].reversed() {
            let range = prefix.range.lowerBound..<lastEnd
            let kind: Node.Kind =
                prefix.kind == .symbol(.not) ? .not(node) : .call(.negate, builder.span([node]))
            node = try builder.add(kind, range, over: [node])
        }
        pending.operands.append(Pending.Operand(node: node, start: tokens[start].range.lowerBound))
    }

    /// Takes an operator, after joining what binds at least as tight before it; false where there is none.
    private mutating func takeOperator(_ pending: inout Pending) throws(Diagnostic) -> Bool {
        guard let (operation, level) = presentOperator else {
            while !pending.operations.isEmpty { try joinLast(&pending) }
            return false
        }
        while let last = pending.operations.last {
            // Any number of `&&` or `||` in a row becomes one node.
            if last.level < level || last.level == level && level < Self.comparison { break }
            try joinLast(&pending)
        }
        pending.operations.append((operation, level))
        position += 1
        return true
    }

    private mutating func joinLast(_ pending: inout Pending) throws(Diagnostic) {
        let (operation, level) = pending.operations.removeLast()
        var count = 2
        if level < Self.comparison {
            while pending.operations.last?.level == level {
                pending.operations.removeLast()
                count += 1
            }
        }
        let joined = pending.operands.suffix(count)
        pending.operands.removeLast(count)
        let nodes = joined.map(\.node)
        let start = joined[joined.startIndex].start
        let kind: Node.Kind
        switch operation {
        case .or: kind = .or(builder.span(nodes))
        case .and: kind = .and(builder.span(nodes))
        case .call(let function): kind = .call(function, builder.span(nodes))
        }
        let node = try builder.add(kind, range(from: start), over: nodes)
        pending.operands.append(Pending.Operand(node: node, start: start))
    }

    private static let comparison = 3

    private var presentOperator: (Pending.Operation, Int)? {
        switch token.kind {
        case .identifier("in"): (.call(.contained), 3)
        case .symbol(let symbol):
            switch symbol {
            case .or: (.or, 1)
            case .and: (.and, 2)
            case .equal: (.call(.equal), 3)
            case .notEqual: (.call(.notEqual), 3)
            case .less: (.call(.less), 3)
            case .lessEqual: (.call(.lessEqual), 3)
            case .greater: (.call(.greater), 3)
            case .greaterEqual: (.call(.greaterEqual), 3)
            case .plus: (.call(.add), 4)
            case .minus: (.call(.subtract), 4)
            case .times: (.call(.multiply), 5)
            case .slash: (.call(.divide), 5)
            case .percent: (.call(.modulo), 5)
            default: nil
            }
        default: nil
        }
    }
}
