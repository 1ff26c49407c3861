// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateValues
import FaregateWire

/// Requests of every kind, allowed and refused, beyond what flows send.
enum DirectRequests {
    static let acceptance: Value = [
        "customer_acceptance": ["type": "online", "online": ["ip_address": "203.0.113.5", "user_agent": "Browser/1"]]
    ]

    static func play(_ mock: Mock) {
        let customer = customers(mock)
        methods(mock, customer)
        intents(mock, customer)
        everyMethod(mock)
        afterwards(mock, customer)
        lists(mock, customer)
        mock.send("DELETE", "/v1/customers/\(customer)")
        mock.get("/v1/customers/\(customer)")
        mock.send("DELETE", "/v1/customers/\(customer)")
    }

    private static func customers(_ mock: Mock) -> String {
        let customer = mock.made(
            "/v1/customers",
            [
                "name": "Ada", "email": "ada@example.com", "phone": "+1", "metadata": ["k": "v"],
                "address": ["line1": "1 Main St", "city": "Springfield", "country": "US"], "balance": -500,
                "shipping": ["name": "Ada", "address": ["line1": "1 Main St"]], "preferred_locales": ["en"],
                "tax_exempt": "exempt",
            ]
        ).id
        mock.post("/v1/customers/\(customer)", ["description": "", "shipping": "", "address": ""])
        mock.post("/v1/customers/\(customer)", ["tax_exempt": "none", "metadata": ""])
        mock.get("/v1/customers/cus_none")
        return customer
    }

    private static func methods(_ mock: Mock, _ customer: String) {
        for row in StripePack.standard.tokens {
            guard let token = row["token"]?.string else { continue }
            mock.post("/v1/payment_methods/\(token)/attach", ["customer": .string(customer)])
        }
        let iban: Value = ["type": "sepa_debit", "sepa_debit": ["iban": "DE89370400440532013000"]]
        mock.post("/v1/payment_methods", iban)
        mock.post("/v1/payment_methods", ["type": "card", "card": ["token": "tok_visa"]])
        mock.post("/v1/payment_methods", ["type": "card", "card": ["number": "4242424242424242"]])
        let method = mock.made("/v1/payment_methods/pm_card_visa/attach", ["customer": .string(customer)]).id
        mock.post(
            "/v1/payment_methods/\(method)",
            ["billing_details": ["name": "Ada", "address": ["country": "US"]], "metadata": ["a": "b"]])
        mock.post("/v1/payment_methods/\(method)", ["card": ["exp_year": 2040]])
        mock.get("/v1/payment_methods/\(method)", ["expand": ["customer"]])
        mock.get("/v1/customers/\(customer)/payment_methods/\(method)")
        mock.post("/v1/payment_methods/\(method)/detach")
        mock.post("/v1/payment_methods/\(method)/detach")
        mock.get("/v1/customers/\(customer)/payment_methods/\(method)")
    }

    private static func intents(_ mock: Mock, _ customer: String) {
        mock.post("/v1/payment_intents", ["amount": 0, "currency": "usd"])
        mock.post("/v1/payment_intents", ["amount": 2000, "currency": "usd", "shoe_size": 7])
        mock.post("/v1/payment_intents", ["amount": 2000, "currency": "usd", "application_fee_amount": 7])
        let full: Value = [
            "amount": 2000, "currency": "eur", "customer": .string(customer), "description": "d",
            "metadata": ["k": "v"], "receipt_email": "a@example.com", "statement_descriptor_suffix": "s",
            "shipping": ["name": "Ada", "address": ["line1": "1 Main St"]], "setup_future_usage": "off_session",
            "automatic_payment_methods": ["enabled": true, "allow_redirects": "never"], "transfer_group": "g",
            "payment_method_options": [
                "card": ["request_incremental_authorization": "never"],
                "customer_balance": ["funding_type": "bank_transfer"],
            ],
        ]
        let intent = mock.made("/v1/payment_intents", full).id
        mock.post("/v1/payment_intents/\(intent)", ["amount": 2100, "metadata": ["k": "", "l": "m"]])
        mock.post("/v1/payment_intents/\(intent)/confirm", ["payment_method": "pm_card_visa_chargeDeclined"])
        mock.get("/v1/payment_intents/\(intent)", ["expand": ["latest_charge"]])
        mock.post("/v1/payment_intents/\(intent)/cancel", ["cancellation_reason": "duplicate"])
        mock.post("/v1/payment_intents/\(intent)/confirm", ["payment_method": "pm_card_visa"])
        let setup = mock.made("/v1/setup_intents", ["customer": .string(customer), "payment_method_types": ["card"]]).id
        mock.post("/v1/setup_intents/\(setup)/confirm", ["payment_method": "pm_card_visa_chargeDeclined"])
        mock.post("/v1/setup_intents/\(setup)/confirm", ["payment_method": "pm_card_visa"])
        mock.post("/v1/setup_intents/\(setup)/cancel")
        mock.get("/v1/setup_intents/\(setup)", ["expand": ["payment_method"]])
    }

    /// Pays with each type, saves it where it can be saved.
    private static func everyMethod(_ mock: Mock) {
        for type in StripePack.standard.catalog.methods.map?.names ?? [] {
            let currency = StripePack.standard.catalog.methods[type]?[at: "currencies"].list?.first?.string ?? "usd"
            let intent = mock.post(
                "/v1/payment_intents",
                [
                    "amount": 20000, "currency": .string(currency == "*" ? "usd" : currency),
                    "payment_method_types": [.string(type)], "payment_method_data": ["type": .string(type)],
                    "confirm": true, "return_url": "https://shop.example/return", "mandate_data": acceptance,
                ]
            ).body
            mock.post(
                "/v1/payment_intents/\(intent.id)/verify_microdeposits", ["descriptor_code": "SM11AA"])
            mock.post(
                "/v1/setup_intents",
                [
                    "payment_method_types": [.string(type)], "payment_method_data": ["type": .string(type)],
                    "confirm": true, "return_url": "https://shop.example/return", "mandate_data": acceptance,
                ])
            // Answers and what follows by itself.
            mock.wait(20)
            mock.get("/v1/payment_intents/\(intent.id)", ["expand": ["latest_charge", "payment_method"]])
        }
        mock.wait(40 * 86400)
    }

    private static func afterwards(_ mock: Mock, _ customer: String) {
        let intent = mock.paid(["customer": .string(customer)])
        mock.post("/v1/refunds", ["payment_intent": .string(intent.id), "amount": 500, "metadata": ["k": "v"]])
        let refund = mock.made("/v1/refunds", ["charge": intent["latest_charge"]!, "reason": "duplicate"]).id
        mock.post("/v1/refunds", ["charge": intent["latest_charge"]!])
        mock.post("/v1/refunds")
        mock.post("/v1/refunds/\(refund)", ["metadata": ["k": "v"]])
        mock.post("/v1/refunds/\(refund)/cancel")
        mock.get("/v1/refunds/\(refund)", ["expand": ["charge", "payment_intent"]])
        mock.get("/v1/refunds/re_none")
        let disputed = mock.paid(["payment_method": "pm_card_createDispute"])
        mock.wait(86400 * 30)
        let dispute = mock.get("/v1/disputes", ["payment_intent": .string(disputed.id)]).body["data"]?.list?.first
        if let dispute {
            mock.post("/v1/disputes/\(dispute.id)", ["evidence": ["uncategorized_text": "x"], "submit": false])
            mock.get("/v1/disputes/\(dispute.id)", ["expand": ["charge"]])
            mock.post("/v1/disputes/\(dispute.id)/close")
            mock.post("/v1/disputes/\(dispute.id)/close")
        }
        let held = mock.paid(["capture_method": "manual"])
        mock.post("/v1/payment_intents/\(held.id)/capture", ["amount_to_capture": 99999])
        mock.post("/v1/payment_intents/\(held.id)/capture", ["amount_to_capture": 1500])
        let charge = held["latest_charge"]?.string ?? ""
        mock.get("/v1/charges/\(charge)", ["expand": ["payment_intent", "refunds"]])
        mock.get("/v1/charges/ch_none")
    }

    private static func lists(_ mock: Mock, _ customer: String) {
        for kind in ["payment_intents", "setup_intents", "customers", "charges", "refunds", "disputes", "events"] {
            mock.get("/v1/\(kind)", ["limit": 100])
        }
        mock.get("/v1/payment_methods", ["customer": .string(customer)])
        mock.get("/v1/customers/\(customer)/payment_methods")
        mock.get("/v1/payment_intents/search", ["query": "currency:'usd'"])
        mock.get("/v1/charges/search", ["query": "metadata['k']:'v'"])
        mock.get("/v1/balance")
        mock.get("/v1/invoices")
        mock.get("/v1/nothing")
        let mandate = mock.world.objects.keys.filter { $0.hasPrefix("mandate_") }.sorted().first ?? "mandate_none"
        mock.get("/v1/mandates/\(mandate)")
        mock.get("/v1/mandates/mandate_none")
    }
}
