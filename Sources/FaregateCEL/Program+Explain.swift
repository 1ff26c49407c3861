// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

/// An expression with the values of its parts: what to show for an assertion that failed.
package struct ExplainedTree: Sendable, Hashable {
    /// As written.
    package var text: String
    package var range: Range<Int>
    package var value: Result<Value, EvaluationError>
    /// The parts that the value comes from. Literals are left out, and what was not needed: the operand behind one that
    /// has decided, the branch that was not taken.
    package var children: [ExplainedTree]
}

extension Program {
    /// The expression's value with those of its parts.
    ///
    /// The value is that of ``evaluate(budget:_:)``. All parts together may cost as much once more: those that come too
    /// late have no value, and no parts of their own.
    package func explain(budget: Int = 100_000, _ lookup: (String) -> Value?) -> ExplainedTree {
        var explainer = Explainer(code: code, budget: budget)
        var machine = Machine(code, budget: budget)
        let (value, _) = Explainer.value(of: code.root, &machine, lookup)
        return explainer.tree(code.root, value, lookup)
    }
}

/// Evaluates the parts of an expression one by one.
private struct Explainer {
    let code: Code
    /// What may still be done for all parts that are left.
    var budget: Int

    static func value(
        of node: Int32, _ machine: inout Machine, _ lookup: (String) -> Value?
    ) -> (value: Result<Value, EvaluationError>, isExhausted: Bool) {
        do throws(EvaluationError) {
            return (.success(try machine.evaluate(node, lookup)), false)
        } catch {
            return (.failure(error), machine.budget < 0)
        }
    }

    mutating func tree(
        _ node: Int32, _ value: Result<Value, EvaluationError>, _ lookup: (String) -> Value?
    ) -> ExplainedTree {
        ExplainedTree(
            text: code.text(of: node), range: code.nodes[Int(node)].range, value: value,
            children: parts(of: node, lookup))
    }

    private mutating func parts(of node: Int32, _ lookup: (String) -> Value?) -> [ExplainedTree] {
        switch code.nodes[Int(node)].kind {
        case .and(let span): return connected(span, decisive: false, lookup)
        case .or(let span): return connected(span, decisive: true, lookup)
        case .conditional(let span):
            let operands = Array(code.children[span.range])
            guard let condition = part(operands[0], lookup) else { return parts([operands[1], operands[2]], lookup) }
            // A condition that is unknown leaves both branches open; one that has no value, neither.
            return switch condition.value {
            case .success(.bool(let truth)): [condition] + parts([operands[truth ? 1 : 2]], lookup)
            case .success(.unknown): [condition] + parts([operands[1], operands[2]], lookup)
            default: [condition]
            }
        // The bodies of macros have no value by themselves.
        case .comprehension(let number): return parts([code.comprehensions[Int(number)].source], lookup)
        default: return parts(code.operands(of: node), lookup)
        }
    }

    private mutating func parts(_ nodes: [Int32], _ lookup: (String) -> Value?) -> [ExplainedTree] {
        nodes.compactMap { part($0, lookup) }
    }

    /// Operands up to the one that decides.
    private mutating func connected(
        _ span: Node.Span, decisive: Bool, _ lookup: (String) -> Value?
    ) -> [ExplainedTree] {
        var trees: [ExplainedTree] = []
        for operand in code.children[span.range] {
            guard let tree = part(operand, lookup) else { continue }
            trees.append(tree)
            if tree.value == .success(.bool(decisive)) { break }
        }
        return trees
    }

    /// One part; nil for a literal.
    private mutating func part(_ node: Int32, _ lookup: (String) -> Value?) -> ExplainedTree? {
        if case .constant = code.steps[Int(node)] { return nil }
        var machine = Machine(code, budget: max(0, budget))
        let (value, isExhausted) = Self.value(of: node, &machine, lookup)
        budget = machine.budget
        if isExhausted {
            return ExplainedTree(
                text: code.text(of: node), range: code.nodes[Int(node)].range, value: value, children: [])
        }
        return tree(node, value, lookup)
    }
}
