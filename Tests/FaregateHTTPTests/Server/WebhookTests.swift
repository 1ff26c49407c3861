// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateValues
import HostilePeers
import Synchronization
import Testing

@testable import FaregateHTTP

@Suite struct WebhookTests {
    let client = MockClient(MockSettings(time: .manual))

    private func subscribe(_ types: String = "*", more: String = "") -> MockClient.Answer {
        client.post("/v1/webhook_endpoints", "url=https://shop.example/hook&enabled_events[]=\(types)" + more)
    }

    private var parcels: [(type: String, parcel: WebhookSender.Parcel)] {
        client.mock.parcels(most: 100).map { parcel in
            ((try? JSON.read(parcel.body))?["type"]?.string ?? "", parcel)
        }
    }

    private func queue(_ actor: String, _ words: String...) {
        let choices = words.compactMap { try? ChoiceWords.read($0).get() }
        client.mock.accounts.first?.queue([actor: choices])
    }

    @Test(arguments: ["000 X", "099 X", "150 X"]) func endpointsThatSpeakNoHTTPEndNothing(_ status: String) async throws
    {
        let server = try await HostileServer.start { _, _ in [.answer("{}", status: status)] }
        let sender = WebhookSender()
        _ = client.post("/v1/customers")
        let parcel = WebhookSender.Parcel(
            account: try #require(client.mock.accounts.first), number: 1, url: "http://127.0.0.1:\(server.port)/",
            body: [], secret: "whsec_1")
        #expect(await sender.send(parcel) == 0)
        await sender.close()
        await server.stop()
    }

    @Test func oneEndpointThatHangsHoldsUpNoOther() {
        for name in ["bad", "good"] {
            _ = client.post(
                "/v1/webhook_endpoints", "url=https://\(name).example/&enabled_events[]=customer.created")
        }
        for _ in 1...30 { _ = client.post("/v1/customers") }
        var good = 0
        // Those of the bad one are never settled.
        for _ in 1...40 {
            for parcel in client.mock.parcels(most: 128) where parcel.url.contains("good") {
                good += 1
                client.mock.settle(parcel, status: 200)
            }
        }
        #expect(good == 30)
        #expect(
            client.mock.accounts.first?.read { $0.outbox.deliveries.count { $0.state == .sending } } == Outbox.width)
    }

    @Test func hasEndpoints() {
        let made = subscribe("customer.created")
        #expect(made.status == 200)
        #expect(made.id.hasPrefix("we_"))
        #expect(made.body["secret"]?.string?.hasPrefix("whsec_") == true)
        #expect(made.body["status"] == "enabled")
        let read = client.get("/v1/webhook_endpoints/\(made.id)")
        #expect(read.body["secret"] == nil)
        #expect(read.body["enabled_events"] == ["customer.created"])
        let changed = client.post("/v1/webhook_endpoints/\(made.id)", "disabled=true&description=x&metadata[a]=b")
        #expect(changed.body["status"] == "disabled")
        #expect(changed.body["metadata"] == ["a": "b"])
        #expect(client.get("/v1/webhook_endpoints").body["data"]?.list?.count == 1)
        #expect(client("DELETE", "/v1/webhook_endpoints/\(made.id)").body["deleted"] == true)
        #expect(client.get("/v1/webhook_endpoints/\(made.id)").status == 404)
    }

    @Test func repeatsTheAnswerOfACreation() {
        let body = "url=https://shop.example/hook&enabled_events[]=*"
        let first = client.post("/v1/webhook_endpoints", body, idempotencyKey: "k")
        let second = client.post("/v1/webhook_endpoints", body, idempotencyKey: "k")
        #expect(second.body == first.body)
        #expect(second["idempotent-replayed"] == "true")
        #expect(client.get("/v1/webhook_endpoints").body["data"]?.list?.count == 1)
        #expect(client.post("/v1/customers", idempotencyKey: "k").status == 400)
    }

    @Test(arguments: [
        "", "url=https://a.example", "enabled_events[]=*", "url=javascript:1&enabled_events[]=*",
        "url=https://[::1&enabled_events[]=*", "url=https://h:abc&enabled_events[]=*",
        "url=https://1.2.3.4:99999&enabled_events[]=*", "url=https://a:b:80/&enabled_events[]=*",
        "url=https://[xyz]/&enabled_events[]=*", "url=https://:80/&enabled_events[]=*",
        "url=https://a.example&enabled_events[]=nonsense", "url=https://a.example&enabled_events=*",
        "url=https://a.example&enabled_events[]=*&colour=red",
        "url=https://a.example&enabled_events[]=*&api_version=new",
    ]) func refusesEndpointsThatCannotBe(_ form: String) {
        #expect(client.post("/v1/webhook_endpoints", form).status == 400)
        #expect(client.get("/v1/webhook_endpoints").body["data"] == [])
    }

    @Test func hasSixteenEndpointsAtMost() {
        for _ in 1...16 { #expect(subscribe().status == 200) }
        #expect(subscribe().status == 400)
        #expect(client.get("/v1/webhook_endpoints", "limit=5").body["has_more"] == true)
    }

    @Test func deliversWhatAnEndpointWantsToHear() {
        _ = subscribe("payment_intent.succeeded")
        _ = client.post("/v1/customers")
        let paid = client.post(
            "/v1/payment_intents", "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true")
        let sent = parcels
        #expect(sent.map(\.type) == ["payment_intent.succeeded"])
        let event = try? JSON.read(sent[0].parcel.body)
        #expect(event?[path: "data.object.id"] == .string(paid.id))
        #expect(event?[path: "request.id"] == .string(paid["request-id"] ?? ""))
        #expect(event?["pending_webhooks"] == 1)
        #expect(parcels.isEmpty)
    }

    @Test func saysNothingToDisabledEndpoints() {
        let endpoint = subscribe().id
        _ = client.post("/v1/webhook_endpoints/\(endpoint)", "disabled=true")
        _ = client.post("/v1/customers")
        #expect(parcels.isEmpty)
    }

    @Test func signsAsTheSDKsVerify() throws {
        let secret = subscribe().body["secret"]?.string ?? ""
        _ = client.post("/v1/customers")
        let parcel = try #require(parcels.first?.parcel)
        #expect(parcel.secret == secret)
        let header = WebhookSignature.sign(parcel.body, secret: parcel.secret, at: Instant(milliseconds: 5000))
        try WebhookSignature.verify(
            header: header, body: parcel.body, secrets: [secret], now: Instant(milliseconds: 5000))
    }

    @Test func triesAgainWithPausesAndGivesUp() {
        _ = subscribe()
        _ = client.post("/v1/customers")
        var tries = 0
        for pause: Int64 in [0, 60_000, 600_000, 3_600_000, 86_400_000] {
            if pause > 0 {
                client.mock.clock.advance(by: pause - 1)
                #expect(parcels.isEmpty)
                client.mock.clock.advance(by: 1)
            }
            for (_, parcel) in parcels {
                tries += 1
                client.mock.settle(parcel, status: 500)
            }
        }
        #expect(tries == 4)
    }

    @Test func isDoneAfterAny2xx() {
        _ = subscribe()
        _ = client.post("/v1/customers")
        for (_, parcel) in parcels { client.mock.settle(parcel, status: 204) }
        client.mock.clock.advance(by: 86_400_000)
        #expect(parcels.isEmpty)
    }

    @Test func triesAgainAfterARedirect() {
        _ = subscribe()
        _ = client.post("/v1/customers")
        for (_, parcel) in parcels { client.mock.settle(parcel, status: 301) }
        client.mock.clock.advance(by: 60_000)
        #expect(parcels.count == 1)
    }

    @Test func repeatsLosesAndReordersOnDemand() {
        _ = subscribe()
        queue("network", "repeats", "loses", "delivers after 5s", "delivers")
        for _ in 1...4 { _ = client.post("/v1/customers") }
        let now = parcels.map(\.parcel.body)
        // The first twice, the fourth; the third comes later, the second never.
        #expect(now.count == 3)
        #expect(now[0] == now[1])
        client.mock.clock.advance(by: 5000)
        #expect(parcels.count == 1)
    }

    @Test func rendersEventsInTheVersionOfTheEndpoint() throws {
        _ = subscribe("payment_intent.created", more: "&api_version=2018-11-08")
        _ = client.post("/v1/payment_intents", "amount=1000&currency=usd")
        let event = try JSON.read(try #require(parcels.first?.parcel.body))
        #expect(event["api_version"] == "2018-11-08")
        #expect(event[path: "data.object.status"] == "requires_source")
    }

    @Test func announcesWhatHappensByItself() {
        _ = subscribe("payment_intent.succeeded")
        let body =
            "amount=1000&currency=usd&payment_method=pm_usBankAccount_success&confirm=true"
            + "&mandate_data[customer_acceptance][type]=offline"
        #expect(client.post("/v1/payment_intents", body).state == "processing")
        #expect(parcels.isEmpty)
        client.mock.clock.advance(by: 30_000)
        client.mock.tick()
        #expect(parcels.map(\.type) == ["payment_intent.succeeded"])
    }
}

@Suite(.serialized) struct WebhookDeliveryTests {
    /// One server is the endpoint of the other one: what it hears stands in its log as requests.
    @Test func reachesAnEndpointOverTheNetwork() async throws {
        try await withServer { receiver in
            try await withServer { port in
                let socket = try RawSocket(port: port)
                let form = "url=http://127.0.0.1:\(receiver)/hook&enabled_events[]=customer.created"
                socket.send(
                    "POST /v1/webhook_endpoints HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_test_a\r\n"
                        + "Content-Length: \(form.utf8.count)\r\n\r\n\(form)")
                #expect(await socket.receive(until: "\n}\n")?.hasPrefix("HTTP/1.1 200") == true)
                #expect(try await SocketTests.isAlive(port))
                // The receiver answers 404, so the delivery is tried and noted.
                for _ in 0..<200 {
                    let look = try RawSocket(port: port)
                    look.send("GET /_faregate/deliveries HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    let answer = await look.receive() ?? ""
                    if answer.contains("404") { return }
                    try await Task.sleep(for: .milliseconds(50))
                }
                Issue.record("the endpoint was never tried")
            }
        }
    }
}
