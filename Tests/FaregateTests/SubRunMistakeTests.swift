// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateText
import Testing

/// What a flow says of the flows that it runs.
@Suite struct SubRunMistakeTests {
    private static let child = """
        flow: child
        inputs: {amount: {type: int, default: 100}, kind: {type: string, default: a, one_of: [a, b]}}
        objects: {payment: payment_intent}
        initial: pay
        states:
          pay:
            call: payment.create
            with: {amount: $amount, currency: usd}
            on: {requires_payment_method: made}
          made: {final: success, outputs: {payment: $payment.id}}

        """

    private static func parent(with: String = "amount: 5", output: String = "payment") -> String {
        """
        flow: parent
        initial: r
        states:
          r: {run: child, with: {\(with)}, on: {made: done}}
          done: {final: success, outputs: {p: $states.r.outputs.\(output)}}

        """
    }

    static let cases = [
        MistakeCase("an input that it does not have", "FG0403", parent(with: "«amont»: 5"), help: "write 'amount'"),
        MistakeCase("an input of another type", "FG0111", parent(with: "amount: «x»")),
        MistakeCase("an input outside of its values", "FG0111", parent(with: "kind: «c»")),
        MistakeCase(
            "an output that it does not have", "FG0303", parent(output: "«paymnt»"), help: "did you mean 'payment'?"),
    ]

    @Test(arguments: cases) func isOneFindingAtItsPlace(_ item: MistakeCase) {
        let marked = MarkedText(item.part)
        let findings = FlowLibrary(files: [("parent.yaml", marked.text), ("child.yaml", Self.child)]).findings
        #expect(findings.map(\.code) == [item.code], "\(findings.map(\.message))")
        #expect(findings.first?.span == marked.marks.first)
        if let help = item.help { #expect(findings.first?.help == help) }
    }

    @Test func whatIsRightIsSilent() {
        let files = [("parent.yaml", Self.parent()), ("child.yaml", Self.child)]
        #expect(FlowLibrary(files: files).findings.isEmpty)
    }
}
