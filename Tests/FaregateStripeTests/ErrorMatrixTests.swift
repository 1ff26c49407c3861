// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire
import Testing

/// Every call in every status: what the facts say of it, played.
@Suite struct ErrorMatrixTests {
    struct Cell: Sendable, CustomTestStringConvertible {
        let call: String
        let stage: String
        /// `OK`; else the code or `-` for none, and the parameter.
        let expected: String
        var testDescription: String { "\(call), \(stage)" }
    }

    private static let paymentCalls: [String: (path: String, params: ValueMap)] = [
        "confirm": ("/confirm", [:]),
        "confirm with a method": ("/confirm", ["payment_method": "pm_card_visa", "payment_method_types": ["card"]]),
        "capture": ("/capture", [:]),
        "cancel": ("/cancel", [:]),
        "increment": ("/increment_authorization", ["amount": 3000]),
        "update amount": ("", ["amount": 2500]),
        "update method": ("", ["payment_method": "pm_card_visa"]),
        "update metadata": ("", ["metadata": ["a": "b"]]),
        "verify": ("/verify_microdeposits", ["descriptor_code": "SM11AA"]),
        "apply balance": ("/apply_customer_balance", [:]),
    ]

    private static let stages = [
        "requires_payment_method", "requires_confirmation", "requires_action", "waiting for microdeposits",
        "processing", "requires_capture", "succeeded", "canceled",
    ]

    /// P: payment_intent_unexpected_state. A: no code, param amount. N: neither code nor param. W: the call waits for another kind of thing.
    private static let payment = """
        confirm               | P | O | O | O | P | P | P | P
        confirm with a method | O | O | O | O | P | P | P | P
        capture               | P | P | P | P | P | O | P | P
        cancel                | O | O | O | O | O | O | P | P
        increment             | P | P | P | P | P | N | P | P
        update amount         | O | O | O | O | A | A | A | A
        update method         | O | O | O | - | P | P | P | P
        update metadata       | O | O | O | O | O | O | O | O
        verify                | P | P | P | O | P | P | P | P
        apply balance         | P | N | N | N | N | N | N | N
        """

    private static let setupCalls: [String: (path: String, params: ValueMap)] = [
        "confirm": ("/confirm", [:]),
        "confirm with a method": ("/confirm", ["payment_method": "pm_card_visa"]),
        "cancel": ("/cancel", [:]),
        "update method": ("", ["payment_method": "pm_card_visa"]),
        "update description": ("", ["description": "other"]),
        "verify": ("/verify_microdeposits", ["descriptor_code": "SM11AA"]),
    ]

    private static let setupStages = [
        "requires_payment_method", "requires_confirmation", "requires_action", "waiting for microdeposits",
        "processing", "succeeded", "canceled",
    ]

    /// S: setup_intent_unexpected_state. I: intent_invalid_state. `-`: a card for an intent of bank accounts; not asked here.
    private static let setup = """
        confirm               | S | O | O | O | S | S | S
        confirm with a method | O | O | O | - | - | S | S
        cancel                | O | O | O | O | S | S | S
        update method         | O | O | O | - | - | S | S
        update description    | O | O | O | O | O | O | O
        verify                | I | I | I | O | I | I | I
        """

    private static let meanings = [
        "O": "OK", "P": "payment_intent_unexpected_state", "S": "setup_intent_unexpected_state",
        "I": "intent_invalid_state", "A": "- amount", "N": "-",
    ]

    private static func cells(_ table: String, _ stages: [String]) -> [Cell] {
        table.split(separator: "\n").flatMap { line -> [Cell] in
            let parts = line.split(separator: "|").map { $0.trimmed }
            return zip(stages, parts.dropFirst()).compactMap { stage, letter in
                meanings[letter].map { Cell(call: parts[0], stage: stage, expected: $0) }
            }
        }
    }

    @Test(arguments: cells(payment, stages)) func paymentIntents(_ cell: Cell) throws {
        let mock = Mock()
        let call = try #require(Self.paymentCalls[cell.call])
        // A card is no method for an intent of bank accounts: the call then names an account.
        var params = call.params
        if cell.call == "confirm with a method", cell.stage == "waiting for microdeposits" || cell.stage == "processing"
        {
            params = ["payment_method": "pm_usBankAccount_success", "mandate_data": DirectRequests.acceptance]
        } else if cell.call == "confirm", cell.stage == "waiting for microdeposits" {
            params = ["mandate_data": DirectRequests.acceptance]
        } else if cell.call == "update method", cell.stage == "processing" {
            params = ["payment_method": "pm_usBankAccount_success"]
        }
        let intent = Stages.payment(mock, cell.stage)
        #expect(intent["status"] == Stages.status(cell.stage))
        play(cell, mock, "/v1/payment_intents/\(intent.id)", call.path, params, "payment_intent")
    }

    @Test(arguments: cells(setup, setupStages)) func setupIntents(_ cell: Cell) throws {
        let mock = Mock()
        let call = try #require(Self.setupCalls[cell.call])
        let intent = Stages.setup(mock, cell.stage)
        #expect(intent["status"] == Stages.status(cell.stage))
        play(cell, mock, "/v1/setup_intents/\(intent.id)", call.path, call.params, "setup_intent")
    }

    private func play(
        _ cell: Cell, _ mock: Mock, _ path: String, _ call: String, _ params: ValueMap, _ kind: String
    ) {
        let before = mock.get(path).body
        let events = mock.world.events.count
        let response = mock.post(path + call, .map(params))
        guard cell.expected != "OK" else {
            #expect(response.status == 200, "\(JSON.write(response.body))")
            return
        }
        let error = response.error
        #expect(response.status == 400)
        #expect(error?.type == "invalid_request_error")
        #expect(error?.code ?? "-" == cell.expected.split(separator: " ").first.map(String.init))
        #expect(error?.param == cell.expected.split(separator: " ").dropFirst().first.map(String.init))
        #expect(error?.declineCode == nil)
        // The whole intent stands in the error, and nothing has happened to it.
        #expect(error?.embedded(kind) == before)
        #expect(mock.get(path).body == before)
        #expect(mock.world.events.count == events)
    }

    // MARK: What is left behind

    struct Left: Sendable, CustomTestStringConvertible {
        let id: String
        let params: ValueMap
        let http: Int
        let status: String
        var testDescription: String { id }
    }

    static let left = [
        Left(
            id: "a declining card", params: ["payment_method": "pm_card_visa_chargeDeclined"], http: 402,
            status: "requires_payment_method"),
        Left(
            id: "a challenge that nobody can take",
            params: ["payment_method": "pm_card_threeDSecure2Required", "error_on_requires_action": true], http: 402,
            status: "requires_payment_method"),
        Left(
            id: "an issuer that wants the customer",
            params: ["payment_method": "pm_card_authenticationRequired", "off_session": true], http: 402,
            status: "requires_payment_method"),
        Left(
            id: "a debit without a mandate",
            params: ["payment_method": "pm_usBankAccount_success", "payment_method_types": ["us_bank_account"]],
            http: 400, status: "requires_confirmation"),
    ]

    @Test(arguments: left) func aRefusedConfirmationLeavesTheIntent(_ item: Left) throws {
        let mock = Mock()
        let base: ValueMap = ["amount": 2000, "currency": "usd", "payment_method_types": ["card"], "confirm": true]
        let response = mock.post("/v1/payment_intents", .map(base.merging(item.params)))
        #expect(response.status == item.http)
        let intent = try #require(response.error?.embedded("payment_intent"))
        #expect(intent["status"] == .string(item.status))
        #expect(mock.get("/v1/payment_intents/\(intent.id)").body == intent)
        #expect(mock.post("/v1/payment_intents/\(intent.id)/cancel").body["status"] == "canceled")
    }

    @Test(
        arguments: [
            ["currency": "usd"], ["amount": 2000], ["amount": 0, "currency": "usd"],
            ["amount": 2000, "currency": "usd", "foo": 1],
            ["amount": 2000, "currency": "usd", "customer": "cus_none"],
            ["amount": 2000, "currency": "usd", "payment_method": "pm_none"],
        ] as [Value])
    func aFailedValidationLeavesNothing(_ params: Value) {
        let mock = Mock()
        let response = mock.post("/v1/payment_intents", params, key: "k")
        #expect(response.status == 400)
        #expect(mock.world.objects.isEmpty)
        #expect(mock.world.events.isEmpty)
        // The key was not used up.
        let again = mock.post("/v1/payment_intents", ["amount": 2000, "currency": "usd"], key: "k")
        #expect(again.status == 200)
    }
}

extension Substring {
    var trimmed: String {
        var text = drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
