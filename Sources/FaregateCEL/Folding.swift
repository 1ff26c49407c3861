// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Computes at load what does not hang on data: constant operations, and the patterns of `matches`.
enum Folding {
    static func fold(_ code: Code, _ parts: CodeBuilder) -> Code {
        var builder = parts
        var steps = code.steps
        for number in code.nodes.indices {
            let kind = code.nodes[number].kind
            if isConstant(kind, steps, code) {
                // What fails stays: it may never be reached, or it fails with its place when it is.
                if let value = value(of: Int32(number), builder, steps), isSmall(value) {
                    steps[number] = .constant(builder.constant(value))
                }
            } else if case .call(.matches, let span) = kind,
                case .constant(let pattern) = steps[Int(code.children[Int(span.first) + 1])],
                case .string(let text) = builder.constants[Int(pattern)], let regex = try? Regex(text)
            {
                builder.patterns.append(regex)
                steps[number] = .matchesConstant(
                    code.children[Int(span.first)], pattern: Int32(builder.patterns.count - 1))
            }
        }
        return Code(builder, text: code.text, root: code.root, steps: steps)
    }

    /// In a function of its own, so that the arrays are shared for no longer than that.
    private static func value(of node: Int32, _ builder: CodeBuilder, _ steps: [Node.Kind]) -> Value? {
        var machine = Machine(Code(builder, text: [], root: node, steps: steps), budget: 1000)
        return try? machine.evaluate(node, { _ in nil })
    }

    /// Whether all operands are constants. Macros are left alone: they may be long, and rarely go over constants.
    private static func isConstant(_ kind: Node.Kind, _ steps: [Node.Kind], _ code: Code) -> Bool {
        func holds(_ node: Int32) -> Bool {
            if case .constant = steps[Int(node)] { return true }
            return false
        }
        func holds(_ span: Node.Span) -> Bool {
            span.range.allSatisfy { holds(code.children[$0]) }
        }
        switch kind {
        case .select(let operand, _), .test(let operand, _), .optionalSelect(let operand, _), .not(let operand):
            return holds(operand)
        case .index(let operand, let key), .optionalIndex(let operand, let key): return holds(operand) && holds(key)
        case .list(let span), .map(let span), .and(let span), .or(let span), .conditional(let span),
            .call(_, let span):
            return holds(span)
        default: return false
        }
    }

    private static func isSmall(_ value: Value) -> Bool {
        switch value {
        case .string(let text): text.utf8.count <= 4096
        case .unknown: false
        default: true
        }
    }
}
