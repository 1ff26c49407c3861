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
import Synchronization
import Testing

@Suite struct LiveDriverTests {
    static let flows =
        (try? FileManager.default.contentsOfDirectory(atPath: Shipped.root + "/flows"))?
        .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted() ?? []

    private func driver(_ shipped: Shipped, _ provider: SimulatedProvider, _ post: PostOffice? = nil) -> LiveDriver {
        var driver = LiveDriver(interpreter: shipped.interpreter, transport: provider, clock: provider.clock)
        driver.post = post
        driver.patience = FaregateValues.Duration(seconds: 10 * 365 * 86400)
        return driver
    }

    private func run(
        _ shipped: Shipped, _ provider: SimulatedProvider, post: PostOffice? = nil, item: ScenarioCase? = nil,
        change: (inout LiveDriver) -> Void = { _ in }
    ) async -> LiveDriver.Result {
        let item = item ?? ScenarioCase(flow: 0, scenario: Scenario(name: "run", span: shipped.flow.nameSpan))
        var driver = driver(shipped, provider, post)
        change(&driver)
        let start = Interpreter.Start(
            flow: 0, id: "\(shipped.flow.name)/\(item.title)/0", inputs: item.inputs, version: item.scenario.version,
            profile: item.scenario.profile ?? "documented", grace: FaregateValues.Duration(seconds: 30),
            at: provider.world.now)
        return await driver.run(start, actors: LiveCast(item))
    }

    /// What a flow decided and what it wrote, without the reads that led there.
    private func story(_ trace: Trace) -> [String] {
        trace.facts.compactMap { _, fact in
            switch fact {
            case .entered(let path, let state, let visit): "\(path)\(state) \(visit)"
            case .called(let key, _, let operation, let request, _) where request.method != "GET":
                "\(operation) \(key) \(JSON.write(request.params))"
            case .decided(let state, let cause, let target): "\(state): \(cause) -> \(target)"
            case .emitted(let name, let key, _): "\(name) \(key)"
            case .finished(let outcome): "\(outcome.final) \(JSON.write(outcome.outputs))"
            case .violated(let violation): violation.finding.message
            default: nil
            }
        }
    }

    @Test(arguments: flows) func flowsGoAsOnTheTestDriver(_ name: String) async {
        let shipped = Shipped(named: name)
        var compared = 0
        for item in shipped.cases {
            // Networks and what the API does to a call are the test driver's own, and scopes are known to it alone.
            let isPlain = item.scripts.allSatisfy { !["network", "api"].contains($0.actor) && $0.scope == nil }
            guard isPlain, item.scenario.profile ?? "documented" == "documented" else { continue }
            let runner = ScenarioRunner(driver: shipped.driver, seed: "0")
            let expected = runner.run(item).result
            let post = PostOffice()
            let provider = SimulatedProvider(
                shipped.simulator, seed: "0/\(shipped.flow.name)/\(item.title)", scripts: item.scripts, post: post)
            // Events tell what is new: looks may be rare.
            let live = await run(shipped, provider, post: post, item: item) {
                $0.longestPoll = FaregateValues.Duration(seconds: 86400)
            }
            #expect(story(live.trace) == story(expected.trace), "\(name): \(item.title)")
            compared += 1
        }
        #expect(compared > 0)
    }

    static let shop = """
        flow: shop
        objects: {customer: customer, payment: payment_intent}
        initial: create
        states:
          create: {call: customer.create, on: {active: pay}}
          pay:
            call: payment.create
            with: {amount: 2000, currency: eur, payment_method_types: [sepa_debit], payment_method: pm_sepaDebit_success_de, mandate_data: {customer_acceptance: {type: offline}}, confirm: true}
            on: {processing: settles}
            catch: {timeout: lost}
          settles:
            wait: payment
            on: {succeeded: paid, requires_payment_method: lost}
            after: {30d: lost}
          paid: {final: success}
          lost: {final: failure}
        cleanup: [payment.cancel, customer.delete]
        """

    private func settles(after days: Int64) -> [Cast.Script] {
        let words = ChoiceWords(name: "settles", after: FaregateValues.Duration(seconds: days * 86400))
        return [.init(actor: "bank", lines: [.init(words: words)])]
    }

    @Test func looksWithoutNewsLeaveNoTrace() async {
        let shipped = Shipped(Self.shop)
        let provider = SimulatedProvider(shipped.simulator, scripts: settles(after: 2))
        let start = Interpreter.Start(flow: 0, id: "x", at: provider.world.now)
        let item = ScenarioCase(flow: 0, scenario: Scenario(name: "run", span: shipped.flow.nameSpan))
        let heard = Mutex(Trace())
        let result = await driver(shipped, provider).run(start, actors: LiveCast(item)) { entry in
            heard.withLock { $0.entries.append(entry) }
        }
        #expect(result.trace.path == ["create", "pay", "settles", "paid"])
        let reads = provider.requests.count { $0.method == "GET" && $0.path.contains("payment_intents") }
        #expect(reads > 1000, "two days, a look a minute")
        #expect(result.trace.entries.count < 20)
        #expect(heard.withLock { $0 } == result.trace, "what is told is what stands")
        let (run, facts) = shipped.interpreter.replay(result.trace, start: start)
        #expect(run == result.run && facts == result.trace.facts.map(\.fact))
    }

    @Test func aLostAnswerIsAskedForAgainUnderTheSameKey() async throws {
        let shipped = Shipped(Self.shop)
        let provider = SimulatedProvider(shipped.simulator) { number, request in
            number == 1 && request.path == "/v1/payment_intents" ? .answerLost : .none
        }
        let result = await run(shipped, provider)
        #expect(result.trace.path.last == "paid")
        let creates = provider.writes.filter { $0.path == "/v1/payment_intents" }
        #expect(creates.count == 2 && creates[0] == creates[1])
        #expect(
            provider.world.objects.values.count {
                shipped.interpreter.catalog.graphs[$0.lifecycle].lifecycle.name == "payment_intent"
            } == 1)
    }

    @Test func whatNobodyKnowsIsNotSaidToHaveFailed() async throws {
        let text = Self.shop.replacingOccurrences(of: "    catch: {timeout: lost}\n", with: "")
        let shipped = Shipped(text)
        let provider = SimulatedProvider(shipped.simulator) { _, request in
            request.path == "/v1/payment_intents" ? .answerLost : .none
        }
        let result = await run(shipped, provider)
        guard case .failed(let violation) = result.run.phase else {
            Issue.record("it went on")
            return
        }
        #expect(violation.kind == .outcomeUnknown && violation.finding.code == "FG0710")
        #expect(violation.finding.notes.contains("the last attempt: the answer was lost"))
        #expect(Set(provider.writes.filter { $0.path == "/v1/payment_intents" }.map(\.idempotencyKey)).count == 1)
        #expect(result.cleanup.map(\.operation) == ["customer.delete"], "what is known of is cleaned up")
    }

    @Test func whatIsRefusedForGoodIsNotRepeated() async throws {
        final class Refusing: Transport {
            let count = Mutex(0)
            func send(_ request: Request, timeout: FaregateValues.Duration?) async throws(TransportFailure) -> Response
            {
                count.withLock { $0 += 1 }
                throw TransportFailure(.refused, "the server's certificate is for another name")
            }
        }
        let shipped = Shipped(Self.shop)
        let transport = Refusing()
        let provider = SimulatedProvider(shipped.simulator)
        let item = ScenarioCase(flow: 0, scenario: Scenario(name: "run", span: shipped.flow.nameSpan))
        let driver = LiveDriver(interpreter: shipped.interpreter, transport: transport, clock: provider.clock)
        let result = await driver.run(.init(flow: 0, id: "x", at: provider.world.now), actors: LiveCast(item))
        guard case .failed(let violation) = result.run.phase else {
            Issue.record("it went on")
            return
        }
        #expect(violation.kind == .cannotRun)
        #expect(violation.finding.message.contains("for another name"))
        #expect(transport.count.withLock { $0 } == 1)
    }

    @Test func refusedCreatesAreCleanedUp() async throws {
        let shipped = Shipped(
            """
            flow: refused
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 2000, currency: usd, payment_method_types: [card], payment_method: pm_card_visa, confirm: true}
                on: {requires_payment_method: lost, succeeded: lost}
              lost: {final: failure}
            cleanup: [payment.cancel]
            """)
        let declines = ChoiceWords(name: "declines", argument: "lost_card")
        let provider = SimulatedProvider(
            shipped.simulator, scripts: [.init(actor: "issuer", lines: [.init(words: declines)])])
        let result = await run(shipped, provider)
        let id = try #require(provider.world.objects.keys.first { $0.hasPrefix("pi_") })
        #expect(result.cleanup.map(\.operation) == ["payment_intent.cancel"])
        #expect(result.cleanup.map(\.objectID) == [id] && result.cleanup[0].isDone)
    }

    @Test func whatTheDocumentationRefusesIsNotEvenTried() async {
        let shipped = Shipped(Self.shop)
        let provider = SimulatedProvider(shipped.simulator)
        let result = await run(shipped, provider)
        #expect(result.trace.path.last == "paid")
        #expect(result.cleanup.map(\.operation) == ["customer.delete"], "a paid intent is not canceled")
    }

    @Test func anInterruptedRunCleansUp() async {
        let shipped = Shipped(Self.shop)
        let interruption = Interruption()
        let provider = SimulatedProvider(shipped.simulator, scripts: settles(after: 20)) { number, request in
            if request.method == "GET", number > 5 { interruption.request() }
            return .none
        }
        let result = await run(shipped, provider) { $0.interruption = interruption }
        #expect(result.wasInterrupted)
        guard case .failed(let violation) = result.run.phase else {
            Issue.record("it ended")
            return
        }
        #expect(violation.finding.code == "FG0718")
        #expect(result.cleanup.contains { $0.operation == "customer.delete" && $0.isDone })
    }

    @Test func objectsOfLiveModeEndTheRunAndAreLeftAlone() async {
        let shipped = Shipped(Self.shop)
        let live = Response(
            status: 200, body: ["id": "cus_live", "object": "customer", "livemode": .bool(true)], requestID: "req_1")
        let provider = SimulatedProvider(shipped.simulator) { _, _ in .answer(live) }
        let result = await run(shipped, provider)
        guard case .failed(let violation) = result.run.phase else {
            Issue.record("it went on")
            return
        }
        #expect(violation.finding.code == "FG0717" && violation.kind == .cannotRun)
        #expect(provider.requests.count == 1 && result.cleanup.isEmpty)
    }

    @Test func whatTakesTooLongIsGivenUp() async {
        let shipped = Shipped(Self.shop)
        let provider = SimulatedProvider(shipped.simulator, scripts: settles(after: 2))
        let start = provider.world.now
        let result = await run(shipped, provider) { $0.patience = FaregateValues.Duration(seconds: 60) }
        guard case .failed(let violation) = result.run.phase else {
            Issue.record("it ended")
            return
        }
        #expect(violation.finding.code == "FG0716" && violation.kind == .cannotRun)
        #expect(violation.finding.notes.first?.hasSuffix("is 'processing'") == true)
        #expect(provider.world.now.milliseconds - start.milliseconds < 70_000)
    }

    @Test func adviceOnRetriesIsTaken() async {
        let shipped = Shipped(Self.shop)
        let busy = Response(
            status: 429, body: ["error": ["type": "invalid_request_error", "code": "rate_limit"]], requestID: "req_1",
            retryAfter: FaregateValues.Duration(seconds: 7))
        let provider = SimulatedProvider(shipped.simulator) { number, _ in number == 0 ? .answer(busy) : .none }
        let start = provider.world.now
        let result = await run(shipped, provider)
        let second = result.trace.facts.first { if case .called(_, _, _, _, 1) = $0.fact { true } else { false } }
        #expect(second.map { $0.at.milliseconds - start.milliseconds } == 7000)
        var never = busy
        never.shouldRetry = false
        let stubborn = SimulatedProvider(shipped.simulator) { [never] _, _ in .answer(never) }
        _ = await run(shipped, stubborn)
        #expect(stubborn.requests.count == 1)
    }

    @Test func eventsOfOthersAreNotHeardAndOwnOnesAreKeptUntilTheirObjectIsKnown() async {
        let shipped = Shipped(Self.shop)
        let post = PostOffice()
        let provider = SimulatedProvider(shipped.simulator, scripts: settles(after: 2), post: post) { number, request in
            func event(_ id: String, _ object: String, key: String = "") -> Event {
                Event(
                    body: [
                        "id": .string(id), "type": "payment_intent.created",
                        "request": ["id": .null, "idempotency_key": .string(key)],
                        "data": ["object": ["id": .string(object)]],
                    ])
            }
            if number == 1 {
                post.deliver(event("evt_other", "pi_other"), at: TestDriver.epoch)
                post.deliver(event("evt_own", "pi_soon", key: request.idempotencyKey ?? ""), at: TestDriver.epoch)
            }
            return .none
        }
        let result = await run(shipped, provider, post: post)
        #expect(result.run.seenEvents.contains("evt_own"))
        #expect(!result.run.seenEvents.contains("evt_other"))
        #expect(result.trace.path.last == "paid")
    }

    @Test func theListOfEventsStandsInForAReceiver() async {
        let text = Self.shop.replacingOccurrences(
            of: "on: {processing: settles}",
            with: "on: {processing: {target: settles, events: [payment_intent.processing]}}")
        let shipped = Shipped(text)
        let provider = SimulatedProvider(shipped.simulator) { _, request in
            guard request.path == "/v1/events" else { return .none }
            let event: Value = [
                "id": "evt_1", "type": "payment_intent.processing",
                "data": ["object": ["id": .string("pi_1"), "customer": .null]],
                "request": ["id": .null, "idempotency_key": .string("*")],
            ]
            return .answer(
                Response(
                    status: 200, body: ["object": "list", "data": .list([event]), "has_more": .bool(false)],
                    requestID: "req_9"))
        }
        let result = await run(shipped, provider)
        // It is nobody's event here: the run has listened, and says what was missing.
        guard case .failed(let violation) = result.run.phase else {
            Issue.record("it ended")
            return
        }
        #expect(violation.finding.code == "FG0705")
        #expect(provider.requests.contains { $0.path == "/v1/events" })
    }

    @Test func looksBecomeRarerAndNeverRarerThanAMinute() {
        var now = TestDriver.epoch
        var schedule = PollSchedule(.standard, name: "x", first: FaregateValues.Duration(seconds: 3), at: now)
        var pauses: [Int64] = []
        for _ in 0..<40 {
            guard let next = schedule.next else { break }
            pauses.append(next.milliseconds - now.milliseconds)
            now = next
            schedule.advance(from: now)
        }
        #expect(pauses.count == 40)
        #expect(pauses.allSatisfy { $0 >= 2700 && $0 <= 66_000 })
        #expect(pauses[0] <= 3300 && pauses[39] >= 54_000)
    }
}
