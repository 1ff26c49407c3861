// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import Testing

@testable import FaregateHTTP

@Suite struct PageTests {
    let client = MockClient()

    private func pay(_ more: String, amount: Int = 1999, currency: String = "usd") -> MockClient.Answer {
        client.post("/v1/payment_intents", "amount=\(amount)&currency=\(currency)&confirm=true&" + more)
    }

    private func path(_ intent: MockClient.Answer) -> String { "/redirect/authenticate/\(intent.id)" }

    static let wallet = "payment_method_data[type]=amazon_pay&return_url=https://shop.example/back?order=7%23top"

    @Test func saysWhatIsAskedByWhomAndHowMuch() {
        let intent = pay(Self.wallet + "&description=Tea+%3Cscript%3E")
        #expect(intent[path: "next_action.redirect_to_url.url"] == .string("http://127.0.0.1:12111" + path(intent)))
        let page = client.get(path(intent))
        #expect(page.status == 200)
        for text in [
            "Authorize a payment with Amazon Pay", "19.99 USD", "test shop", "Tea &lt;script&gt;", intent.id,
            "<button name=\"choice\" value=\"authorize\">Authorize</button>",
            "<button name=\"choice\" value=\"fail\">Fail</button>",
            "<button name=\"choice\" value=\"expire\">Let it expire</button>",
            "<form method=\"post\" action=\"\(path(intent))\">",
        ] { #expect(page.text.contains(text), "\(text)") }
        for text in ["<script", "<style", "onclick", "javascript:"] { #expect(!page.text.contains(text)) }
        let policy = page["content-security-policy"] ?? ""
        #expect(policy.hasPrefix("default-src 'none'; style-src 'self'; form-action 'self' https://shop.example;"))
    }

    struct Way: Sendable, CustomTestStringConvertible {
        let choice: String, status: String, outcome: String

        var testDescription: String { choice }
    }

    static let ways = [
        Way(choice: "authorize", status: "succeeded", outcome: "succeeded"),
        Way(choice: "fail", status: "requires_payment_method", outcome: "failed"),
        Way(choice: "expire", status: "requires_payment_method", outcome: "failed"),
    ]

    @Test(arguments: ways) func leadsBackWithTheDocumentedParameters(_ way: Way) {
        let intent = pay(Self.wallet)
        let secret = intent.body["client_secret"]?.string ?? ""
        let answer = client.post(path(intent), "choice=\(way.choice)")
        #expect(answer.status == 303)
        #expect(
            answer["location"]
                == "https://shop.example/back?order=7&payment_intent=\(intent.id)&payment_intent_client_secret=\(secret)"
                + "&redirect_status=\(way.outcome)#top")
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == way.status)
    }

    @Test func leadsBackFromASetupToo() {
        let intent = client.post(
            "/v1/setup_intents",
            "payment_method_data[type]=amazon_pay&usage=off_session&confirm=true&return_url=https://shop.example/done")
        #expect(client.get(path(intent)).text.contains("Save Amazon Pay for later payments"))
        let location = client.post(path(intent), "choice=authorize")["location"] ?? ""
        #expect(
            location.hasPrefix("https://shop.example/done?setup_intent=\(intent.id)&setup_intent_client_secret=seti_"))
        #expect(location.hasSuffix("&redirect_status=succeeded"))
        #expect(client.get("/v1/setup_intents/\(intent.id)").state == "succeeded")
    }

    @Test func asksOnceOnly() {
        let intent = pay(Self.wallet)
        #expect(client.post(path(intent), "choice=authorize").status == 303)
        #expect(client.post(path(intent), "choice=fail").status == 409)
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "succeeded")
        #expect(!client.get(path(intent)).text.contains("<form"))
    }

    @Test(arguments: ["", "choice=", "choice=steal", "choice[]=authorize", "%"]) func refusesOtherChoices(
        _ form: String
    ) {
        let intent = pay(Self.wallet)
        #expect(client.post(path(intent), form).status == 400)
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "requires_action")
    }

    @Test func refusesFormsOfOtherSites() {
        let intent = pay(Self.wallet)
        let page = path(intent)
        #expect(client.post(page, "choice=authorize", headers: ["origin": "https://evil.example"]).status == 403)
        #expect(client.post(page, "choice=authorize", headers: ["origin": "http://127.0.0.1:12111"]).status == 303)
    }

    @Test(arguments: [
        "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "/back", "https://",
        "https:///x",
        "https://a b/", "https://a%0d%0aSet-Cookie:x", "http://user@shop.example/", "https://a/\"onload=x", "ftp://a/",
    ]) func refusesOddReturnAddresses(_ address: String) {
        let answer = pay("payment_method_data[type]=amazon_pay&return_url=" + address.replacing("+", with: "%2B"))
        #expect(answer.status == 400)
        #expect(answer.error["param"] == "return_url")
    }

    @Test func asksTheCardholderWhereTheIssuerChallenges() {
        let intent = pay("payment_method=pm_card_threeDSecure2Required&return_url=https://shop.example/back")
        #expect(intent.state == "requires_action")
        #expect(client.get(path(intent)).text.contains("Your bank asks"))
        #expect(client.post(path(intent), "choice=authorize").status == 303)
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "succeeded")
    }

    @Test func comesBackToThePageWhereThereIsNoReturnAddress() {
        let intent = pay("payment_method=pm_card_threeDSecure2Required")
        #expect(intent[path: "next_action.type"] == "use_stripe_sdk")
        #expect(client.post(path(intent), "choice=fail")["location"] == path(intent))
        #expect(client.get(path(intent)).text.contains("requires_payment_method"))
    }

    @Test func verifiesMicrodeposits() {
        let intent = client.post(
            "/v1/payment_intents",
            "amount=1000&currency=usd&confirm=true&payment_method_data[type]=us_bank_account"
                + "&payment_method_data[us_bank_account][account_number]=000123456789"
                + "&payment_method_data[us_bank_account][routing_number]=110000000"
                + "&payment_method_data[us_bank_account][account_holder_type]=individual"
                + "&payment_method_data[billing_details][name]=Jenny"
                + "&mandate_data[customer_acceptance][type]=offline")
        #expect(intent[path: "next_action.type"] == "verify_with_microdeposits")
        #expect(client.get(path(intent)).text.contains("name=\"descriptor_code\""))
        #expect(client.post(path(intent), "choice=verify&descriptor_code=SM00AA").status == 400)
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "requires_action")
        #expect(client.post(path(intent), "choice=verify&descriptor_code=SM11AA").status == 303)
        #expect(client.get("/v1/payment_intents/\(intent.id)").state == "processing")
    }

    @Test(arguments: [("jpy", "1999 JPY"), ("kwd", "2.000 KWD"), ("eur", "20.00 EUR")])
    func writesAmountsInTheUnitsOfTheirCurrency(_ currency: String, _ text: String) {
        let intent = pay(
            "payment_method=pm_card_threeDSecure2Required", amount: currency == "jpy" ? 1999 : 2000, currency: currency)
        #expect(client.get(path(intent)).text.contains(">\(text)<"))
    }

    /// Every method that waits for its customer has a page with a way out.
    @Test func hasAPageForEveryMethodThatWaits() {
        let methods = client.mock.simulator.catalog.methods.map ?? [:]
        var seen: Set<String> = []
        for (name, row) in methods {
            let type = name.string ?? ""
            guard ["redirect", "qr", "voucher", "transfer"].contains(row["confirms"]?.string ?? "") else { continue }
            let body = "payment_method_data[type]=\(type)&return_url=https://shop.example/back"
            let intent = pay(body, amount: 2000, currency: row["currencies"]?.list?.first?.string ?? "eur")
            guard intent.state == "requires_action" else { continue }
            seen.insert(type)
            let page = client.get(path(intent))
            #expect(page.status == 200, "\(type)")
            #expect(page.text.contains("value=\"authorize\""), "\(type)")
            #expect(client.post(path(intent), "choice=authorize").status == 303, "\(type)")
            #expect(client.get("/v1/payment_intents/\(intent.id)").state != "requires_action", "\(type)")
        }
        #expect(seen.count > 20)
    }

    @Test func knowsNoOtherPages() {
        for path in ["/redirect/authenticate/pi_none", "/redirect/authenticate/", "/redirect/x/y", "/redirect"] {
            #expect(client.get(path).status == 404)
        }
        let customer = client.post("/v1/customers").id
        #expect(client.get("/redirect/authenticate/\(customer)").status == 404)
        #expect(client.get("/redirect/style.css").status == 200)
    }

    @Test(arguments: ["/stripe.js", "/v3/stripe.js", "/clover/stripe.js", "/v3/"]) func servesTheScriptOfTheBrowser(
        _ path: String
    ) {
        let script = client.get(path)
        #expect(script.status == 200)
        #expect(script["content-type"] == "text/javascript; charset=utf-8")
        for text in ["confirmAmazonPaySetup", "confirmAmazonPayPayment", "confirmIdealPayment", "confirmCardSetup"] {
            #expect(script.text.contains("[\"\(text)\""), "\(text)")
        }
        #expect(!script.text.contains("__METHODS__"))
    }
}
