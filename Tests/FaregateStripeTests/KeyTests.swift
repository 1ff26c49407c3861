// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateStripe
import FaregateValues
import FaregateWire
import Testing

@Suite struct KeyTests {
    private static func refusal(_ header: String?, _ method: String, _ path: String, _ params: Value = [:]) -> Response?
    {
        let request = Request(method: method, path: path, params: params, version: StripePack.version)
        return APIKey.refusal(authorization: header, request, requestID: "req_1")
    }

    @Test(arguments: [
        nil, "", "Bearer", "Bearer nonsense", "Basic !!", "Bearer sk_test_", "Bearer sk_live_abc", "sk_test_abc",
    ])
    func withoutARealKeyNothingPasses(_ header: String?) throws {
        let response = try #require(Self.refusal(header, "GET", "/v1/payment_intents"))
        #expect(response.status == 401)
        #expect(response.error?.type == "invalid_request_error")
    }

    @Test(arguments: ["Bearer sk_test_abc", "bearer rk_test_abc", "Basic c2tfdGVzdF9hYmM6"])
    func secretKeysOpenEverything(_ header: String) {
        #expect(Self.refusal(header, "POST", "/v1/refunds") == nil)
    }

    @Test func publishableKeysReadAndConfirmWithTheSecretOnly() {
        let header = "Bearer pk_test_abc"
        let secret: Value = ["client_secret": "pi_1_secret_2"]
        #expect(Self.refusal(header, "POST", "/v1/payment_methods") == nil)
        #expect(Self.refusal(header, "GET", "/v1/payment_intents/pi_1", secret) == nil)
        #expect(Self.refusal(header, "POST", "/v1/setup_intents/seti_1/confirm", secret) == nil)
        for (method, path, params) in [
            ("GET", "/v1/payment_intents/pi_1", [:]), ("GET", "/v1/payment_intents", secret),
            ("POST", "/v1/payment_intents/pi_1/capture", secret), ("POST", "/v1/refunds", [:]),
        ] as [(String, String, Value)] {
            #expect(Self.refusal(header, method, path, params)?.error?.code == "secret_key_required")
        }
    }

    @Test func aRefusedKeyIsNotShown() {
        let response = Self.refusal("Bearer sk_live_verysecretkey1234", "GET", "/v1/balance")
        #expect(response?.error?.message.contains("verysecret") == false)
    }

    @Test func anotherSecretOpensNothing() {
        let mock = Mock()
        let intent = mock.made("/v1/payment_intents", ["amount": 2000, "currency": "usd"])
        let path = "/v1/payment_intents/\(intent.id)"
        #expect(mock.get(path, ["client_secret": intent["client_secret"]!]).status == 200)
        #expect(mock.get(path, ["client_secret": "pi_1_secret_2"]).error?.param == "client_secret")
    }
}
