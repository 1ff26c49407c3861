// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// A variable that an expression reads, with the fields that it reads of it.
package struct Reference: Sendable, Hashable {
    /// The name and the plain fields behind it: `["payment", "amount"]`. It ends where an index, a call or a `.?` begins;
    /// the field of a `.?` is the last.
    package var path: [String]
    package var range: Range<Int>
    /// Whether it is only asked if the last field is there: `has(a.b)`, `a.?b`.
    package var isTest: Bool

    package init(path: [String], range: Range<Int>, isTest: Bool) {
        self.path = path
        self.range = range
        self.isTest = isTest
    }
}

extension Code {
    var references: [Reference] {
        var references: [Reference] = []
        collect(root, into: &references)
        return references.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
    }

    private func collect(_ node: Int32, into references: inout [Reference]) {
        switch nodes[Int(node)].kind {
        case .path(let number), .testPath(let number):
            references.append(reference(number, node))
        case .optionalSelect(let operand, let field):
            // Behind a plain path the field belongs to it.
            guard case .path(let number) = nodes[Int(operand)].kind else {
                return collect(operand, into: &references)
            }
            var reference = reference(number, operand)
            reference.path.append(constants[Int(field)].string ?? "")
            reference.range = reference.range.lowerBound..<nodes[Int(node)].range.upperBound
            reference.isTest = true
            references.append(reference)
        default:
            for operand in operands(of: node) { collect(operand, into: &references) }
        }
    }

    private func reference(_ number: Int32, _ node: Int32) -> Reference {
        let steps = paths[Int(number)].steps
        var isTest = false
        if case .testPath = nodes[Int(node)].kind { isTest = true }
        return Reference(
            path: steps.map(\.name),
            range: steps[0].range.lowerBound..<steps[steps.count - 1].range.upperBound, isTest: isTest)
    }
}
