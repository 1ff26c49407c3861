// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

/// An expression with the values of its parts: what to show for an assertion that failed.
package struct ExplainedTree: Sendable, Hashable {
    /// As written.
    package var text: String
    package var range: Range<Int>
    package var value: Result<Value, EvaluationError>
    /// The parts whose values are not plain from the text; literals are left out.
    package var children: [ExplainedTree]
}

extension Program {
    /// The expression's value with those of its parts. Costs an evaluation for each part.
    package func explain(budget: Int = 100_000, _ lookup: (String) -> Value?) -> ExplainedTree {
        explain(code.root, budget, lookup)
    }

    private func explain(_ node: Int32, _ budget: Int, _ lookup: (String) -> Value?) -> ExplainedTree {
        let value: Result<Value, EvaluationError>
        do throws(EvaluationError) {
            var machine = Machine(code, budget: budget)
            value = .success(try machine.evaluate(node, lookup))
        } catch {
            value = .failure(error)
        }
        let children = parts(of: node).map { explain($0, budget, lookup) }
        return ExplainedTree(
            text: code.text(of: node), range: code.nodes[Int(node)].range, value: value, children: children)
    }

    /// The operands that can be evaluated by themselves: not the bodies of macros, and no literals.
    private func parts(of node: Int32) -> [Int32] {
        var operands = code.operands(of: node)
        if case .comprehension(let number) = code.nodes[Int(node)].kind {
            operands = [code.comprehensions[Int(number)].source]
        }
        return operands.filter {
            if case .constant = code.steps[Int($0)] { return false }
            return true
        }
    }
}
