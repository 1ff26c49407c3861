// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostilePeers
import Synchronization
import Testing

/// The whole program against peers of the test's own.
@Suite struct LiveEndToEndTests {
    typealias Step = HostileServer.Step

    static let shop = """
        flow: shop
        title: One payment
        inputs:
          token: {type: string, env: SHOP_TOKEN, default: "", secret: true}
        objects: {customer: customer, payment: payment_intent}
        initial: create
        states:
          create: {call: customer.create, with: {name: $token}, on: {active: pay}}
          pay:
            call: payment.create
            with: {amount: 2000, currency: eur, payment_method_types: [sepa_debit], payment_method: pm_sepaDebit_success_de, mandate_data: {customer_acceptance: {type: offline}}, confirm: true}
            on: {processing: settles}
          settles:
            wait: payment
            on: {succeeded: paid, requires_payment_method: lost}
            after: {30d: lost}
          paid: {final: success, outputs: {secret: $payment.client_secret}}
          lost: {final: failure}
        cleanup: [payment.cancel, customer.delete]
        scenarios:
          paid: {final: paid}
          it comes back: {actors: {bank: returns after 4d}, final: lost}
        """

    static let customer = #"{"id":"cus_1","object":"customer","livemode":false}"#

    static func payment(_ status: String) -> String {
        #"{"id":"pi_1","object":"payment_intent","livemode":false,"status":"\#(status)","client_secret":"pi_1_secret_CANARYSECRET","payment_method_types":["sepa_debit"]}"#
    }

    /// An API with one customer and one payment, settled at the second look.
    static func api(_ number: Int, _ request: HostileServer.Received) -> [Step] {
        switch request.line.split(separator: " ").prefix(2).joined(separator: " ") {
        case "POST /v1/customers": [.answer(customer, headers: ["request-id: req_1"])]
        case "POST /v1/payment_intents": [.answer(payment("processing"), headers: ["request-id: req_2"])]
        case "GET /v1/payment_intents/pi_1": [.answer(payment(number > 3 ? "succeeded" : "processing"))]
        case "DELETE /v1/customers/cus_1": [.answer(#"{"id":"cus_1","object":"customer","deleted":true}"#)]
        default: [.answer(#"{"error":{"type":"invalid_request_error","message":"no"}}"#, status: "404 Not Found")]
        }
    }

    private func tool() throws -> Tool {
        let tool = try Tool()
        try tool.write(Self.shop, to: "shop.yaml")
        return tool
    }

    private func address(_ server: HostileServer) -> String { "http://127.0.0.1:\(server.port)" }

    @Test func aFlowRunsOnWhateverAnswers() async throws {
        let server = try await HostileServer.start(Self.api)
        let result = try tool()("run", "shop.yaml", "--transport", address(server), "--trace", "trace.jsonl")
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(result.output.contains("ends in paid (success)"))
        #expect(result.output.contains("customer.delete cus_1 -> deleted"))
        #expect(server.requests.allSatisfy { $0.header("stripe-version") == "2026-07-29.dahlia" })
        #expect(server.requests.allSatisfy { $0.header("authorization") == "Bearer sk_test_faregate" })
        await server.stop()
    }

    @Test func optionsGoAlongWithEveryRequest() async throws {
        let server = try await HostileServer.start(Self.api)
        let result = try tool()(
            "run", "shop.yaml", "--transport", address(server), "--api-version", "2024-06-20", "--account", "acct_7",
            environment: ["STRIPE_API_KEY": "rk_test_mine", "SHOP_TOKEN": "from outside"])
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(server.requests.allSatisfy { $0.header("stripe-version") == "2024-06-20" })
        #expect(server.requests.allSatisfy { $0.header("stripe-account") == "acct_7" })
        #expect(server.requests.allSatisfy { $0.header("authorization") == "Bearer rk_test_mine" })
        #expect(server.requests.first?.body == "name=from%20outside")
        await server.stop()
    }

    @Test func scenariosThatCannotBeBroughtAboutAreSkippedAndNoPass() async throws {
        let server = try await HostileServer.start(Self.api)
        let both = try tool()("test", "shop.yaml", "--transport", address(server))
        #expect(both.status == 0, "\(both.output)\(both.error)")
        #expect(both.output.contains("skip  it comes back  the bank returns after 4d: real time is not ours"))
        #expect(both.output.contains("1 passed, 0 failed, 1 skipped"))
        let none = try tool()("test", "shop.yaml:it comes back", "--transport", address(server))
        #expect(none.status == 3)
        #expect(none.error.contains("nothing could be brought about"))
        await server.stop()
    }

    @Test func nothingIsSentWithoutTheRightKey() async throws {
        let server = try await HostileServer.start(Self.api)
        let cases: [(key: String, extra: [String], says: String)] = [
            ("sk_live_CANARY", [], "--allow-live"), ("rk_live_CANARY", [], "--allow-live"),
            ("sk_live_CANARY", ["--allow-live"], "without TLS"), ("pk_test_CANARY", [], "publishable"),
            ("CANARY", [], "no secret key"), ("sk_test_CANARY\n", [], "line break"),
        ]
        for (key, extra, says) in cases {
            let tool = try tool()
            let process = try tool.start(
                ["run", "shop.yaml", "--transport", address(server)] + extra, environment: ["STRIPE_API_KEY": key])
            Tool.wait(for: process)
            let result = try tool.result(of: process)
            #expect(result.status == 3 && result.error.contains(says), "\(key): \(result.error)")
            #expect(!(result.output + result.error).contains("CANARY"))
        }
        let keyless = try tool()("run", "shop.yaml", "--transport", "https://api.stripe.com")
        #expect(keyless.status == 3 && keyless.error.contains("STRIPE_API_KEY is not set"))
        #expect(server.requests.isEmpty)
        await server.stop()
    }

    @Test(arguments: [
        ["--timeout", "3s"], ["--transport", "nowhere"], ["--transport", "http://127.0.0.1:1", "--timeout", "soon"],
        ["--transport", "http://127.0.0.1:1", "--webhooks", "x:y"],
        ["--transport", "http://127.0.0.1:1", "--account", "foo"],
        ["--transport", "http://127.0.0.1:1", "--account", "acct_1\r\nx: y"],
        ["--transport", "http://127.0.0.1:1", "--api-version", "newest"],
        ["--transport", "http://127.0.0.1:1", "--api-version", "2024-06-20\r\nx: y"],
    ])
    func badUsageEndsWithTwo(_ arguments: [String]) throws {
        let tool = try tool()
        let process = try tool.start(
            ["run", "shop.yaml"] + arguments, environment: ["STRIPE_WEBHOOK_SECRET": "whsec_1"])
        Tool.wait(for: process)
        let error = try tool.result(of: process).error
        #expect(process.terminationStatus == 2, "\(error)")
    }

    @Test func aPeerThatIsNotThereEndsWithThree() async throws {
        let server = try await HostileServer.start { _, _ in [] }
        await server.stop()
        let result = try tool()("run", "shop.yaml", "--transport", address(server))
        #expect(result.status == 3)
        #expect(
            result.error.contains("the API cannot be reached") && result.error.contains("the connection was refused"))
    }

    @Test func answersThatAreCutLeaveTheOutcomeUnknown() async throws {
        let server = try await HostileServer.start { number, request in
            request.line.hasPrefix("POST /v1/payment_intents")
                ? [.write(Step.head("200 OK", ["content-length: 500"]) + #"{"id":"pi_1","#), .close]
                : Self.api(number, request)
        }
        let result = try tool()("run", "shop.yaml", "--transport", address(server))
        #expect(result.status == 3)
        #expect(result.error.contains("nobody knows whether 'pay' was applied"))
        #expect(!result.error.contains("failed to pay"))
        let tries = server.requests.filter { $0.line.hasPrefix("POST /v1/payment_intents") }
        #expect(tries.count == 4)
        #expect(Set(tries.map { $0.header("idempotency-key") ?? "" }).count == 1)
        #expect(Set(tries.map(\.body)).count == 1)
        #expect(server.requests.last?.line.hasPrefix("DELETE /v1/customers/cus_1") == true, "it cleans up all the same")
        await server.stop()
    }

    @Test func anAnswerThatIsCutOnceIsFetchedUnderTheSameKey() async throws {
        let server = try await HostileServer.start { number, request in
            number == 1 ? [.write("HTTP/1.1 200 OK\r\ncontent-le"), .close] : Self.api(number, request)
        }
        let result = try tool()("run", "shop.yaml", "--transport", address(server))
        #expect(result.status == 0, "\(result.output)\(result.error)")
        let tries = server.requests.filter { $0.line.hasPrefix("POST /v1/payment_intents") }
        #expect(tries.count == 2 && tries[0].header("idempotency-key") == tries[1].header("idempotency-key"))
        await server.stop()
    }

    @Test func interruptedRunsCleanUpAndEndWith130() async throws {
        let hasLooked = Mutex(false)
        let server = try await HostileServer.start { number, request in
            if request.line.hasPrefix("GET ") {
                hasLooked.withLock { $0 = true }
                return [.answer(Self.payment("processing"))]
            }
            return Self.api(number, request)
        }
        let tool = try tool()
        let process = try tool.start(["run", "shop.yaml", "--transport", address(server)])
        for _ in 0..<3000 where !hasLooked.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
        process.interrupt()
        Tool.wait(for: process)
        let result = try tool.result(of: process)
        #expect(result.status == 130, "\(result.output)\(result.error)")
        #expect(server.requests.contains { $0.line.hasPrefix("DELETE /v1/customers/cus_1") })
        #expect(result.error.contains("the run was interrupted in 'settles'"))
        await server.stop()
    }

    /// A peer whose payment never settles, and what is called when somebody has looked at it.
    private func waiting(
        cleanup: @escaping @Sendable () -> [Step] = { [.answer(customer)] }
    ) async throws -> (server: HostileServer, hasLooked: @Sendable () async throws -> Void) {
        let box = Box()
        let server = try await HostileServer.start { number, request in
            if request.line.hasPrefix("GET ") {
                box.count.add(1, ordering: .relaxed)
                return [.answer(Self.payment("processing"))]
            }
            return request.line.hasPrefix("DELETE ") || request.line.contains("/cancel")
                ? cleanup() : Self.api(number, request)
        }
        return (
            server,
            {
                for _ in 0..<3000 where box.count.load(ordering: .relaxed) == 0 {
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
        )
    }

    private final class Box: Sendable {
        let count = Atomic<Int>(0)
    }

    @Test func anInterruptedTestOfOneScenarioEndsWith130() async throws {
        let (server, hasLooked) = try await waiting()
        let tool = try tool()
        let process = try tool.start([
            "test", "shop.yaml:paid", "--transport", address(server), "--output", "report.json",
        ])
        try await hasLooked()
        process.interrupt()
        Tool.wait(for: process)
        let result = try tool.result(of: process)
        #expect(result.status == 130, "\(result.output)\(result.error)")
        #expect(result.output.contains("0 passed, 0 failed, 1 could not run"))
        let report = try tool.read("report.json")
        #expect(report.contains(#""interrupted": true"#) && report.contains(#""could_not_run": 1"#))
        await server.stop()
    }

    @Test func anInterruptedCallWithoutRepeatsEndsWith130() async throws {
        let isAsked = Mutex(false)
        let server = try await HostileServer.start { _, _ in
            isAsked.withLock { $0 = true }
            return []
        }
        let tool = try tool()
        try tool.write(
            Self.shop.replacingOccurrences(of: "objects:", with: "options: {max_network_retries: 0}\nobjects:"),
            to: "shop.yaml")
        let process = try tool.start(["run", "shop.yaml", "--transport", address(server)])
        for _ in 0..<3000 where !isAsked.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
        process.interrupt()
        Tool.wait(for: process)
        #expect(try tool.result(of: process).status == 130)
        await server.stop()
    }

    @Test func theSecondInterruptionSaysWhatIsLeftAndLeavesTheTrace() async throws {
        let isCleaning = Mutex(false)
        let (server, hasLooked) = try await waiting {
            isCleaning.withLock { $0 = true }
            return []
        }
        let tool = try tool()
        let process = try tool.start([
            "run", "shop.yaml", "--transport", address(server), "--trace", "trace.jsonl",
        ])
        try await hasLooked()
        #expect(try tool.read("trace.jsonl").contains(#""fact":"waiting""#), "it is written as things happen")
        process.interrupt()
        for _ in 0..<3000 where !isCleaning.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
        process.interrupt()
        Tool.wait(for: process)
        let result = try tool.result(of: process)
        #expect(result.status == 130)
        #expect(result.error.contains("ended at once; not cleaned up: cus_1, pi_1"), "\(result.error)")
        let trace = try tool.read("trace.jsonl")
        #expect(trace.contains("FG0718") && trace.hasSuffix("}\n"))
        await server.stop()
    }

    @Test(arguments: [
        ["run", "shop.yaml", "--trace", "nowhere/trace.jsonl"], ["test", "shop.yaml", "--output", "nowhere/x.json"],
        ["test", "shop.yaml", "--coverage-output", "."], ["run", "shop.yaml", "--trace", "/"],
    ]) func pathsThatCannotBeWrittenAreToldBeforeAnythingIsSent(_ arguments: [String]) async throws {
        let server = try await HostileServer.start(Self.api)
        let result = try tool()(arguments + ["--transport", address(server)])
        #expect(result.status == 3 && result.error.contains("cannot be written"), "\(result.error)")
        #expect(server.requests.isEmpty)
        await server.stop()
    }

    @Test func whatAPeerSaysDoesNothingToATerminal() async throws {
        let server = try await HostileServer.start { _, _ in
            let code = #"x\u001b[31m"# + String(repeating: "y", count: 50_000)
            return [
                .answer(
                    #"{"error":{"type":"invalid_request_error","code":"\#(code)","message":"\u001b]0;m"}}"#,
                    status: "400 Bad Request")
            ]
        }
        let result = try tool()("run", "shop.yaml", "--transport", address(server))
        #expect(result.status == 1)
        #expect(!(result.output + result.error).contains("\u{1B}"))
        #expect(result.output.utf8.count < 3000)
        await server.stop()
    }

    // MARK: Canaries

    static let card = "4242424242424242"
    static let canaries = ["CANARY", card, "4242 4242", "'9471'", "cvc: 9471", "9471}"]

    /// Peers that send back what they were sent, in all the places that are shown.
    static let echoes: [@Sendable (Int, HostileServer.Received) -> [Step]] = [
        { number, request in api(number, request) },
        { _, request in
            let key = request.header("authorization")?.split(separator: " ").last ?? ""
            return [
                .answer(
                    #"{"error":{"type":"invalid_request_error","message":"Invalid API Key provided: \#(key)"}}"#,
                    status: "401 Unauthorized")
            ]
        },
        { _, request in
            [
                .answer(
                    #"{"error":{"type":"card_error","code":"odd_code","message":"your card \#(card) and sk_test_CANARYKEY, pi_1_secret_CANARYSECRET","param":"\#(card)"}}"#,
                    status: "400 Bad Request", headers: ["request-id: sk_test_CANARYKEY"])
            ]
        },
        { _, _ in [.write(Step.head("302 Found", ["location: https://sk_test_CANARYKEY@x.test/?sk_test_CANARYKEY"]))] },
        { _, _ in
            [
                .write(
                    Step.head("200 OK", ["content-type: sk_test_CANARYKEY", "content-length: 15"]) + "sk_test_CANARYK")
            ]
        },
        { _, _ in [.answer(#"{"id":"cus_1","object":"customer","livemode":true,"name":"sk_test_CANARYKEY"}"#)] },
        { _, _ in [.answer(#"{"id":"sk_test_CANARYKEY","object":"customer","status":"pi_1_secret_CANARYSECRET"}"#)] },
        { number, request in
            request.line.hasPrefix("POST /v1/customers")
                ? api(number, request)
                : [.answer(#"{"id":"pi_1","object":"payment_intent","status":"whsec_CANARYHOOK"}"#)]
        },
    ]

    @Test(arguments: echoes.indices) func secretsReachNoOutput(_ number: Int) async throws {
        let server = try await HostileServer.start(Self.echoes[number])
        let tool = try Tool()
        let flow = Self.shop.replacingOccurrences(
            of: "call: customer.create, with: {name: $token}",
            with:
                "call: customer.create, assert: [token == ''], with: {name: $token, metadata: {number: '\(Self.card)', cvc: '9471'}}"
        )
        try tool.write(
            flow.replacingOccurrences(
                of: "payment_method: pm_sepaDebit_success_de",
                with: "payment_method_data: {type: card, card: {number: '\(Self.card)', cvc: '9471'}}"), to: "shop.yaml"
        )
        let environment = [
            "STRIPE_API_KEY": "sk_test_CANARYKEY", "STRIPE_WEBHOOK_SECRET": "whsec_CANARYHOOK",
            "SHOP_TOKEN": "CANARYTOKEN",
        ]
        let run = try tool(
            "run", "shop.yaml", "--transport", address(server), "--trace", "trace.jsonl", "--webhooks", "127.0.0.1:0",
            "--patience", "2s", environment: environment)
        let trace = (try? tool.read("trace.jsonl")) ?? ""
        let test = try tool(
            "test", "shop.yaml", "--transport", address(server), "--patience", "2s", environment: environment)
        let text = run.output + run.error + trace + test.output + test.error
        for canary in Self.canaries { #expect(!text.contains(canary), "\(canary) in \(text)") }
        #expect(server.requests.contains { $0.head.contains("sk_test_CANARYKEY") }, "the key did go out")
        #expect(server.requests.contains { $0.body.contains("CANARYTOKEN") || number > 0 })
        await server.stop()
    }
}
