// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire

/// Brings intents into a status by real requests.
enum Stages {
    static let twenty: ValueMap = ["amount": 2000, "currency": "usd"]
    static let back: Value = "https://shop.example/return"
    static let debit: ValueMap = [
        "payment_method_types": ["us_bank_account"], "mandate_data": DirectRequests.acceptance, "confirm": true,
    ]
    /// An account by its numbers: not verified yet.
    static let newAccount: Value = [
        "type": "us_bank_account",
        "us_bank_account": [
            "routing_number": "110000000", "account_number": "000123456789", "account_holder_type": "individual",
        ],
        "billing_details": ["name": "Ada"],
    ]

    static let payment: [String: ValueMap] = [
        "requires_payment_method": ["payment_method_types": ["card"]],
        "requires_confirmation": ["payment_method_types": ["card"], "payment_method": "pm_card_visa"],
        "requires_action": [
            "payment_method_types": ["card"], "payment_method": "pm_card_threeDSecure2Required", "confirm": true,
            "return_url": back,
        ],
        "waiting for microdeposits": debit.merging(["payment_method_data": newAccount]),
        "processing": debit.merging(["payment_method": "pm_usBankAccount_processing"]),
        "requires_capture": [
            "payment_method_types": ["card"], "payment_method": "pm_card_visa", "confirm": true,
            "capture_method": "manual",
        ],
        "succeeded": ["payment_method_types": ["card"], "payment_method": "pm_card_visa", "confirm": true],
        "canceled": ["payment_method_types": ["card"], "payment_method": "pm_card_visa"],
    ]

    static func payment(_ mock: Mock, _ stage: String) -> Value {
        let intent = mock.made("/v1/payment_intents", .map(twenty.merging(payment[stage]!)))
        guard stage == "canceled" else { return intent }
        return mock.made("/v1/payment_intents/\(intent.id)/cancel")
    }

    /// The same for a setup, except that its debits wait for nothing but an account's proof.
    static let setup = payment.merging(["processing": debit.merging(["payment_method": "pm_usBankAccount_success"])]) {
        $1
    }

    static func setup(_ mock: Mock, _ stage: String) -> Value {
        if stage == "processing" { mock.choices["bank"] = "delays" }
        let intent = mock.made("/v1/setup_intents", .map(setup[stage]!))
        guard stage == "canceled" else { return intent }
        return mock.made("/v1/setup_intents/\(intent.id)/cancel")
    }

    /// The status behind the name of a stage.
    static func status(_ stage: String) -> Value {
        stage == "waiting for microdeposits" ? "requires_action" : .string(stage)
    }
}
