// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateValues
import FaregateWire
import Testing

/// What the API's test mode was seen to do, against what older sheets said of it. Each test begins with the id of its row.
@Suite struct LiveObservationTests {
    private static func card(_ token: String, _ more: ValueMap = [:]) -> Value {
        let params: ValueMap = [
            "amount": 2000, "currency": "usd", "payment_method_types": ["card"], "payment_method": .string(token),
            "confirm": true,
        ]
        return .map(params.merging(more))
    }

    private static func debit(_ more: ValueMap = [:]) -> Value {
        .map(Stages.twenty.merging(Stages.debit).merging(more))
    }

    @Test func d1_aChallengeThatNobodyMayTakeIsAuthenticationNotHandled() throws {
        let mock = Mock()
        let error = mock.post(
            "/v1/payment_intents", Self.card("pm_card_threeDSecure2Required", ["error_on_requires_action": true]))
        #expect(error.status == 402)
        #expect(error.error?.type == "card_error")
        #expect(error.error?.code == "authentication_required")
        #expect(error.error?.declineCode == "authentication_not_handled")
        #expect(error.error?.param == nil)
        let intent = try #require(mock.get("/v1/payment_intents").body["data"]?.list?.first)
        #expect(intent["status"] == "requires_payment_method")
    }

    @Test func d2_offSessionAuthenticationFallsBackToRequiresPaymentMethod() throws {
        let mock = Mock()
        let customer = mock.made("/v1/customers").id
        let method = mock.made(
            "/v1/payment_methods/pm_card_authenticationRequired/attach", ["customer": .string(customer)]
        ).id
        let error = mock.post(
            "/v1/payment_intents", Self.card(method, ["customer": .string(customer), "off_session": true])
        )
        #expect(error.status == 402)
        #expect(error.error?.code == "authentication_required")
        #expect(error.error?.declineCode == "authentication_required")
        let intent = try #require(error.error?.embedded("payment_intent"))
        #expect(intent["status"] == "requires_payment_method")
        #expect(mock.post("/v1/payment_intents/\(intent.id)/cancel").status == 200)
    }

    @Test func d3_aVerificationThatNobodyWaitsForIsNamedByItsKindOfIntent() {
        let mock = Mock()
        let code: Value = ["descriptor_code": "SM11AA"]
        let payment = mock.post("/v1/payment_intents/\(mock.paid().id)/verify_microdeposits", code).error
        #expect(payment?.code == "payment_intent_unexpected_state")
        #expect(payment?.param == nil && payment?.declineCode == nil)
        let setup = Stages.setup(mock, "succeeded").id
        #expect(
            mock.post("/v1/setup_intents/\(setup)/verify_microdeposits", code).error?.code == "intent_invalid_state")
    }

    @Test func d4_wrongMicrodepositsBlameAmountsOnlyAndLeaveAnotherTry() {
        let mock = Mock()
        let intent = Stages.payment(mock, "waiting for microdeposits")
        let path = "/v1/payment_intents/\(intent.id)/verify_microdeposits"
        let code = mock.post(path, ["descriptor_code": "SM00AA"])
        #expect(code.status == 400)
        #expect(code.error?.code == "payment_method_microdeposit_verification_descriptor_code_mismatch")
        #expect(code.error?.param == nil && code.error?.declineCode == nil)
        let amounts = mock.post(path, ["amounts": [32]])
        #expect(amounts.error?.code == "payment_method_microdeposit_verification_amounts_invalid")
        #expect(amounts.error?.param == "amounts")
        #expect(mock.get("/v1/payment_intents/\(intent.id)").body["status"] == "requires_action")
        let right = mock.post(path, ["descriptor_code": "SM11AA"]).body
        #expect(right["status"] == "processing")
        #expect(right["next_action"] == .null)
    }

    @Test func d5_aReturnedDebitHasACodeADeclineCodeAndTheBanksReason() {
        let mock = Mock()
        let ach = mock.made("/v1/payment_intents", Self.debit(["payment_method": "pm_usBankAccount_insufficientFunds"]))
        let sepa = mock.made(
            "/v1/payment_intents",
            [
                "amount": 1100, "currency": "eur", "payment_method_types": ["sepa_debit"], "confirm": true,
                "payment_method_data": ["type": "sepa_debit", "sepa_debit": ["iban": "DE62370400440532013001"]],
                "mandate_data": DirectRequests.acceptance,
            ])
        #expect(sepa["status"] == "processing")
        #expect(sepa["latest_charge"] != .null)
        mock.wait(10 * 86400)
        let first = mock.get("/v1/payment_intents/\(ach.id)").body
        #expect(first["status"] == "requires_payment_method")
        #expect(first["amount_received"] == 0)
        #expect(first[at: "last_payment_error.code"] == "insufficient_funds")
        #expect(first[at: "last_payment_error.decline_code"] == "generic_decline")
        let second = mock.get("/v1/payment_intents/\(sepa.id)", ["expand": ["latest_charge"]]).body
        #expect(second[at: "last_payment_error.code"] == "payment_intent_payment_attempt_failed")
        #expect(second[at: "last_payment_error.decline_code"] == "generic_decline")
        #expect(second[at: "latest_charge.failure_code"] == "incorrect_account_holder_name")
    }

    @Test func d6_aDebitsMandateStandsThereBeforeTheAccountIsVerified() {
        let mock = Mock()
        let customer = mock.made("/v1/customers").id
        let params = Stages.setup["waiting for microdeposits"]!.merging(["customer": .string(customer)])
        let setup = mock.made("/v1/setup_intents", .map(params))
        #expect(setup["status"] == "requires_action")
        let mandate = setup["mandate"]?.string ?? ""
        #expect(mock.get("/v1/mandates/\(mandate)").body["status"] == "pending")
        let done = mock.made("/v1/setup_intents/\(setup.id)/verify_microdeposits", ["descriptor_code": "SM11AA"])
        #expect(done["status"] == "succeeded")
        #expect(done["mandate"] == .string(mandate))
        #expect(done["payment_method"] == setup["payment_method"])
        let shown = mock.get("/v1/mandates/\(mandate)").body
        #expect(shown["status"] == "active")
        #expect(shown["type"] == "multi_use")
        #expect(shown[at: "customer_acceptance.online.ip_address"] == "203.0.113.5")
        #expect(shown["payment_method"] == done["payment_method"])
        #expect(Stages.setup(mock, "succeeded")["mandate"] == .null)
    }

    @Test func d7_aDebitWithoutAMandateRestsInRequiresConfirmation() throws {
        let mock = Mock()
        var params = Stages.debit.merging(["payment_method": "pm_usBankAccount_success"])
        params["mandate_data"] = nil
        let error = mock.post("/v1/payment_intents", .map(Stages.twenty.merging(params)))
        #expect(error.status == 400)
        #expect(error.error?.type == "invalid_request_error")
        #expect(error.error?.code == nil && error.error?.param == nil)
        let intent = try #require(mock.get("/v1/payment_intents").body["data"]?.list?.first)
        #expect(intent["status"] == "requires_confirmation")
        #expect(mock.post("/v1/payment_intents/\(intent.id)/cancel").body["status"] == "canceled")
    }

    @Test func d7_aNamedMandateThatCannotBeUsedHasACodeOfItsOwn() {
        let mock = Mock()
        let error = mock.post(
            "/v1/payment_intents/\(Stages.payment(mock, "requires_confirmation").id)/confirm",
            ["mandate": "mandate_none"])
        #expect(error.status == 400)
        #expect(error.error?.code == "payment_intent_mandate_invalid")
    }

    @Test func d8_incrementsNeedToBeAskedForAndAnAccountThatMay() throws {
        let mock = Mock()
        let held = Stages.payment(mock, "requires_capture").id
        let increment = mock.post("/v1/payment_intents/\(held)/increment_authorization", ["amount": 3000])
        #expect(increment.status == 400)
        #expect(increment.error?.code == nil && increment.error?.declineCode == nil && increment.error?.param == nil)
        let asked = mock.post(
            "/v1/payment_intents",
            Self.card(
                "pm_card_visa",
                [
                    "capture_method": "manual",
                    "payment_method_options": ["card": ["request_incremental_authorization": "if_available"]],
                ]))
        #expect(asked.status == 400)
        #expect(asked.error?.code == "payment_intent_invalid_parameter")
        #expect(asked.error?.param == nil)
        let left = try #require(asked.error?.embedded("payment_intent"))
        #expect(left["status"] == "requires_payment_method")
        #expect(mock.post("/v1/payment_intents/\(left.id)/cancel").status == 200)
    }

    static let declines: [(token: String, code: String, declineCode: String, param: String?, advice: String?)] = [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline", nil, "try_again_later"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds", nil, "try_again_later"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card", nil, "do_not_try_again"),
        ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card", nil, "do_not_try_again"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card", "exp_month", "confirm_card_data"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc", "cvc", "confirm_card_data"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error", nil, "try_again_later"),
        ("pm_card_chargeDeclinedFraudulent", "card_declined", "fraudulent", nil, nil),
    ]

    @Test(arguments: declines.indices) func d9_eachDecliningCardHasItsOwnError(_ number: Int) throws {
        let mock = Mock()
        let row = Self.declines[number]
        let response = mock.post("/v1/payment_intents", Self.card(row.token))
        let error = try #require(response.error)
        #expect(response.status == 402)
        #expect(error.type == "card_error")
        #expect(error.code == row.code)
        #expect(error.declineCode == row.declineCode)
        #expect(error.param == row.param)
        #expect(error.body["advice_code"]?.string == row.advice)
        let intent = try #require(error.embedded("payment_intent"))
        #expect(intent["status"] == "requires_payment_method")
        #expect(intent["payment_method"] == .null)
        #expect(intent["amount_received"] == 0)
        #expect(intent[at: "last_payment_error.code"] == .string(row.code))
        #expect(error.body["charge"] == intent["latest_charge"])
        // The same intent takes another card.
        let paid = mock.made("/v1/payment_intents/\(intent.id)/confirm", ["payment_method": "pm_card_visa"])
        #expect(paid["status"] == "succeeded")
        #expect(paid["last_payment_error"] == .null)
    }

    @Test func d10_attachingAndDetachingTwiceHaveNoCode() {
        let mock = Mock()
        let customer: Value = .string(mock.made("/v1/customers").id)
        let method = mock.made("/v1/payment_methods/pm_card_mastercard/attach", ["customer": customer]).id
        #expect(method.hasPrefix("pm_") && method != "pm_card_mastercard")
        #expect(mock.made("/v1/payment_methods/\(method)/detach")["customer"] == .null)
        for (call, params) in [("attach", ["customer": customer]), ("detach", [:])] as [(String, Value)] {
            let error = mock.post("/v1/payment_methods/\(method)/\(call)", params)
            #expect(error.status == 400)
            #expect(error.error?.type == "invalid_request_error")
            #expect(error.error?.code == nil && error.error?.declineCode == nil)
        }
        let gone = mock.get("/v1/customers/\(customer.string!)/payment_methods/\(method)")
        #expect(gone.status == 404)
        #expect(gone.error?.code == nil)
        #expect(gone.error?.param == "customer")
    }

    @Test func d11_theMethodOfADeletedCustomerStillNamesIt() {
        let mock = Mock()
        let customer = mock.made("/v1/customers").id
        let method = mock.made("/v1/payment_methods/pm_card_visa/attach", ["customer": .string(customer)]).id
        mock.send("DELETE", "/v1/customers/\(customer)")
        let shown = mock.get("/v1/payment_methods/\(method)")
        #expect(shown.status == 200)
        #expect(shown.body["customer"] == .string(customer))
    }

    @Test func d12_aCardNumberIsRefusedWith402AndIsNoCardError() {
        let response = Mock().post("/v1/payment_methods", ["type": "card", "card": ["number": "4242424242424242"]])
        #expect(response.status == 402)
        #expect(response.error?.type == "invalid_request_error")
    }

    static let missing: [(path: String, param: String)] = [
        ("/v1/payment_intents/pi_none", "intent"), ("/v1/setup_intents/seti_none", "intent"),
        ("/v1/charges/ch_none", "id"), ("/v1/disputes/du_none", "dispute"), ("/v1/refunds/re_none", "refund"),
        ("/v1/mandates/mandate_none", "mandate"), ("/v1/customers/cus_none", "id"),
        ("/v1/payment_methods/pm_none", "payment_method"),
    ]

    @Test(arguments: missing.indices) func d13_anUnknownIDInThePathIs404AndNamesTheRoutesParameter(_ number: Int) {
        let response = Mock().get(Self.missing[number].path)
        #expect(response.status == 404)
        #expect(response.error?.type == "invalid_request_error")
        #expect(response.error?.code == "resource_missing")
        #expect(response.error?.param == Self.missing[number].param)
    }

    @Test func d13_anUnknownIDInTheBodyIs400() {
        let response = Mock().post("/v1/payment_intents", Self.card("pm_none"))
        #expect(response.status == 400)
        #expect(response.error?.code == "resource_missing")
        #expect(response.error?.param == "payment_method")
    }

    @Test func d14_aBalanceIsAppliedToWhatWaitsForATransferOnly() {
        let mock = Mock()
        let customer = mock.made("/v1/customers").id
        let intent = mock.made(
            "/v1/payment_intents",
            [
                "amount": 2000, "currency": "usd", "customer": .string(customer),
                "payment_method_types": ["customer_balance"], "payment_method_data": ["type": "customer_balance"],
                "payment_method_options": [
                    "customer_balance": [
                        "funding_type": "bank_transfer", "bank_transfer": ["type": "us_bank_transfer"],
                    ]
                ], "confirm": true,
            ])
        #expect(intent["status"] == "requires_action")
        #expect(intent[at: "next_action.display_bank_transfer_instructions.amount_remaining"] == 2000)
        let path = "/v1/payment_intents/\(intent.id)/apply_customer_balance"
        for params in [["amount": 3000], ["currency": "eur"]] as [Value] {
            let error = mock.post(path, params)
            #expect(error.status == 400)
            #expect(error.error?.code == nil && error.error?.declineCode == nil)
            #expect(mock.get("/v1/payment_intents/\(intent.id)").body["status"] == "requires_action")
        }
        let paid = mock.made(path)
        #expect(paid["status"] == "succeeded")
        #expect(paid["next_action"] == .null)
        #expect(mock.post(path).error?.code == "payment_intent_unexpected_state")
        let card = mock.post("/v1/payment_intents/\(mock.paid().id)/apply_customer_balance")
        #expect(card.status == 400)
        #expect(card.error?.code == nil && card.error?.param == nil)
    }

    @Test(.enabled(if: AnswerSchemaTests.schema != nil, AnswerSchemaTests.absent))
    func d15_codesAreAnOpenSet() throws {
        let schema = try #require(AnswerSchemaTests.schema)
        let body: Value = [
            "error": ["type": "invalid_request_error", "code": "payment_intent_confirmation_token_invalid"]
        ]
        let own = try #require(schema.named("error"))
        #expect(schema.problems(body, own, at: "").isEmpty)
    }

    @Test func d16_everyKeyedPostNamesItsOriginalRequest() {
        let mock = Mock()
        let first = mock.post("/v1/customers", key: "k")
        let again = mock.post("/v1/customers", key: "k")
        #expect(first.originalRequestID == first.requestID && !first.replayed)
        #expect(again.originalRequestID == first.requestID && again.replayed && again.requestID != first.requestID)
        #expect(mock.get("/v1/customers").originalRequestID == nil)
    }

    @Test func d17_versionAndDeletionDoNotMatterToAReplay() {
        let mock = Mock()
        let first = mock.post("/v1/customers", key: "k")
        mock.send("DELETE", "/v1/customers/\(first.body.id)")
        #expect(mock.send("POST", "/v1/customers", key: "k", version: "2019-12-03").body == first.body)
    }

    @Test func d18_eventsHaveTheAccountsVersionAndNameTheirRequest() throws {
        let mock = Mock(accountVersion: "2019-02-11")
        let created = mock.send("POST", "/v1/customers", key: "k", version: StripePack.version)
        let event = try #require(
            mock.get("/v1/events", ["type": "customer.created", "created": ["gte": created.body["created"]!]])
                .body["data"]?.list?.first)
        #expect(event["api_version"] == "2019-02-11")
        #expect(event[at: "request.id"] == .string(created.requestID))
        #expect(event[at: "request.idempotency_key"] == "k")
    }

    @Test func d18_whatAnEventCarriesKeepsTheVersionOfItsMaking() throws {
        let mock = Mock(accountVersion: "2018-11-08")
        _ = mock.made("/v1/payment_intents", ["amount": 2000, "currency": "usd"])
        let event = try #require(mock.get("/v1/events").body["data"]?.list?.first)
        #expect(event[at: "data.object.status"] == "requires_source")
        let old = try #require(
            mock.send("GET", "/v1/events", version: "2018-11-08").body["data"]?.list?.first)
        #expect(old == event)
    }

    @Test(arguments: [
        ("InsufficientFunds", "insufficient_funds"), ("LostCard", "lost_card"), ("StolenCard", "stolen_card"),
        ("Fraudulent", "fraudulent"),
    ])
    func d19_decliningTokensHaveTwoSpellings(_ name: String, _ declineCode: String) {
        for token in ["pm_card_visa_chargeDeclined\(name)", "pm_card_chargeDeclined\(name)"] {
            let error = Mock().post("/v1/payment_intents", Self.card(token)).error
            #expect(error?.declineCode == declineCode, "\(token)")
        }
    }

    @Test func d20_aSavedAccountIsDebitedAtOnceAndSettlesByTheMocksClock() {
        let mock = Mock()
        let customer: Value = .string(mock.made("/v1/customers").id)
        let setup = mock.made(
            "/v1/setup_intents", .map(Stages.setup["waiting for microdeposits"]!.merging(["customer": customer])))
        let saved = mock.made("/v1/setup_intents/\(setup.id)/verify_microdeposits", ["descriptor_code": "SM11AA"])
        let payment = mock.made(
            "/v1/payment_intents",
            [
                "amount": 2000, "currency": "usd", "customer": customer, "payment_method": saved["payment_method"]!,
                "payment_method_types": ["us_bank_account"], "off_session": true, "confirm": true,
            ])
        #expect(payment["status"] == "processing")
        #expect(payment["next_action"] == .null)
        mock.wait(10 * 86400)
        let done = mock.get("/v1/payment_intents/\(payment.id)").body
        #expect(done["status"] == "succeeded")
        #expect(done["amount_received"] == 2000)
        #expect(mock.get("/v1/mandates/\(saved["mandate"]!.string!)").body["status"] == "active")
    }

    @Test(.enabled(if: AnswerSchemaTests.schema != nil, AnswerSchemaTests.absent))
    func d21_aValueThatIsNotPublishedIsNoFaultWhereTheSetIsOpen() throws {
        let schema = try #require(AnswerSchemaTests.schema)
        let open: Value = ["type": "string", "enum": ["a"], "x-open-enum": true]
        let closed: Value = ["type": "string", "enum": ["a"]]
        #expect(schema.problems("b", open, at: "").isEmpty)
        #expect(schema.problems("b", closed, at: "").count == 1)
    }

    @Test func d22_creatingAndConfirmingAreTwoEffects() throws {
        let mock = Mock()
        let error = try #require(mock.post("/v1/payment_intents", Self.card("pm_card_visa_chargeDeclined")).error)
        let intent = try #require(error.embedded("payment_intent"))
        #expect(mock.get("/v1/payment_intents/\(intent.id)").body == intent)
        let setup = try #require(
            mock.post(
                "/v1/setup_intents",
                [
                    "payment_method_types": ["card"], "payment_method": "pm_card_visa_chargeDeclined", "confirm": true,
                ]
            ).error?.embedded("setup_intent"))
        #expect(mock.get("/v1/setup_intents/\(setup.id)").body == setup)
        #expect(mock.post("/v1/setup_intents/\(setup.id)/cancel").status == 200)
    }

    @Test(arguments: ["/v1/payment_intents", "/v1/setup_intents"])
    func d23_aReturnAddressTurnsAChallengeIntoARedirect(_ path: String) {
        let mock = Mock()
        var params: ValueMap = [
            "payment_method_types": ["card"], "payment_method": "pm_card_authenticationRequiredOnSetup",
            "confirm": true,
        ]
        if path == "/v1/payment_intents" { params = params.merging(Stages.twenty) }
        let without = mock.made(path, .map(params))
        #expect(without[at: "next_action.type"] == "use_stripe_sdk")
        let with = mock.made(path, .map(params.merging(["return_url": Stages.back])))
        #expect(with["status"] == "requires_action")
        #expect(with[at: "next_action.type"] == "redirect_to_url")
        #expect(with[at: "next_action.redirect_to_url.return_url"] == Stages.back)
    }

    @Test func d24_noOperationOfALifecycleIsASearch() {
        for graph in StripePack.standard.catalog.graphs {
            for operation in graph.lifecycle.operations {
                #expect(operation.route?.segments.contains("search") != true)
            }
        }
    }

    @Test func d25_aDeclinedSetupReadsAsADeclinedPayment() throws {
        let mock = Mock()
        let setup = Stages.setup(mock, "requires_payment_method").id
        let response = mock.post(
            "/v1/setup_intents/\(setup)/confirm", ["payment_method": "pm_card_visa_chargeDeclined"])
        #expect(response.status == 402)
        #expect(response.error?.type == "card_error")
        #expect(response.error?.code == "card_declined")
        #expect(response.error?.declineCode == "generic_decline")
        #expect(response.error?.param == nil)
        #expect(response.error?.embedded("setup_intent")?["status"] == "requires_payment_method")
        #expect(response.error?.embedded("payment_method") != nil)
    }

    @Test func d26_aCustomersMethodHasAPathOfItsOwn() {
        let mock = Mock()
        let customer = mock.made("/v1/customers").id
        let method = mock.made("/v1/payment_methods/pm_card_visa/attach", ["customer": .string(customer)]).id
        #expect(mock.get("/v1/customers/\(customer)/payment_methods/\(method)").body.id == method)
    }
}
