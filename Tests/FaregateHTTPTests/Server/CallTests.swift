// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Testing

@testable import FaregateHTTP

@Suite struct CallTests {
    let client = MockClient()

    @Test func answersInTheVersionThatIsAskedFor() {
        let old = client.post(
            "/v1/payment_intents", "amount=1000&currency=usd", headers: ["stripe-version": "2018-11-08"])
        #expect(old.state == "requires_source")
        #expect(old["stripe-version"] == "2018-11-08")
        let new = client.get("/v1/payment_intents/\(old.id)")
        #expect(new.state == "requires_payment_method")
        #expect(new["stripe-version"] == "2026-07-29.dahlia")
    }

    @Test(arguments: [
        "banana", "2020-13-01", "2020-1-1", "1999-01-01", "2026-07-29", "2020-08-27.dahlia", "2026-07-29.", ".",
    ])
    func refusesVersionsThatCannotBe(_ version: String) {
        let answer = client.post("/v1/customers", headers: ["stripe-version": version])
        #expect(answer.status == 400)
        #expect(answer.error["type"] == "invalid_request_error")
    }

    @Test func tellsOfUnknownRoutes() {
        let answer = client.post("/v1/nonsense")
        #expect(answer.status == 404)
        #expect(answer.error["message"]?.string?.contains("POST: /v1/nonsense") == true)
        #expect(client("PUT", "/v1/customers").status == 405)
        #expect(client.get("/").status == 404)
    }

    @Test func takesFormsOnly() {
        let answer = client.post("/v1/customers", "{}", headers: ["content-type": "application/json"])
        #expect(answer.status == 400)
        #expect(answer.error["message"]?.string?.contains("application/x-www-form-urlencoded") == true)
    }

    @Test(arguments: [
        "name=%zz", "name=%4", "name=%FF%FE", "a[b=1", "a]b=1", "[a]=1", "a=1&a[b]=2", "a[b]c=1", "a[[b]]=1",
        String(repeating: "a[", count: 20) + String(repeating: "]", count: 20) + "=1",
        (0..<1001).map { "metadata[k\($0)]=v" }.joined(separator: "&"),
    ]) func refusesBodiesThatAreNoForms(_ form: String) {
        let answer = client.post("/v1/customers", form)
        #expect(answer.status == 400)
        #expect(answer.error["type"] == "invalid_request_error")
    }

    @Test func letsBanksSettleWithinSecondsInFastTime() {
        let body =
            "amount=1000&currency=usd&payment_method=pm_usBankAccount_success&confirm=true"
            + "&mandate_data[customer_acceptance][type]=offline"
        let intent = client.post("/v1/payment_intents", body)
        #expect(intent.state == "processing")
        client.wall.pass(seconds: 3)
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "succeeded")
    }

    @Test func takesAsLongAsTestModeInRealTime() {
        let client = MockClient(MockSettings(time: .real))
        let body =
            "amount=1000&currency=usd&payment_method=pm_usBankAccount_success&confirm=true"
            + "&mandate_data[customer_acceptance][type]=offline"
        let intent = client.post("/v1/payment_intents", body)
        client.wall.pass(seconds: 10)
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "processing")
        client.wall.pass(seconds: 60)
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "succeeded")
    }

    @Test func standsStillInManualTime() {
        let client = MockClient(MockSettings(time: .manual))
        let first = client.post("/v1/customers")
        client.wall.pass(seconds: 1000)
        #expect(client.post("/v1/customers").body["created"] == first.body["created"])
        #expect(first.body["created"] == 1_767_225_600)
    }

    @Test func givesTheSameIdsForTheSameSeed() {
        func ids(_ seed: String) -> [String] {
            let client = MockClient(MockSettings(seed: seed))
            return [
                client.post("/v1/customers").id, client.post("/v1/customers").id, client.post("/v1/setup_intents").id,
            ]
        }
        #expect(ids("1") == ids("1"))
        #expect(Set(ids("1") + ids("2")).count == 6)
    }

    @Test func hasItsOwnPagesInNextAction() {
        let intent = client.post(
            "/v1/payment_intents",
            "amount=1000&currency=usd&payment_method_data[type]=amazon_pay&confirm=true&return_url=https://shop.example/back"
        )
        #expect(intent.state == "requires_action")
        let url = intent[path: "next_action.redirect_to_url.url"]?.string ?? ""
        #expect(url.hasPrefix("http://127.0.0.1:12111/"))
        // Nobody presses a button: it stays as it is.
        client.wall.pass(seconds: 60)
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "requires_action")
    }
}
