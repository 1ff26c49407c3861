// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The messages of refusals without a code, by the row of the lifecycles that refuses. The wording is ours.
enum RefusalWords {
    static let byRow: [String: String] = [
        "P06d": "The amount is settled: it can be changed until the payment is authorized only.",
        "P18b": "The payment method needs a mandate: give mandate_data.",
        "P18c": used,
        "P30b": "More cannot be applied than the payment still needs.",
        "P30c": "Only a payment by bank transfer takes money from the customer's balance.",
        "P50a": "More cannot be captured than is capturable.",
        "P50b": "With this payment method all of the amount is captured, or nothing.",
        "P54a": "This payment cannot be authorized for more: ask for incremental authorization when confirming it.",
        "P54b": "The new amount must be larger than the one authorized.",
        "S15a": used,
        "R00": "There is nothing to refund: name a charge, or a payment that has one.",
        "R00a": "Only a captured charge can be refunded. Cancel the PaymentIntent to release a hold.",
        "R00c": "The amount is larger than what is left of the charge.",
        "R08": "Only a refund that waits for the customer can be canceled.",
        "D10": "The evidence was submitted, or the dispute is closed.",
        "D11": "The dispute is closed.",
        "M05": "The PaymentMethod is attached to a customer already, or may not be used again.",
        "M06": "The PaymentMethod is not attached to a customer.",
        "M07": "Only a PaymentMethod that is attached to a customer can be changed.",
    ]

    private static let used =
        "The PaymentMethod was used before without being attached to a customer, or was detached. It may not be used again."
}
