// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateStripe
import FaregateValues
import FaregateWire
import Testing

/// What a payment, a hold or a method can no longer do, or never could: the mock must not invent a success.
@Suite struct FitnessTests {
    private let mock = Mock()

    private func intent(
        _ type: String, _ currency: String, amount: Int64 = 10_000, _ more: ValueMap = [:]
    ) -> Response {
        let params: ValueMap = [
            "amount": .int(amount), "currency": .string(currency), "payment_method_types": [.string(type)],
            "payment_method_data": ["type": .string(type)], "confirm": true, "return_url": "https://shop.example/",
        ]
        return mock.post("/v1/payment_intents", .map(params.merging(more)))
    }

    /// Held by the customer's own hand.
    private func held(_ type: String, _ currency: String) -> String {
        let id = intent(type, currency, ["capture_method": "manual"]).body.id
        mock.wait(60)
        #expect(mock.get("/v1/payment_intents/\(id)").body["status"] == "requires_capture", "\(type)")
        return "/v1/payment_intents/\(id)"
    }

    private func expectRefused(
        _ response: Response, _ code: String?, _ param: String?, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(response.status == 400, sourceLocation: location)
        #expect(response.error?.code == code, sourceLocation: location)
        #expect(response.error?.param == param, sourceLocation: location)
    }

    static let terms: [Value] = [
        ["currency": "eur"], ["customer": "cus_other"], ["capture_method": "manual"],
        ["payment_method_types": ["card", "ideal"]], ["setup_future_usage": "off_session"],
    ]

    @Test(arguments: terms) func thePaidIsNotRewritten(_ terms: Value) {
        let customer = mock.made("/v1/customers").id
        let terms: Value = terms["customer"] == nil ? terms : ["customer": .string(customer)]
        let path = "/v1/payment_intents/\(mock.paid().id)"
        let before = mock.get(path).body
        #expect(mock.post(path, terms).error?.code == "payment_intent_unexpected_state")
        #expect(mock.get(path).body == before)
        #expect(mock.post(path, ["description": "a note"]).body["description"] == "a note")
    }

    @Test func aSavedSetupKeepsItsTypes() {
        let setup = mock.made(
            "/v1/setup_intents", ["payment_method": "pm_card_visa", "payment_method_types": ["card"], "confirm": true])
        let answer = mock.post("/v1/setup_intents/\(setup.id)", ["payment_method_types": ["card", "paypal"]])
        #expect(answer.error?.code == "setup_intent_unexpected_state")
    }

    /// Challenged and authenticated: the server has to confirm once more.
    private func authenticated() -> String {
        mock.choices["issuer"] = "challenges"
        let id = mock.made(
            "/v1/payment_intents",
            [
                "amount": 2000, "currency": "usd", "payment_method": "pm_card_visa", "payment_method_types": ["card"],
                "confirmation_method": "manual", "return_url": "https://shop.example/", "confirm": true,
            ]
        ).id
        mock.wait(60)
        #expect(mock.get("/v1/payment_intents/\(id)").body["status"] == "requires_confirmation")
        return "/v1/payment_intents/\(id)/confirm"
    }

    @Test func whoHasAuthenticatedIsNotAskedAgain() {
        #expect(mock.post(authenticated()).body["status"] == "succeeded")
    }

    @Test func anotherMethodIsAskedAgain() {
        let other = mock.post(authenticated(), ["payment_method": "pm_card_mastercard"])
        #expect(other.body["status"] == "requires_action")
    }

    @Test func aTransferInPartsLeavesLess() {
        mock.choices["customer"] = "pays_in_part"
        let id = intent("customer_balance", "usd", amount: 2000, ["customer": .string(mock.made("/v1/customers").id)])
            .body.id
        mock.choices["customer"] = "abandons"
        let missing = "next_action.display_bank_transfer_instructions.amount_remaining"
        mock.wait(1)
        let path = "/v1/payment_intents/\(id)"
        let left = mock.get(path).body[path: missing]?.int ?? 0
        #expect(left == 1000)
        let applied = mock.post("\(path)/apply_customer_balance", ["amount": .int(left - 100)])
        #expect(applied.body["status"] == "requires_action")
        #expect(applied.body[path: missing] == 100)
        expectRefused(mock.post("\(path)/apply_customer_balance", ["amount": 101]), nil, nil)
        let last = mock.post("\(path)/apply_customer_balance")
        #expect(last.body["status"] == "succeeded")
        #expect(last.body["amount_received"] == 2000)
    }

    static let neverHeld = [
        ("ideal", "eur"), ("alipay", "usd"), ("grabpay", "sgd"), ("bancontact", "eur"), ("pix", "brl"),
    ]

    @Test(arguments: neverHeld) func someMethodsCannotBeHeld(_ type: String, _ currency: String) {
        let refused = intent(type, currency, ["capture_method": "manual"])
        expectRefused(refused, "payment_intent_incompatible_payment_method", "payment_method")
    }

    @Test(arguments: [("mobilepay", "dkk"), ("kakao_pay", "krw")]) func someHoldsAreCapturedWhole(
        _ type: String, _ currency: String
    ) {
        let path = held(type, currency)
        expectRefused(mock.post("\(path)/capture", ["amount_to_capture": 500]), nil, "amount_to_capture")
        #expect(mock.post("\(path)/capture", ["amount_to_capture": 10_000]).body["status"] == "succeeded")
    }

    @Test func aHoldGrowsTenTimesAtTheMost() {
        mock.choices["account"] = "eligible"
        let hold = mock.paid([
            "capture_method": "manual",
            "payment_method_options": ["card": ["request_incremental_authorization": "if_available"]],
        ])
        let path = "/v1/payment_intents/\(hold.id)/increment_authorization"
        expectRefused(mock.post(path, ["amount": 1000]), nil, "amount")
        expectRefused(mock.post(path, ["amount": 2000]), nil, "amount")
        for step in 1...8 { #expect(mock.post(path, ["amount": .int(2000 + Int64(step))]).status == 200) }
        expectRefused(mock.post(path, ["amount": 3000]), nil, "amount")
    }

    @Test func currencyAndAmountAreTheMethods() {
        expectRefused(intent("ideal", "usd"), "payment_method_currency_mismatch", "currency")
        expectRefused(intent("alma", "eur", amount: 100), "amount_too_small", "amount")
        expectRefused(intent("konbini", "jpy", amount: 300_001), "amount_too_large", "amount")
    }

    @Test func whatCannotBeSavedIsNotSaved() {
        let customer: Value = .string(mock.made("/v1/customers").id)
        let saving: ValueMap = ["customer": customer, "setup_future_usage": "off_session"]
        expectRefused(
            intent("grabpay", "sgd", saving), "payment_intent_invalid_parameter", "setup_future_usage")
        for type in ["grabpay", "oxxo"] {
            let method = mock.made("/v1/payment_methods", ["type": .string(type)]).id
            let attached = mock.post("/v1/payment_methods/\(method)/attach", ["customer": customer])
            expectRefused(attached, "payment_method_unsupported_type", "payment_method")
        }
        for type in ["billie", "kriya", "mondu", "sequra"] {
            let setup = mock.post("/v1/setup_intents", ["payment_method_types": [.string(type)]])
            expectRefused(setup, nil, "payment_method_types")
        }
    }

    @Test func nobodyPaysWithAWalletThatWasNeverSaved() {
        let answer = intent("amazon_pay", "usd", ["off_session": true])
        #expect(answer.status == 400)
        #expect(answer.error?.message.contains("mandate") == true)
    }

    @Test func aMethodIsOfATypeOfTheIntent() {
        let open = mock.made(
            "/v1/payment_intents", ["amount": 2000, "currency": "eur", "payment_method_types": ["ideal"]])
        let other = mock.post("/v1/payment_intents/\(open.id)", ["payment_method": "pm_card_visa"])
        expectRefused(other, "payment_intent_incompatible_payment_method", "payment_method")
        let setup = mock.post(
            "/v1/setup_intents", ["payment_method_types": ["paypal"], "payment_method": "pm_card_visa"])
        #expect(setup.error?.message.contains("payment_method_types") == true)
    }

    @Test func usedForLaterWithoutACustomerCanBeAttachedStill() {
        let payment = mock.paid(["setup_future_usage": "off_session"])
        let method = payment["payment_method"]?.string ?? ""
        let customer = mock.made("/v1/customers").id
        #expect(mock.post("/v1/payment_methods/\(method)/attach", ["customer": .string(customer)]).status == 200)
    }

    @Test func aMandateIsOfTheMethod() {
        let setup: (String) -> Value = { token in
            mock.made(
                "/v1/setup_intents",
                [
                    "payment_method_types": ["sepa_debit"], "payment_method": .string(token), "confirm": true,
                    "mandate_data": ["customer_acceptance": ["type": "offline"]],
                    "customer": .string(mock.made("/v1/customers").id),
                ])
        }
        let (one, other) = (setup("pm_sepaDebit_success_de"), setup("pm_sepaDebit_success_at"))
        var pay: ValueMap = [
            "amount": 2000, "currency": "eur", "payment_method_types": ["sepa_debit"], "confirm": true,
            "customer": mock.get("/v1/payment_methods/\(one["payment_method"]!.string!)").body["customer"]!,
            "payment_method": one["payment_method"]!, "mandate": other["mandate"]!,
        ]
        expectRefused(mock.post("/v1/payment_intents", .map(pay)), "payment_intent_mandate_invalid", "mandate")
        pay["mandate"] = one["mandate"]!
        #expect(mock.post("/v1/payment_intents", .map(pay)).body["status"] == "processing")
    }

    @Test func aCreateThatConfirmsTakesTheCustomersDefault() {
        let customer = mock.made("/v1/customers").id
        let method = mock.made("/v1/payment_methods/pm_card_visa/attach", ["customer": .string(customer)]).id
        _ = mock.made(
            "/v1/customers/\(customer)", ["invoice_settings": ["default_payment_method": .string(method)]])
        let payment = mock.made(
            "/v1/payment_intents",
            [
                "amount": 2000, "currency": "usd", "customer": .string(customer), "confirm": true,
                "payment_method_types": ["card"],
            ])
        #expect(payment["status"] == "succeeded")
        #expect(payment["payment_method"] == .string(method))
    }

    @Test func aCardGivenAsATokenIsACard() {
        let data: Value = ["type": "card", "card": ["token": "tok_visa"]]
        let payment = mock.made(
            "/v1/payment_intents",
            [
                "amount": 2000, "currency": "usd", "payment_method_data": data, "payment_method_types": ["card"],
                "confirm": true,
            ])
        #expect(payment["status"] == "succeeded")
    }

    // MARK: Test handles

    @Test func aDecliningCardIsNotAttachedEither() {
        let customer: Value = .string(mock.made("/v1/customers").id)
        let answer = mock.post("/v1/payment_methods/pm_card_chargeDeclined/attach", ["customer": customer])
        #expect(answer.status == 402)
        #expect(answer.error?.code == "card_declined")
        #expect(
            mock.post("/v1/payment_methods/pm_card_chargeCustomerFail/attach", ["customer": customer]).status == 200)
    }

    @Test func anAccountOfHighestRiskIsBlocked() {
        let pay: Value = [
            "amount": 2000, "currency": "usd", "payment_method_types": ["us_bank_account"], "confirm": true,
            "payment_method": "pm_usBankAccount_riskLevelHighest",
            "mandate_data": ["customer_acceptance": ["type": "offline"]],
        ]
        let id = mock.made("/v1/payment_intents", pay).id
        mock.wait(86400)
        let blocked = mock.get("/v1/payment_intents/\(id)").body
        #expect(blocked["status"] == "requires_payment_method")
        #expect(blocked[path: "last_payment_error.decline_code"] == "fraudulent")
    }

    @Test func depositsThatFailProveNothing() {
        let pay: Value = [
            "amount": 2000, "currency": "usd", "payment_method_types": ["us_bank_account"], "confirm": true,
            "payment_method": "pm_usBankAccount_failMicrodeposits",
            "mandate_data": ["customer_acceptance": ["type": "offline"]],
        ]
        let id = mock.made("/v1/payment_intents", pay).id
        let answer = mock.post("/v1/payment_intents/\(id)/verify_microdeposits", ["amounts": [32, 45]])
        #expect(answer.error?.code == "payment_method_microdeposit_failed")
    }

    @Test(arguments: [["amounts": [40, 41]], ["descriptor_code": "SM44DD"]] as [Value])
    func depositsThatTimeOutEndTheAttempt(_ answer: Value) {
        let data: Value = [
            "type": "us_bank_account",
            "us_bank_account": [
                "account_number": "000123456789", "routing_number": "110000000", "account_holder_type": "individual",
            ],
            "billing_details": ["name": "Jenny"],
        ]
        let pay: Value = [
            "amount": 2000, "currency": "usd", "payment_method_types": ["us_bank_account"], "confirm": true,
            "payment_method_data": data, "mandate_data": ["customer_acceptance": ["type": "offline"]],
        ]
        let id = mock.made("/v1/payment_intents", pay).id
        let refused = mock.post("/v1/payment_intents/\(id)/verify_microdeposits", answer)
        #expect(refused.error?.code == "payment_method_microdeposit_verification_timeout")
        #expect(mock.get("/v1/payment_intents/\(id)").body["status"] == "requires_payment_method")
    }

    // MARK: Refunds

    private func refund(_ payment: Value) -> Response {
        mock.post("/v1/refunds", ["payment_intent": .string(payment.id)])
    }

    @Test func aRefundThatFailsGivesTheMoneyBackToTheBooks() {
        let payment = mock.paid(["payment_method": "pm_card_refundFail"])
        let first = refund(payment).body
        #expect(first["status"] == "succeeded")
        mock.wait(10 * 86400)
        let failed = mock.get("/v1/refunds/\(first.id)").body
        #expect(failed["status"] == "failed")
        #expect(failed["failure_reason"] == "expired_or_canceled_card")
        let charge = mock.get("/v1/charges/\(payment["latest_charge"]!.string!)").body
        #expect(charge["amount_refunded"] == 0)
        #expect(charge["refunded"] == false)
        #expect(refund(payment).status == 200)
    }

    @Test func aCanceledRefundLeavesTheBooks() {
        let payment = intent("konbini", "jpy", amount: 5000).body
        mock.wait(86400)
        mock.choices["customer"] = "abandons"
        let asked = refund(payment).body
        #expect(asked["status"] == "requires_action")
        #expect(asked[path: "next_action.type"] == "display_details")
        let canceled = mock.post("/v1/refunds/\(asked.id)/cancel").body
        #expect(canceled["status"] == "canceled")
        #expect(canceled["next_action"] ?? .null == .null)
        #expect(refund(payment).status == 200)
    }

    @Test func aRefundMayTakeItsTime() {
        let pending = refund(mock.paid(["payment_method": "pm_card_pendingRefund"])).body
        #expect(pending["status"] == "pending")
        mock.wait(86400)
        #expect(mock.get("/v1/refunds/\(pending.id)").body["status"] == "succeeded")
    }

    @Test func whatTheCardholderHasBackIsNotRefunded() {
        let payment = mock.paid(["payment_method": "pm_card_createDispute"])
        mock.wait(3600)
        #expect(refund(payment).error?.code == "charge_disputed")
        let inquired = mock.paid(["payment_method": "pm_card_createDisputeInquiry"])
        mock.wait(3600)
        #expect(refund(inquired).status == 200)
    }

    @Test func aHoldIsCanceledAndNotRefunded() {
        let hold = mock.paid(["capture_method": "manual"])
        #expect(refund(hold).error?.message.contains("Cancel") == true)
    }

    // MARK: Events and keys

    @Test func anUpdateSaysWhatWasThereBefore() {
        let customer = mock.made("/v1/customers", ["name": "Jo", "metadata": ["a": "1", "b": "2"]]).id
        _ = mock.made("/v1/customers/\(customer)", ["name": "Jane", "metadata": ["b": "3", "c": "4"]])
        let event = mock.world.events.last!.body
        #expect(event["type"] == "customer.updated")
        #expect(
            event[path: "data.previous_attributes"] == ["name": "Jo", "metadata": ["b": "2", "c": .null]])
        #expect(mock.world.events.first!.body[path: "data.previous_attributes"] == nil)
    }

    @Test func aKeyIsForgottenAfterADay() {
        let first = mock.post("/v1/customers", ["name": "Jo"], key: "k")
        mock.wait(23 * 3600)
        #expect(mock.post("/v1/customers", ["name": "Jo"], key: "k").body.id == first.body.id)
        mock.wait(3600)
        let other = mock.post("/v1/customers", ["name": "Jane"], key: "k")
        #expect(other.status == 200 && !other.replayed)
        #expect(other.body.id != first.body.id)
        #expect(mock.get("/v1/customers/\(first.body.id)").body["name"] == "Jo")
    }

    @Test func whitespaceIsNoName() {
        let answer = mock.post("/v1/customers", ["name": "  "])
        expectRefused(answer, "parameter_invalid_string_blank", "name")
    }

    @Test func anOldClientReadsOldNamesInMessages() {
        mock.version = "2018-11-08"
        let pay: Value = ["amount": 2000, "currency": "usd", "payment_method_types": ["card"]]
        let id = mock.made("/v1/payment_intents", pay).id
        let message = mock.post("/v1/payment_intents/\(id)/capture").error?.message ?? ""
        #expect(message.contains("requires_source") && !message.contains("requires_payment_method"))
    }
}
