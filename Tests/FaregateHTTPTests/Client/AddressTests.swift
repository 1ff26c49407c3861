// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateHTTP
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("https://api.stripe.com", "https://api.stripe.com", 443, false),
        ("https://api.stripe.com/", "https://api.stripe.com", 443, false),
        ("HTTP://LocalHost:12111", "http://localhost:12111", 12111, true),
        ("http://127.0.0.1:12111/stripe/", "http://127.0.0.1:12111/stripe", 12111, true),
        ("http://[::1]:80", "http://[::1]", 80, true),
        ("http://127.0.0.1.example.com", "http://127.0.0.1.example.com", 80, false),
    ])
    func isRead(_ text: String, _ shown: String, _ port: Int, _ isLoopback: Bool) throws {
        let address = try BaseAddress(text)
        #expect(address.description == shown)
        #expect(address.port == port)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(arguments: [
        "", "api.stripe.com", "ftp://api.stripe.com", "https://", "https://:443", "https://host:0", "https://host:x",
        "https://host:99999", "https://sk_test_1:@host", "https://host/?a=b", "https://host/#x", "https://ho st",
        "https://host/../x", "http://[::1]x:1", "https://host\r\nX: y",
    ])
    func isRefused(_ text: String) {
        #expect(throws: SetupProblem.self) { try BaseAddress(text) }
    }

    @Test func refusalsTellNoSecret() {
        let error = #expect(throws: SetupProblem.self) { try BaseAddress("https://sk_test_CANARY:@host") }
        #expect(error.map { !$0.description.contains("CANARY") } == true)
    }

    @Test(arguments: [
        ("sk_test_1", SecretKey.Mode.test), ("rk_test_1", .test), ("sk_live_1", .live), ("rk_live_1", .live),
    ])
    func keysTellTheirMode(_ text: String, _ mode: SecretKey.Mode) throws {
        let key = try SecretKey(text)
        #expect(key.mode == mode)
        #expect("\(key)" == "[redacted]")
        #expect(!String(reflecting: key).contains(text))
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains(text))
    }

    @Test(arguments: ["", "pk_test_CANARY", "CANARY", "sk_test_CANARY\r\nX-Other: 1", "sk_test_CANARY "])
    func otherKeysAreRefusedUntold(_ text: String) {
        let error = #expect(throws: SetupProblem.self) { try SecretKey(text) }
        #expect(error.map { !$0.description.contains("CANARY") } == true)
    }

    @Test func liveKeysGoThroughTLSOnly() throws {
        let key = try SecretKey("sk_live_1")
        #expect(throws: SetupProblem.self) {
            try HTTPTransport(.init(base: BaseAddress("http://127.0.0.1:1"), key: key))
        }
    }

    private func proxy(_ address: String, _ variables: [String: String]) throws -> String? {
        let settings = try ProxySettings.read(for: BaseAddress(address)) { variables[$0] }
        return settings.map { "\($0.credentials.map { $0 + "@" } ?? "")\($0.host):\($0.port)" }
    }

    @Test func proxiesAreThoseOfTheEnvironment() throws {
        #expect(try proxy("https://api.stripe.com", [:]) == nil)
        #expect(try proxy("https://api.stripe.com", ["HTTPS_PROXY": "http://proxy:3128"]) == "proxy:3128")
        #expect(try proxy("https://api.stripe.com", ["https_proxy": "proxy:3128/"]) == "proxy:3128")
        #expect(try proxy("https://api.stripe.com", ["HTTP_PROXY": "http://proxy:3128"]) == nil)
        #expect(try proxy("http://mock.test", ["HTTP_PROXY": "http://a:b%40c@proxy:3128"]) == "a:b@c@proxy:3128")
        #expect(
            try proxy("http://127.0.0.1:1", ["HTTP_PROXY": "http://proxy:3128"]) == nil, "this machine is near enough")
        #expect(throws: SetupProblem.self) { try proxy("https://a.test", ["HTTPS_PROXY": "socks5://proxy:1"]) }
    }

    @Test(arguments: ["*", "stripe.com", ".stripe.com", "a.test, api.stripe.com", "api.stripe.com:443"])
    func exemptionsAreThoseOfTheEnvironment(_ list: String) throws {
        let variables = ["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": list]
        #expect(try proxy("https://api.stripe.com", variables) == nil)
        #expect(
            try proxy(
                "https://api.example.com", ["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "stripe.com,ample.com"])
                != nil)
    }
}
