// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateWire
import Testing

@Suite struct ExpandTests {
    private static func paid() -> (Mock, Value, customer: String) {
        let mock = Mock()
        let customer = mock.made("/v1/customers", ["name": "A"]).id
        let intent = mock.paid(["customer": .string(customer)])
        return (mock, intent, customer)
    }

    @Test func idsBecomeObjects() {
        let (mock, intent, customer) = Self.paid()
        let shown = mock.get(
            "/v1/payment_intents/\(intent.id)", ["expand": ["latest_charge.customer", "payment_method", "customer"]]
        ).body
        #expect(shown[at: "latest_charge.object"] == "charge")
        #expect(shown[at: "latest_charge.customer.id"] == .string(customer))
        #expect(shown[at: "payment_method.card.last4"] == "4242")
        #expect(shown[at: "customer.name"] == "A")
    }

    @Test func aCreateExpandsItsAnswer() {
        let mock = Mock()
        let intent = mock.paid(["expand": ["latest_charge"]])
        #expect(intent[at: "latest_charge.status"] == "succeeded")
    }

    @Test func listsExpandBelowTheirData() {
        let (mock, _, customer) = Self.paid()
        let list = mock.get("/v1/payment_intents", ["expand": ["data.customer", "data.latest_charge"]]).body
        #expect(list[at: "data"].list?.first?[at: "customer.id"] == .string(customer))
        #expect(list[at: "data"].list?.first?[at: "latest_charge.paid"] == true)
    }

    @Test func aDeletedCustomerComesAsAStub() {
        let (mock, intent, customer) = Self.paid()
        mock.send("DELETE", "/v1/customers/\(customer)")
        let shown = mock.get("/v1/payment_intents/\(intent.id)", ["expand": ["customer"]]).body
        #expect(shown["customer"] == ["id": .string(customer), "object": "customer", "deleted": true])
    }

    @Test(arguments: [
        "foo", "amount", "customer.foo",
        "latest_charge.payment_intent.customer.invoice_settings.default_payment_method",
        "data.customer", "",
    ])
    func badPathsAreRefusedBeforeAnythingIsDone(_ path: String) {
        let (mock, intent, _) = Self.paid()
        let read = mock.get("/v1/payment_intents/\(intent.id)", ["expand": [.string(path)]])
        #expect(read.status == 400)
        #expect(read.error?.type == "invalid_request_error")
        let before = mock.get("/v1/payment_intents").body
        let create = mock.post(
            "/v1/payment_intents", ["amount": 2000, "currency": "usd", "expand": [.string(path)]])
        #expect(create.status == 400)
        #expect(mock.get("/v1/payment_intents").body == before)
    }

    @Test func whatTheMockDoesNotHaveSaysSo() {
        let (mock, intent, _) = Self.paid()
        let response = mock.get("/v1/payment_intents/\(intent.id)", ["expand": ["review"]])
        #expect(response.status == 501)
        #expect(response.error?.code == "not_modelled")
        #expect(response.shouldRetry == false)
    }
}
