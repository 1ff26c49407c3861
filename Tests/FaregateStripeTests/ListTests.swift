// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateWire
import Testing

@Suite struct ListTests {
    /// Twelve intents, every other one of a customer.
    private static func mock() -> (Mock, customer: String, ids: [String]) {
        let mock = Mock()
        let customer = mock.made("/v1/customers", ["email": "a@example.com"]).id
        let ids = (0..<12).map { number -> String in
            var params: ValueMap = [
                "amount": .int(1000 + Int64(number)), "currency": "usd", "payment_method_types": ["card"],
            ]
            if number % 2 == 0 { params["customer"] = .string(customer) }
            return mock.made("/v1/payment_intents", .map(params)).id
        }
        return (mock, customer, ids)
    }

    private static func ids(_ list: Value) -> [String] { list["data"]?.list?.map(\.id) ?? [] }

    @Test func listsAreNewestFirstAndHaveTenByDefault() {
        let (mock, _, ids) = Self.mock()
        let list = mock.get("/v1/payment_intents").body
        #expect(list["object"] == "list")
        #expect(list["url"] == "/v1/payment_intents")
        #expect(list["has_more"] == true)
        #expect(Self.ids(list) == ids.reversed().prefix(10).map { $0 })
    }

    @Test func cursorsGoBothWays() {
        let (mock, _, ids) = Self.mock()
        let next = mock.get("/v1/payment_intents", ["limit": 3, "starting_after": .string(ids[5])]).body
        #expect(Self.ids(next) == [ids[4], ids[3], ids[2]])
        #expect(next["has_more"] == true)
        let before = mock.get("/v1/payment_intents", ["limit": 3, "ending_before": .string(ids[5])]).body
        #expect(Self.ids(before) == [ids[8], ids[7], ids[6]])
        let last = mock.get("/v1/payment_intents", ["starting_after": .string(ids[2])]).body
        #expect(Self.ids(last) == [ids[1], ids[0]])
        #expect(last["has_more"] == false)
    }

    @Test func aFullLastPageHasNoMore() {
        let (mock, _, _) = Self.mock()
        #expect(mock.get("/v1/payment_intents", ["limit": 12]).body["has_more"] == false)
        #expect(mock.get("/v1/payment_intents", ["limit": 11]).body["has_more"] == true)
    }

    @Test func filtersLeaveOutTheRest() {
        let (mock, customer, ids) = Self.mock()
        let own = mock.get("/v1/payment_intents", ["customer": .string(customer), "limit": 100]).body
        #expect(Self.ids(own).count == 6)
        let created = mock.get("/v1/payment_intents/\(ids[3])").body["created"]!
        let range = mock.get("/v1/payment_intents", ["created": ["gte": created, "lt": .int(created.int! + 2)]]).body
        #expect(Self.ids(range) == [ids[4], ids[3]])
        #expect(Self.ids(mock.get("/v1/payment_intents", ["created": created]).body) == [ids[3]])
        // As texts, as they come from the wire.
        let wire = mock.get("/v1/payment_intents", ["created": ["gt": .string(String(created.int!))], "limit": "2"])
        #expect(Self.ids(wire.body).count == 2)
    }

    @Test(arguments: [
        ("limit", Value.int(0), "parameter_invalid_integer"), ("limit", 101, "parameter_invalid_integer"),
        ("limit", "ten", "parameter_invalid_integer"), ("starting_after", "pi_none", "resource_missing"),
        ("foo", "bar", "parameter_unknown"),
    ])
    func badCursorsAndLimitsAreRefused(_ param: String, _ value: Value, _ code: String) {
        let (mock, _, _) = Self.mock()
        let response = mock.get("/v1/payment_intents", .map(ValueMap(entries: [(key: .string(param), value: value)])))
        #expect(response.status == 400)
        #expect(response.error?.code == code)
        #expect(response.error?.param == param)
    }

    @Test func bothCursorsExcludeEachOther() {
        let (mock, _, ids) = Self.mock()
        let response = mock.get(
            "/v1/payment_intents", ["starting_after": .string(ids[0]), "ending_before": .string(ids[1])])
        #expect(response.error?.code == "parameters_exclusive")
    }

    @Test func aCustomersMethodsAreListedByBothRoutes() {
        let mock = Mock()
        let customer = mock.made("/v1/customers").id
        let first = mock.made("/v1/payment_methods/pm_card_visa/attach", ["customer": .string(customer)]).id
        let second = mock.made("/v1/payment_methods/pm_card_mastercard/attach", ["customer": .string(customer)]).id
        let byQuery = mock.get("/v1/payment_methods", ["customer": .string(customer), "type": "card"]).body
        let byPath = mock.get("/v1/customers/\(customer)/payment_methods").body
        #expect(Self.ids(byQuery) == [second, first])
        #expect(Self.ids(byPath) == [second, first])
        #expect(mock.get("/v1/customers/\(customer)/payment_methods", ["type": "sepa_debit"]).body["data"] == [])
        #expect(mock.get("/v1/payment_methods").body["data"] == [])
        #expect(mock.get("/v1/customers/\(customer)/payment_methods/\(first)").body.id == first)
        #expect(mock.get("/v1/customers/cus_none/payment_methods").error?.code == "resource_missing")
    }

    @Test func deletedCustomersAreReadByIDOnly() {
        let mock = Mock()
        let id = mock.made("/v1/customers", ["name": "A"]).id
        let deleted = mock.send("DELETE", "/v1/customers/\(id)").body
        #expect(deleted == ["id": .string(id), "object": "customer", "deleted": true])
        #expect(mock.get("/v1/customers/\(id)").body == deleted)
        #expect(mock.get("/v1/customers").body["data"] == [])
        // The event still carries what there was.
        let event = mock.get("/v1/events", ["type": "customer.deleted"]).body[at: "data"].list!.first!
        #expect(event[at: "data.object.name"] == "A")
        #expect(event[path: "data.object.deleted"] == nil)
    }

    @Test func eventsAreListedByTypeAndReadByID() {
        let (mock, _, ids) = Self.mock()
        mock.post("/v1/payment_intents/\(ids[0])/cancel")
        let list = mock.get("/v1/events", ["type": "payment_intent.canceled"]).body
        let event = list["data"]!.list![0]
        #expect(list["data"]!.list!.count == 1)
        #expect(event[at: "data.object.id"] == .string(ids[0]))
        #expect(mock.get("/v1/events/\(event.id)").body == event)
        let types = mock.get("/v1/events", ["types": ["customer.created", "payment_intent.canceled"]]).body
        #expect(types["data"]!.list!.count == 2)
        #expect(mock.get("/v1/events", ["type": "payment_intent.*", "limit": 100]).body["data"]!.list!.count == 13)
        let missing = mock.get("/v1/events/evt_none")
        #expect(missing.status == 404)
        #expect(missing.error?.param == "id")
    }

    @Test func refundsChargesAndDisputesAreListed() {
        let mock = Mock()
        let intent = mock.paid()
        let charge = intent["latest_charge"]!
        let refund = mock.made("/v1/refunds", ["payment_intent": .string(intent.id), "amount": 500]).id
        #expect(Self.ids(mock.get("/v1/refunds", ["charge": charge]).body) == [refund])
        #expect(Self.ids(mock.get("/v1/charges", ["payment_intent": .string(intent.id)]).body) == [charge.string!])
        #expect(mock.get("/v1/disputes", ["charge": charge]).body["data"] == [])
        let shown = mock.get("/v1/charges/\(charge.string!)", ["expand": ["refunds"]]).body
        #expect(shown[at: "refunds.data"].list?.first?.id == refund)
        #expect(mock.get("/v1/charges/\(charge.string!)").body["refunds"] == nil)
    }

    // MARK: Search

    @Test(arguments: [
        ("metadata['order']:'7'", 1), ("status:'canceled'", 0), ("amount>1009", 2), ("amount>=1001 AND amount<1003", 2),
        ("amount:1001 OR amount:1005", 2), ("-currency:'usd'", 0), ("metadata['order']:null", 12),
    ])
    func searchReadsQueries(_ query: String, _ count: Int) {
        let (mock, _, _) = Self.mock()
        _ = mock.made("/v1/payment_intents", ["amount": 900, "currency": "usd", "metadata": ["order": "7"]])
        let found = mock.get("/v1/payment_intents/search", ["query": .string(query), "limit": 100]).body
        #expect(found["object"] == "search_result")
        #expect(found["data"]!.list!.count == count, "\(query)")
        #expect(found["has_more"] == false)
    }

    @Test func searchGoesOnByPages() {
        let (mock, _, ids) = Self.mock()
        let first = mock.get("/v1/payment_intents/search", ["query": "currency:'usd'", "limit": 5]).body
        #expect(Self.ids(first) == ids.reversed().prefix(5).map { $0 })
        let second = mock.get(
            "/v1/payment_intents/search", ["query": "currency:'usd'", "limit": 5, "page": first["next_page"]!]
        ).body
        #expect(Self.ids(second) == ids.reversed().dropFirst(5).prefix(5).map { $0 })
    }

    @Test(arguments: ["shoesize:'7'", "status:", "amount>1 AND amount<2 OR amount:3", "metadata['a:'b'", "status'x'"])
    func badQueriesAreRefused(_ query: String) {
        let response = Self.mock().0.get("/v1/payment_intents/search", ["query": .string(query)])
        #expect(response.status == 400)
        #expect(response.error?.type == "invalid_request_error")
        #expect(response.error?.code == nil)
    }

    // MARK: Balance

    @Test func theBalanceIsWhatWasTaken() {
        let mock = Mock()
        let intent = mock.paid()
        _ = mock.made("/v1/refunds", ["payment_intent": .string(intent.id), "amount": 500])
        let balance = mock.get("/v1/balance").body
        #expect(balance["available"]!.list![0]["amount"] == 1500)
    }
}
