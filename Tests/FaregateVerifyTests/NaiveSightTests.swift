// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
import Testing

/// What moves while nobody looks: the check lets it move later, the naive one at once.
@Suite struct NaiveSightTests {
    private static let held =
        "{amount: 1000, currency: usd, payment_method_types: [paypal], payment_method_data: {type: paypal}, capture_method: manual, return_url: 'https://x.example/', confirm: true}"

    static let flows: [(id: String, text: String, expected: [String])] = [
        (
            "a wait that never polls",
            """
            flow: never
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay: {call: payment.create, with: \(held), on: {requires_action: away}}
              away:
                wait: payment
                poll: never
                on: {requires_capture: held, requires_payment_method: lost}
                after: {9d: lost}
              held: {call: payment.cancel, on: {canceled: lost}, catch: {payment_intent_unexpected_state: lost}}
              lost: {final: failure}
            """, ["FG0203"]
        ),
        (
            "two payments with one method, which the first may use up meanwhile",
            """
            flow: shared
            objects: {method: payment_method, first: payment_intent, second: payment_intent}
            initial: make
            states:
              make: {call: method.create, with: {type: paypal}, on: {unattached: pay}}
              pay:
                call: first.create
                with: {amount: 1000, currency: usd, payment_method_types: [paypal], payment_method: $method.id, return_url: 'https://x.example/', confirm: true}
                on: {requires_action: again}
              again:
                call: second.create
                with: {amount: 1000, currency: usd, payment_method_types: [paypal], payment_method: $method.id, return_url: 'https://x.example/', confirm: true}
                on: {requires_action: away}
              away:
                wait: second
                on: {succeeded: done, requires_payment_method: done}
                after: {1h: done}
              done: {final: success}
            """, ["FG0206"]
        ),
    ]

    @Test(arguments: flows.indices) func agrees(_ number: Int) throws {
        let flow = Self.flows[number]
        let comparison = try #require(Comparison([flow.text], visits: 2, limit: 2000), "\(flow.id)")
        #expect(comparison.disagreements == [], "\(flow.id)")
        #expect(comparison.untoldStories == [], "\(flow.id)")
        let errors = Set(comparison.report.findings.filter { $0.severity == .error }.map(\.code))
        #expect(
            errors == Set(flow.expected), "\(flow.id): \(comparison.report.findings.map { "\($0.code) \($0.message)" })"
        )
    }
}
