// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSimulator
import FaregateSpec
import FaregateText
import FaregateValues
import FaregateVerify
import FaregateWire
import Foundation
import Testing

/// Answers that break the lifecycle, or are about something else than was asked for.
@Suite struct OddAnswerTests {
    private let shipped = Shipped(LiveDriverTests.shop)

    private func run(_ provider: SimulatedProvider, ownsKeys: Bool = false, post: PostOffice? = nil) async
        -> LiveDriver.Result
    {
        var driver = LiveDriver(interpreter: shipped.interpreter, transport: provider, clock: provider.clock)
        driver.post = post
        driver.patience = FaregateValues.Duration(seconds: 10 * 86400)
        let item = ScenarioCase(flow: 0, scenario: Scenario(name: "run", span: shipped.flow.nameSpan))
        return await driver.run(
            .init(flow: 0, id: "shop/x/0", at: provider.world.now, ownsKeys: ownsKeys), actors: LiveCast(item))
    }

    private func provider(
        post: PostOffice? = nil, _ answer: @escaping @Sendable (Int, Request) -> Response?
    ) -> SimulatedProvider {
        SimulatedProvider(shipped.simulator, post: post) { number, request in
            answer(number, request).map { .answer($0) } ?? .none
        }
    }

    private func finding(_ result: LiveDriver.Result) -> Violation? {
        if case .failed(let violation) = result.run.phase { violation } else { nil }
    }

    static func payment(_ id: String, status: Value, kind: String = "payment_intent") -> Value {
        ["id": .string(id), "object": .string(kind), "livemode": .bool(false), "status": status]
    }

    static let broken: [Response] = [
        Response(status: 200, body: payment("pi_1", status: "weird"), requestID: "req_1"),
        Response(status: 200, body: payment("pi_1", status: .null), requestID: "req_1"),
        Response(status: 200, body: payment("pi_1", status: "requires_capture"), requestID: "req_1"),
        Response(
            status: 402,
            body: [
                "error": [
                    "type": "card_error", "code": "card_declined", "payment_intent": payment("pi_1", status: "weird"),
                ]
            ], requestID: "req_1"),
    ]

    @Test(arguments: broken.indices) func whatACreateTellsOfIsCleanedUpHoweverItsAnswerIsJudged(_ number: Int) async {
        let provider = provider { at, _ in at == 1 ? Self.broken[number] : nil }
        let result = await run(provider)
        #expect(finding(result)?.finding.code == "FG0701")
        #expect(result.cleanup.contains { $0.operation == "payment_intent.cancel" && $0.objectID == "pi_1" })
    }

    @Test func readsOfOtherObjectsAreNotBelieved() async {
        let provider = provider { _, request in
            guard request.method == "GET" else { return nil }
            return Response(status: 200, body: Self.payment("pi_2", status: "succeeded"), requestID: "req_1")
        }
        let result = await run(provider)
        #expect(finding(result)?.finding.code == "FG0712")
        #expect(finding(result)?.finding.message.contains("is about 'pi_2'") == true)
        #expect(result.cleanup.allSatisfy { $0.objectID != "pi_2" }, "it is none of this run's")
    }

    @Test func otherKindsOfObjectsAreNotBelieved() async {
        let provider = provider { at, _ in
            at == 0 ? Response(status: 200, body: Self.payment("pi_9", status: "succeeded"), requestID: "req_1") : nil
        }
        let result = await run(provider)
        #expect(finding(result)?.finding.code == "FG0712")
        #expect(finding(result)?.finding.message.contains("is no customer but a payment_intent") == true)
        #expect(result.cleanup.isEmpty)
    }

    @Test(arguments: ["", ".", "..", "../../x?y=1#", "a b", "\u{1B}[31m", String(repeating: "x", count: 256)])
    func textsThatAreNoIDsAreNotBelieved(_ id: String) async {
        let provider = provider { at, _ in
            at == 0
                ? Response(status: 200, body: Self.payment(id, status: .null, kind: "customer"), requestID: "req_1")
                : nil
        }
        let result = await run(provider)
        #expect(finding(result)?.finding.code == "FG0712")
        #expect(provider.requests.count == 1 && result.cleanup.isEmpty)
    }

    @Test func aKeyThatIsStillInUseLeavesTheOutcomeOpen() async {
        let busy = Response(
            status: 409, body: ["error": ["type": "idempotency_error", "code": "idempotency_key_in_use"]],
            requestID: "req_1", shouldRetry: false)
        let provider = provider { at, _ in at == 0 ? busy : nil }
        let result = await run(provider)
        #expect(finding(result)?.finding.code == "FG0710" && finding(result)?.kind == .outcomeUnknown)
        #expect(provider.requests.count == 1, "it was advised against")
    }

    @Test func eventsOfLiveModeEndTheRunWhosesoeverTheyAre() async {
        let post = PostOffice()
        let provider = provider(post: post) { at, _ in
            if at == 1 {
                let event = Event(
                    body: [
                        "id": "evt_1", "type": "payment_intent.created", "livemode": .bool(true),
                        "data": ["object": ["id": "pi_other"]],
                    ])
                post.deliver(event, at: TestDriver.epoch)
            }
            return nil
        }
        let result = await run(provider, post: post)
        #expect(finding(result)?.finding.code == "FG0717")
        #expect(provider.requests.count == 2 && result.cleanup.isEmpty)
    }

    @Test func answersOfLiveModeEndTheCleanUp() async {
        let provider = provider { at, request in
            if at == 1 { return Self.broken[0] }
            guard request.path.hasSuffix("/cancel") else { return nil }
            return Response(status: 200, body: ["id": "pi_1", "livemode": .bool(true)], requestID: "req_1")
        }
        let result = await run(provider)
        #expect(result.cleanup.map(\.operation) == ["payment_intent.cancel"] && !result.cleanup[0].isDone)
        #expect(provider.requests.last?.path == "/v1/payment_intents/pi_1/cancel")
    }

    @Test func keysOfTheFlowAreMadeTheRunsOwnWhereRunsShareAnAccount() async throws {
        let text = LiveDriverTests.shop.replacingOccurrences(
            of: "call: payment.create", with: "call: payment.create\n    options: {idempotency_key: pay-7}")
        let shipped = Shipped(text)
        var keys: [String] = []
        for (id, owns) in [("a", true), ("b", true), ("b", true), ("b", false)] {
            let provider = SimulatedProvider(shipped.simulator)
            let driver = LiveDriver(interpreter: shipped.interpreter, transport: provider, clock: provider.clock)
            let item = ScenarioCase(flow: 0, scenario: Scenario(name: "run", span: shipped.flow.nameSpan))
            _ = await driver.run(
                .init(flow: 0, id: id, at: provider.world.now, ownsKeys: owns), actors: LiveCast(item))
            keys.append(
                try #require(provider.writes.first { $0.path == "/v1/payment_intents" }?.idempotencyKey))
        }
        #expect(keys[0] != keys[1] && keys[1] == keys[2] && keys[3] == "pay-7")
        #expect(keys[0].hasPrefix("pay-7-"))
    }
}
