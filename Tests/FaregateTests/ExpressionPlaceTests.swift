// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateText
import Testing

/// What is wrong in an expression is shown where it stands in the file, however YAML writes it.
@Suite struct ExpressionPlaceTests {
    private static func asserting(_ lines: String) -> String {
        """
        states:
          pay:
            call: payment.create
            with: {amount: 1, currency: usd}
            on: {requires_payment_method: done}
            assert:
              - \(lines.replacing("\n", with: "\n        "))
          done: {final: success}

        """
    }

    static let cases = [
        MistakeCase("block", "FG0104", asserting("|\n  1 == 1 &&\n  payment.amount > «limit»")),
        MistakeCase("block with an empty line", "FG0104", asserting("|\n  1 == 1 &&\n\n    payment.amount > «limit»")),
        MistakeCase("folded block", "FG0303", asserting(">\n  1 == 1 &&\n  payment.«amout» == 6")),
        MistakeCase(
            "folded and stripped", "FG0104", asserting(">-\n  1 == 1 &&\n    «limit» == 6 &&\n  2 == 2")),
        MistakeCase("plain over two lines", "FG0104", asserting("payment.amount ==\n  «limit»")),
        MistakeCase("double quotes with a continued line", "FG0104", asserting("\"payment.amount \\\n  == «limit»\"")),
        MistakeCase("double quotes with an empty line", "FG0104", asserting("\"payment.amount\n\n  == «limit»\"")),
        MistakeCase("escapes before it", "FG0104", asserting("\"'\\x41\\u0042' == «limit»\"")),
        MistakeCase("doubled quotes before it", "FG0104", asserting("'''a'' == «limit»'")),
        MistakeCase("what cannot be read", "FG0301", asserting("|\n  1 == 1 &&\n  payment.amount «=» 5")),
        MistakeCase(
            "an expression in a text", "FG0104",
            MistakeCase.states(
                "  s:\n    emit: a.b\n    with:\n      text: |\n        Order $(1) and\n          $(1 +\n          «limit») or\n    target: d\n"
            )),
    ]

    @Test(arguments: cases) func isThatOfTheFile(_ item: MistakeCase) {
        let marked = MarkedText(Example(item.part).text)
        #expect(marked.findings.map(\.code) == [item.code], "\(marked.findings.map(\.message))")
        #expect(marked.findings.first?.span == marked.marks.first)
    }
}
