// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateValues
import FaregateWire
import Testing

@Suite struct IdempotencyTests {
    private static let create: Value = ["amount": 2000, "currency": "usd"]

    @Test func theSameRequestIsAnsweredOnce() {
        let mock = Mock()
        let first = mock.post("/v1/payment_intents", Self.create, key: "k")
        let again = mock.post("/v1/payment_intents", Self.create, key: "k")
        #expect(again.body == first.body)
        #expect(again.replayed && !first.replayed)
        #expect(again.requestID != first.requestID)
        #expect(first.originalRequestID == first.requestID)
        #expect(again.originalRequestID == first.requestID)
        #expect(mock.world.objects.count == 1)
    }

    @Test func aDeclineIsRepeatedToo() {
        let mock = Mock()
        let params: Value = [
            "amount": 2000, "currency": "usd", "payment_method_types": ["card"],
            "payment_method": "pm_card_visa_chargeDeclined", "confirm": true,
        ]
        let first = mock.post("/v1/payment_intents", params, key: "k")
        let again = mock.post("/v1/payment_intents", params, key: "k")
        #expect(first.status == 402 && again.status == 402)
        #expect(again.replayed)
        #expect(again.body == first.body)
    }

    @Test(
        arguments: [("/v1/payment_intents", ["amount": 2001, "currency": "usd"]), ("/v1/customers", [:])]
            as [(String, Value)])
    func anotherRequestWithTheSameKeyIsRefused(_ path: String, _ params: Value) {
        let mock = Mock()
        mock.post("/v1/payment_intents", Self.create, key: "k")
        let before = mock.world.objects
        let other = mock.post(path, params, key: "k")
        #expect(other.status == 400)
        #expect(other.error?.type == "idempotency_error")
        #expect(other.error?.code == nil && other.error?.param == nil && other.error?.declineCode == nil)
        #expect(other.error?.message.contains("'k'") == true)
        #expect(mock.world.objects == before)
    }

    @Test func theVersionIsNoPartOfTheComparison() {
        let mock = Mock()
        let first = mock.post("/v1/customers", ["name": "A"], key: "k")
        let other = mock.send("POST", "/v1/customers", ["name": "A"], key: "k", version: "2020-08-27")
        #expect(other.replayed)
        #expect(other.body == first.body)
    }

    @Test func aReplayOutlivesTheObject() {
        let mock = Mock()
        let first = mock.post("/v1/customers", ["name": "A"], key: "k")
        mock.send("DELETE", "/v1/customers/\(first.body.id)")
        #expect(mock.post("/v1/customers", ["name": "A"], key: "k").body == first.body)
    }

    @Test func aWrongStateIsKeptAndAMissingObjectIsNot() {
        let mock = Mock()
        let intent = mock.paid()
        let path = "/v1/payment_intents/\(intent.id)/cancel"
        #expect(mock.post(path, key: "k").status == 400)
        #expect(mock.post(path, key: "k").replayed)
        #expect(mock.post("/v1/refunds", ["charge": "ch_none"], key: "l").status == 404)
        #expect(mock.post("/v1/refunds", ["charge": intent["latest_charge"]!], key: "l").status == 200)
    }
}
