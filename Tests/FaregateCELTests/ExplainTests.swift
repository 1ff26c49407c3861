// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Testing

@testable import FaregateCEL

/// `a && b` as `a && b = false(a = true, b = false)`.
private func shown(_ source: String, budget: Int = 100_000) -> String {
    let data: [String: Value] = ["t": true, "f": false, "u": .unknown("u"), "n": 3, "l": [1, 2], "o": ["a": 1]]
    guard case .success(let program) = Program.parse(source) else { return "syntax" }
    func text(_ tree: ExplainedTree) -> String {
        let value =
            switch tree.value {
            case .success(.unknown): "unknown"
            case .success(let value): JSON.write(value)
            case .failure(let error): error.message.contains("too many steps") ? "too dear" : "error"
            }
        let parts = tree.children.map(text).joined(separator: ", ")
        return "\(tree.text) = \(value)" + (parts.isEmpty ? "" : "(\(parts))")
    }
    return text(program.explain(budget: budget) { data[$0] })
}

@Suite struct ExplainTests {
    @Test func partsHaveTheirValues() {
        #expect(shown("n * 2 > 7") == "n * 2 > 7 = false(n * 2 = 6(n = 3))")
        #expect(shown("o.a + size(l)") == "o.a + size(l) = 3(o.a = 1, size(l) = 2(l = [1,2]))")
    }

    @Test func whatIsBehindTheOperandThatDecidesIsLeftOut() {
        #expect(shown("f && o.b > 1") == "f && o.b > 1 = false(f = false)")
        #expect(shown("t || o.b > 1") == "t || o.b > 1 = true(t = true)")
        #expect(shown("t && n > 5") == "t && n > 5 = false(t = true, n > 5 = false(n = 3))")
    }

    @Test func theBranchThatWasNotTakenIsLeftOut() {
        #expect(shown("t ? n : o.b") == "t ? n : o.b = 3(t = true, n = 3)")
        #expect(shown("f ? o.b : n") == "f ? o.b : n = 3(f = false, n = 3)")
    }

    @Test func unknownsAreToldAndLeaveEverythingOpen() {
        #expect(shown("u && n > 5") == "u && n > 5 = false(u = unknown, n > 5 = false(n = 3))")
        #expect(shown("u ? n : 4") == "u ? n : 4 = unknown(u = unknown, n = 3)")
    }

    @Test func aPartWithoutAValueSaysSo() {
        #expect(shown("o.b > 1") == "o.b > 1 = error(o.b = error)")
    }

    @Test func bodiesOfMacrosAreNotTakenApart() {
        #expect(shown("l.all(x, x > n)") == "l.all(x, x > n) = false(l = [1,2])")
    }

    /// Without a limit for all parts together, each level of nesting would be paid for again.
    @Test func allPartsTogetherCostNoMoreThanTheWhole() {
        let deep = String(repeating: "(n + ", count: 60) + "n" + String(repeating: ")", count: 60)
        // 121 steps for the whole, and 7,000 for each part by itself.
        let cheap = shown(deep, budget: 200)
        #expect(cheap.contains(" = 183("), "the value of the whole is there")
        #expect(cheap.contains("too dear"))
        #expect(!shown(deep).contains("too dear"))
        #expect(shown("n + n", budget: 2) == "n + n = too dear(n = 3, n = 3)")
    }
}
