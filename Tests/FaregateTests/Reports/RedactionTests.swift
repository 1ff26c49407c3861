// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateWire
import Testing

@Suite struct RedactionTests {
    @Test(arguments: [
        ("4242424242424242", "[redacted]"), ("card 4242 4242 4242 4242, please", "card [redacted], please"),
        ("4242-4242-4242-4242.", "[redacted]."), ("in 2026 4242424242424242", "in 2026 [redacted]"),
        ("378282246310005", "[redacted]"), ("4242424242424241", "4242424242424241"), ("1234567890", "1234567890"),
        ("pi_4242424242424242", "pi_4242424242424242"), ("a4242424242424242", "a4242424242424242"),
        ("4242424242424242é", "4242424242424242é"), ("", ""), ("sk_test_1 and rk_live_2", "[redacted] and [redacted]"),
        ("pi_1_secret_2", "[redacted]"), ("an amount of 1000", "an amount of 1000"),
    ]) func textsLoseTheirSecrets(_ text: String, _ clean: String) {
        #expect(Redaction.redact(text) == clean)
    }

    @Test func numbersOfCardsAreHiddenAsNumbersToo() {
        let card: Value = ["card": ["number": 4_242_424_242_424_242, "cvc": 123, "exp_month": 12]]
        #expect(Redaction.redact(card) == ["card": ["number": "[redacted]", "cvc": "[redacted]", "exp_month": 12]])
    }
}
