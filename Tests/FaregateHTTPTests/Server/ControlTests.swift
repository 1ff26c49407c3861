// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Testing

@testable import FaregateHTTP

@Suite struct ControlTests {
    let client = MockClient(MockSettings(time: .manual))

    private func control(_ method: String, _ path: String, _ body: Value? = nil, headers: [String: String] = [:]) -> (
        status: Int, body: Value
    ) {
        var all = ["host": "127.0.0.1:12111"]
        for (name, value) in headers { all[name] = value }
        let raw = client.mock.answer(
            MockRequest(
                method: method, path: "/_faregate/" + path, headers: all,
                body: body.map { Array(JSON.write($0).utf8) } ?? []))
        return (raw.status, (try? JSON.read(raw.body)) ?? .null)
    }

    private func wallet() -> MockClient.Answer {
        client.post(
            "/v1/payment_intents",
            "amount=1000&currency=usd&payment_method_data[type]=amazon_pay&confirm=true&return_url=https://shop.example/"
        )
    }

    @Test(
        arguments: [
            ("POST", "clock", ["advance": "3d", "x": 1]), ("POST", "reset", ["hard": true]),
            ("POST", "snapshots", ["a": 1]),
            ("POST", "faults", ["next": [["drop": "answer", "status": 503]]]),
            ("POST", "faults", ["next": [], "y": 1]),
            ("DELETE", "choices", ["issuer": 1]), ("POST", "objects/pi_1", ["choice": "a b", "now": true]),
        ] as [(String, String, Value)]) func refusesWhatItDoesNotUnderstand(
            _ method: String, _ path: String, _ body: Value
        )
    {
        let answer = control(method, path, body)
        #expect(answer.status == 400, "\(answer.body)")
        #expect(control("GET", "clock").body["now"] == "2026-01-01T00:00:00Z")
    }

    @Test(arguments: [["stripe-signature": "t=1,v1=a"], ["user-agent": "Stripe/1.0 (+faregate mock)"]])
    func isNoEndpointForEvents(_ headers: [String: String]) {
        let made = client.post("/v1/customers")
        #expect(control("POST", "reset", nil, headers: headers).status == 403)
        #expect(client.get("/v1/customers/\(made.id)").status == 200)
    }

    @Test func isHealthy() {
        let health = control("GET", "health")
        #expect(health.status == 200)
        #expect(health.body["status"] == "ok")
        #expect(health.body["time"] == "manual")
    }

    @Test func movesTime() {
        #expect(control("GET", "clock").body["now"] == "2026-01-01T00:00:00Z")
        #expect(control("POST", "clock", ["advance": "3d"]).body["now"] == "2026-01-04T00:00:00Z")
        #expect(client.post("/v1/customers").body["created"] == 1_767_484_800)
        for wrong in ["-1s", "soon", "99999d", ""] {
            #expect(control("POST", "clock", ["advance": .string(wrong)]).status == 400)
        }
    }

    @Test func letsDocumentedTimesPass() {
        let held = client.post(
            "/v1/payment_intents",
            "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true&capture_method=manual")
        #expect(held.state == "requires_capture")
        _ = control("POST", "clock", ["advance": "8d"])
        #expect(client.get("/v1/payment_intents/\(held.id)").state == "canceled")
    }

    @Test func queuesWhatActorsDoNext() {
        #expect(control("POST", "choices", ["issuer": ["declines lost_card", "approves"]]).status == 200)
        #expect(control("GET", "choices").body == ["issuer": ["declines lost_card", "approves"]])
        let order = "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true"
        let first = client.post("/v1/payment_intents", order)
        #expect(first.error["decline_code"] == "lost_card")
        #expect(client.post("/v1/payment_intents", order).state == "succeeded")
        #expect(control("GET", "choices").body == [:])
    }

    @Test func queuesForTheCustomerWithATime() {
        _ = control("POST", "choices", ["customer": "refuses after 30s"])
        let intent = wallet()
        _ = control("POST", "clock", ["advance": "29s"])
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "requires_action")
        _ = control("POST", "clock", ["advance": "2s"])
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "requires_payment_method")
    }

    @Test func forgetsTheQueue() {
        _ = control("POST", "choices", ["issuer": "declines"])
        #expect(control("DELETE", "choices").body == [:])
    }

    @Test func refusesActorsAndChoicesThatNobodyKnows() {
        #expect(control("POST", "choices", ["weather": "rains"]).status == 400)
        #expect(control("POST", "choices", ["issuer": "sleeps"]).status == 400)
        #expect(control("POST", "choices", ["issuer": 3]).status == 400)
        #expect(control("POST", "choices", ["issuer": "declines lost_card after"]).status == 400)
    }

    @Test func actsAtOnceAndTellsTheWay() {
        let intent = wallet()
        let before = control("GET", "objects/\(intent.id)").body
        #expect(before["status"] == "requires_action")
        #expect(before["choices"]?.list?.contains("customer authorizes") == true)
        let after = control("POST", "objects/\(intent.id)", ["choice": "customer authorizes"])
        #expect(after.status == 200)
        #expect(after.body["status"] == "succeeded")
        let log = after.body["log"]?.list ?? []
        #expect(log.map { $0["row"]?.string } == ["P03", "P17a", "P12a", "P20"])
        #expect(log.map { $0["to"]?.string }.last == "succeeded")
        #expect(log[0]["from"] == .null)
        #expect(log[0]["request"] == .string(intent["request-id"] ?? ""))
        #expect(log[3]["request"] == .null)
        #expect(control("POST", "objects/\(intent.id)", ["choice": "customer authorizes"]).status == 409)
        #expect(control("GET", "objects/pi_none").status == 404)
    }

    @Test func tellsOfObjectsThatOthersMove() {
        let paid = client.post(
            "/v1/payment_intents", "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true")
        let charge = control("GET", "objects/\(paid.body["latest_charge"]?.string ?? "")").body
        #expect(charge["status"] == "succeeded")
        #expect(charge["log"]?.list?.first?["row"] == "P10")
    }

    @Test func goesBackToASnapshot() {
        let first = client.post("/v1/customers", idempotencyKey: "k").id
        let snapshot = control("POST", "snapshots").body["id"]?.string ?? ""
        let intent = wallet()
        _ = control("POST", "clock", ["advance": "1d"])
        _ = client("DELETE", "/v1/customers/\(first)")
        #expect(control("POST", "snapshots/\(snapshot)/restore").status == 200)
        #expect(client.get("/v1/payment_intents/\(intent.id)").status == 404)
        #expect(client.get("/v1/customers/\(first)").body["deleted"] == nil)
        #expect(control("GET", "clock").body["now"] == "2026-01-01T00:00:00Z")
        #expect(client.post("/v1/customers", idempotencyKey: "k")["idempotent-replayed"] == "true")
        // The same steps again give the same ids.
        #expect(wallet().id == intent.id)
        #expect(control("POST", "snapshots/99/restore").status == 404)
    }

    @Test func beginsAnew() {
        let first = client.post("/v1/customers").id
        #expect(control("POST", "reset").status == 200)
        #expect(client.get("/v1/customers/\(first)").status == 404)
        #expect(client.post("/v1/customers").id == first)
    }

    @Test func findsTheAccountOfAKey() {
        let client = MockClient(MockSettings(time: .manual, isolatesKeys: true))
        func queue(_ key: String) -> MockAnswer {
            client.mock.answer(
                MockRequest(
                    method: "POST", path: "/_faregate/choices",
                    headers: ["host": "localhost", "authorization": "Bearer \(key)"],
                    body: Array(#"{"issuer":"declines"}"#.utf8)))
        }
        #expect(queue("sk_test_one").status == 200)
        let order = "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true"
        #expect(client.with(key: "sk_test_two").post("/v1/payment_intents", order).status == 200)
        #expect(client.with(key: "sk_test_one").post("/v1/payment_intents", order).status == 402)
    }

    @Test(arguments: [
        ["host": "evil.example"], ["host": "127.0.0.1.evil.example"], ["host": ""], ["origin": "https://evil.example"],
        ["origin": "null"], ["origin": "http://127.0.0.1:9999"], ["sec-fetch-site": "cross-site"],
        ["sec-fetch-site": "same-site"],
    ]) func doesNotAnswerPagesOfOtherSites(_ headers: [String: String]) {
        #expect(control("POST", "reset", headers: headers).status == 403)
        #expect(control("GET", "health", headers: headers).status == 403)
    }

    @Test(arguments: ["localhost", "localhost:12111", "127.0.0.1", "[::1]:12111"]) func answersOnThisMachine(
        _ host: String
    ) {
        #expect(control("GET", "health", headers: ["host": host, "origin": "http://\(host)"]).status == 200)
    }

    @Test func isOffElsewhereUnlessAllowed() {
        for (allowed, status) in [(false, 403), (true, 200)] {
            let mock = MockClient(MockSettings(host: "0.0.0.0", allowsControl: allowed)).mock
            let answer = mock.answer(
                MockRequest(method: "GET", path: "/_faregate/health", headers: ["host": "192.0.2.7:12111"]))
            #expect(answer.status == status)
        }
    }

    @Test func refusesWhatItDoesNotKnow() {
        #expect(control("GET", "nothing").status == 404)
        #expect(control("PUT", "clock").status == 404)
        #expect(control("POST", "clock", .list([])).status == 400)
        #expect(control("POST", "faults", ["next": [["drop": "everything"]]]).status == 400)
    }

    // MARK: Faults

    private func respond(_ path: String, key: String) async -> MockAnswer? {
        await client.mock.respond(
            MockRequest(
                method: "POST", path: path,
                headers: ["authorization": "Bearer sk_test_abc", "idempotency-key": key], body: []))
    }

    @Test func losesAnswersAndRequestsOnDemand() async {
        _ = control("POST", "faults", ["next": [["drop": "answer"], ["drop": "request"], ["status": 503]]])
        #expect(await respond("/v1/customers", key: "a") == nil)
        #expect(await respond("/v1/customers", key: "b") == nil)
        #expect(await respond("/v1/customers", key: "c")?.status == 503)
        #expect(await respond("/v1/customers", key: "a")?[header: "idempotent-replayed"] == "true")
        #expect(await respond("/v1/customers", key: "b")?[header: "idempotent-replayed"] == nil)
    }

    @Test(arguments: [
        (409, "invalid_request_error", "idempotency_key_in_use"), (429, "invalid_request_error", "rate_limit"),
        (500, "api_error", nil), (503, "api_error", nil), (418, "invalid_request_error", nil),
    ]) func answersAsTheAPIDoesWithThatStatus(_ status: Int, _ type: String, _ code: String?) async {
        _ = control("POST", "faults", ["next": [["status": .int(Int64(status))]]])
        let answer = await respond("/v1/customers", key: "a")
        let error = (try? JSON.read(answer?.body ?? []))?["error"]
        #expect(answer?.status == status)
        #expect(error?["type"]?.string == type)
        #expect(error?["code"]?.string == code)
        #expect(answer?[header: "stripe-should-retry"] == nil, "the status alone tells whether to repeat")
    }

    @Test func answers409WhileTheFirstRequestIsOnItsWay() async {
        _ = control("POST", "faults", ["next": [["delay": "60s"]]])
        let slow = Task { await respond("/v1/customers", key: "k") }
        // The first has taken the fault once the list of faults is empty again; then the key is in use.
        while client.mock.pendingFaults > 0 { await Task.yield() }
        var second = await respond("/v1/customers", key: "k")
        while second?.status == 200 { second = await respond("/v1/customers", key: "k") }
        #expect(second?.status == 409)
        let error = (try? JSON.read(second?.body ?? []))?["error"]
        #expect(error?["code"] == "idempotency_key_in_use")
        slow.cancel()
        #expect(await slow.value?.status == 200)
        #expect(await respond("/v1/customers", key: "k")?[header: "idempotent-replayed"] == "true")
    }
}
