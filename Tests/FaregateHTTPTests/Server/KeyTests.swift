// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Testing

@testable import FaregateHTTP

@Suite struct KeyTests {
    @Test(arguments: ["sk_test_abc", "rk_test_abc"]) func acceptsAnyTestKeyAsBearerAndAsBasic(_ key: String) {
        let client = MockClient(key: key)
        #expect(client.post("/v1/customers").status == 200)
        let basic = "Basic " + Base64.encode(Array("\(key):".utf8))
        #expect(client.post("/v1/customers", headers: ["authorization": basic]).status == 200)
    }

    @Test(arguments: [
        "", "Bearer", "Bearer ", "Digest sk_test_abc", "Bearer sk_test_", "Bearer sk_test_a b", "Basic !!!",
        "Basic c2tfdGVzdF94",
        "Bearer nonsense", "Bearer sk_test_\u{FC}",
    ]) func answers401WhereThereIsNoKey(_ authorization: String) {
        let answer = MockClient().post("/v1/customers", headers: ["authorization": authorization])
        #expect(answer.status == 401)
        #expect(answer.error["type"] == "invalid_request_error")
        #expect(answer["request-id"]?.hasPrefix("req_") == true)
    }

    @Test(arguments: ["sk_live_secretpart", "rk_live_secretpart", "pk_live_secretpart"])
    func refusesLiveKeysWithoutRepeatingThem(_ key: String) {
        let answer = MockClient(key: key).post("/v1/customers")
        #expect(answer.status == 401)
        #expect(!JSON.write(answer.body).contains("secretpart"))
    }

    @Test func masksAnUnknownKeyInItsError() {
        let answer = MockClient(key: "whatever_1234567890").get("/v1/customers/cus_1")
        #expect(answer.error["message"]?.string?.contains("1234567890") == false)
    }

    @Test func sharesOneAccountAmongKeysUnlessTold() {
        let client = MockClient()
        let customer = client.post("/v1/customers").id
        #expect(client.with(key: "sk_test_other").get("/v1/customers/\(customer)").status == 200)
    }

    @Test func givesEachKeyAnAccountOfItsOwnWhenTold() {
        let client = MockClient(MockSettings(isolatesKeys: true))
        let customer = client.post("/v1/customers", idempotencyKey: "same").id
        let other = client.with(key: "sk_test_other")
        #expect(other.get("/v1/customers/\(customer)").status == 404)
        #expect(client.with(key: "rk_test_abc").get("/v1/customers/\(customer)").status == 200)
        // The same idempotency key there is another account's key.
        let second = other.post("/v1/customers", idempotencyKey: "same")
        #expect(second["idempotent-replayed"] == nil)
        #expect(second.id != customer)
    }

    @Test func bindsTheNumberOfAccounts() {
        var settings = MockSettings(isolatesKeys: true)
        settings.limits.accounts = 2
        let client = MockClient(settings)
        for number in 1...2 { #expect(client.with(key: "sk_test_\(number)").post("/v1/customers").status == 200) }
        #expect(client.with(key: "sk_test_3").post("/v1/customers").status == 429)
        #expect(client.with(key: "sk_test_1").post("/v1/customers").status == 200)
    }

    @Test func keepsConnectedAccountsApart() {
        let client = MockClient()
        let customer = client.post("/v1/customers", headers: ["stripe-account": "acct_1"]).id
        #expect(client.get("/v1/customers/\(customer)").status == 404)
        #expect(client.get("/v1/customers/\(customer)", headers: ["stripe-account": "acct_1"]).status == 200)
        #expect(client.post("/v1/customers", headers: ["stripe-account": "nobody"]).status == 400)
    }
}

@Suite struct PublishableKeyTests {
    let client = MockClient()
    var page: MockClient { client.with(key: "pk_test_abc") }

    private func intent(_ more: String = "") -> (id: String, secret: String) {
        let answer = client.post("/v1/payment_intents", "amount=1000&currency=usd&metadata[a]=b" + more)
        return (answer.id, answer.body["client_secret"]?.string ?? "")
    }

    @Test func readsAnIntentByItsClientSecretAndSeesWhatIsForThePage() {
        let (id, secret) = intent()
        let answer = page.get("/v1/payment_intents/\(id)", "client_secret=\(secret)")
        #expect(answer.status == 200)
        #expect(answer.body["amount"] == 1000)
        #expect(answer.body["metadata"] == nil)
        #expect(answer["access-control-allow-origin"] == "*")
        #expect(client.get("/v1/payment_intents/\(id)")["access-control-allow-origin"] == nil)
    }

    @Test func confirmsWithTheClientSecret() {
        let (id, secret) = intent()
        let answer = page.post(
            "/v1/payment_intents/\(id)/confirm", "payment_method=pm_card_visa&client_secret=\(secret)")
        #expect(answer.status == 200)
        #expect(answer.state == "succeeded")
        #expect(client.get("/v1/payment_intents/\(id)").state == "succeeded")
    }

    @Test func hidesTheBusinessPartInErrorsToo() {
        let (id, secret) = intent()
        let answer = page.post(
            "/v1/payment_intents/\(id)/confirm", "payment_method=pm_card_visa_chargeDeclined&client_secret=\(secret)")
        #expect(answer.status == 402)
        #expect(answer.error["payment_intent"]?["id"] == .string(id))
        #expect(answer.error["payment_intent"]?["metadata"] == nil)
    }

    @Test func refusesAWrongOrMissingClientSecret() {
        let (id, secret) = intent()
        let (other, _) = intent("&description=other")
        #expect(page.get("/v1/payment_intents/\(id)").status == 400)
        #expect(page.get("/v1/payment_intents/\(other)", "client_secret=\(secret)").status == 404)
        #expect(
            page.post("/v1/payment_intents/\(other)/confirm", "client_secret=\(secret)").error["param"]
                == "client_secret")
        #expect(client.get("/v1/payment_intents/\(other)", "client_secret=\(secret)").status == 404)
    }

    @Test(arguments: [
        ("POST", "/v1/customers"), ("POST", "/v1/payment_intents"), ("POST", "/v1/refunds"),
        ("GET", "/v1/customers/cus_1"),
        ("POST", "/v1/payment_intents/pi_1/capture"), ("POST", "/v1/payment_intents/pi_1/cancel"),
        ("DELETE", "/v1/customers/cus_1"),
    ]) func mayDoNothingElse(_ method: String, _ path: String) {
        let answer = page(method, path)
        #expect(answer.status == 403)
        #expect(answer.error["code"] == "secret_key_required")
    }

    @Test func leavesEachAttemptOfAManualIntentToTheSecretKey() {
        let (id, secret) = intent("&confirmation_method=manual&payment_method=pm_card_visa")
        let answer = page.post("/v1/payment_intents/\(id)/confirm", "client_secret=\(secret)")
        #expect(answer.status == 403)
        #expect(answer.error["code"] == "secret_key_required")
        #expect(page.get("/v1/payment_intents/\(id)", "client_secret=\(secret)").state == "requires_confirmation")
        #expect(client.post("/v1/payment_intents/\(id)/confirm").state == "succeeded")
    }

    @Test(arguments: [
        ("off_session", "on_session", 400), ("off_session", "", 400), ("on_session", "", 400),
        ("off_session", "off_session", 200), ("on_session", "on_session", 200), ("on_session", "off_session", 200),
        (nil, "on_session", 200),
    ]) func raisesTheFutureUsageAndNeverLowersIt(_ present: String?, _ wanted: String, _ status: Int) {
        let (id, secret) = intent(present.map { "&setup_future_usage=\($0)" } ?? "")
        let answer = page.post(
            "/v1/payment_intents/\(id)/confirm",
            "payment_method=pm_card_visa&client_secret=\(secret)&setup_future_usage=\(wanted)")
        #expect(answer.status == status)
        if status == 400 { #expect(answer.error["param"] == "setup_future_usage") }
        let usage = client.get("/v1/payment_intents/\(id)").body["setup_future_usage"]?.string
        #expect(usage == (status == 200 ? wanted : present))
    }

    @Test func makesPaymentMethods() {
        let method = page.post("/v1/payment_methods", "type=amazon_pay")
        #expect(method.status == 200)
        #expect(client.get("/v1/payment_methods/\(method.id)").status == 200)
    }

    @Test func letsBrowsersAskBefore() {
        let answer = page("OPTIONS", "/v1/payment_intents/pi_1", headers: ["authorization": ""])
        #expect(answer.status == 204)
        #expect(answer["access-control-allow-headers"]?.contains("Authorization") == true)
    }

    @Test(arguments: [
        ("POST", "/v1/payment_methods", true), ("POST", "/v1/payment_intents/pi_1/confirm", true),
        ("GET", "/v1/setup_intents/seti_1", true), ("POST", "/v1/webhook_endpoints", false),
        ("POST", "/v1/customers", false), ("GET", "/v1/events", false), ("POST", "/v1/payment_intents/pi_1", false),
        ("DELETE", "/v1/payment_intents/pi_1", false), ("POST", "/v1/payment_intents/pi_1/cancel", false),
    ]) func letsBrowsersDoWhatAPublishableKeyMay(_ method: String, _ path: String, _ isAllowed: Bool) {
        let answer = page("OPTIONS", path, headers: ["authorization": "", "access-control-request-method": method])
        #expect((answer["access-control-allow-origin"] != nil) == isAllowed)
        #expect((answer.status == 204) == isAllowed)
    }
}
