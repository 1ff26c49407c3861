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

@testable import Faregate
@testable import FaregateHTTP

/// Flows on the mock server, over sockets.
@Suite(.serialized) struct MockOverHTTPTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path()
    static let flows = ((try? FileManager.default.contentsOfDirectory(atPath: root + "/flows")) ?? [])
        .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

    /// A mock that listens, and a client of it, for as long as a test lasts.
    private func withClient<Result: Sendable>(
        _ settings: MockSettings, timeout: FaregateValues.Duration = .init(seconds: 60),
        _ body: @escaping @Sendable (Mock, HTTPTransport) async throws -> Result
    ) async throws -> Result {
        try await withMock(settings) { mock, port in
            var options = HTTPTransport.Options(
                base: try BaseAddress("http://127.0.0.1:\(port)"), key: try SecretKey("sk_test_1"))
            options.timeout = timeout
            let transport = try HTTPTransport(options)
            let result = try await body(mock, transport)
            await transport.close()
            return result
        }
    }

    /// Time that passes only when somebody waits for it.
    private func clock(of mock: Mock) -> LiveClock {
        LiveClock(
            now: { mock.clock.now },
            sleep: { until in
                mock.clock.advance(by: max(0, until.milliseconds - mock.clock.now.milliseconds))
                mock.tick()
            })
    }

    /// What a flow decided and what it wrote, without the reads that led there.
    private func story(_ trace: Trace) -> [String] {
        var names: [Substring: Int] = [:]
        // Each mock makes ids of its own: they are told by the order in which they come.
        return told(trace).map { line in
            line.replacing(#/_[0-9][0-9A-Za-z]{21}/#) { match in
                if names[match.output] == nil { names[match.output] = names.count + 1 }
                return "_\(names[match.output] ?? 0)"
            }
        }
    }

    private func told(_ trace: Trace) -> [String] {
        trace.facts.compactMap { _, fact in
            switch fact {
            case .entered(let path, let state, let visit): "\(path)\(state) \(visit)"
            case .called(let key, _, let operation, let request, _) where request.method != "GET":
                "\(operation) \(key) \(request.path) \(JSON.write(request.params))"
            case .answered(let operation, let status, let id, let objectStatus, let error, _, _)
            where !operation.hasSuffix(".retrieve"):
                "\(operation) \(status) \(id ?? "") \(objectStatus ?? "") \(error?["code"]?.string ?? "")"
            case .decided(let state, let cause, let target): "\(state): \(cause) -> \(target)"
            case .emitted(let name, let key, let payload): "\(name) \(key) \(JSON.write(payload))"
            case .finished(let outcome): "\(outcome.final) \(JSON.write(outcome.outputs))"
            case .violated(let violation): violation.finding.message
            default: nil
            }
        }
    }

    static let library = FlowLibrary(
        files: flows.map {
            ("flows/\($0).yaml", (try? String(contentsOfFile: "\(root)/flows/\($0).yaml", encoding: .utf8)) ?? "")
        })

    @Test(arguments: flows) func flowsGoOverHTTPAsInProcess(_ name: String) async throws {
        let library = Self.library
        let index = try #require(library.flows.graphs.firstIndex { $0.file == "flows/\(name).yaml" })
        let flow = library.flows.graphs[index]
        var compared = 0
        for scenario in flow.scenarios {
            for item in library.expander(of: index).cases(of: scenario).cases.prefix(2) {
                // Networks and their kind are the test driver's own, and scopes are known to it alone.
                let isPlain = item.scripts.allSatisfy { !["network", "api"].contains($0.actor) && $0.scope == nil }
                guard isPlain, scenario.profile ?? "documented" == "documented" else { continue }
                let expected = ScenarioRunner(driver: library.driver(), seed: "0").run(item).result
                // Who says nothing of the customer has one that authorizes, not one that waits at a page.
                var scripts = item.scripts
                if !scripts.contains(where: { $0.actor == "customer" }) {
                    scripts.append(.init(actor: "customer", lines: [.init(words: ChoiceWords(name: "authorizes"))]))
                }
                let settings = MockSettings(
                    port: 0, seed: "0/\(flow.name)/\(item.title)", time: .manual, scripts: scripts)
                let live = try await withClient(settings) { mock, transport in
                    var driver = LiveDriver(
                        interpreter: library.driver().interpreter, transport: transport, clock: clock(of: mock))
                    driver.patience = FaregateValues.Duration(seconds: 10 * 365 * 86400)
                    driver.longestPoll = FaregateValues.Duration(seconds: 43200)
                    let start = Interpreter.Start(
                        flow: index, id: "\(flow.name)/\(item.title)/0", inputs: item.inputs, version: scenario.version,
                        grace: FaregateValues.Duration(seconds: 30), at: mock.clock.now)
                    return await driver.run(start, actors: LiveCast(item))
                }
                let (told, meant) = (story(live.trace), story(expected.trace))
                let place = zip(told, meant).prefix { $0 == $1 }.count
                #expect(
                    told == meant,
                    "\(item.title), step \(place): \(told.dropFirst(place).first ?? "the end"), not \(meant.dropFirst(place).first ?? "the end")"
                )
                compared += 1
            }
        }
        #expect(compared > 0)
    }

    /// Scenarios as `faregate test --transport` runs them.
    private func test(
        _ path: String, _ titles: String..., patience: FaregateValues.Duration = .init(seconds: 20),
        library: FlowLibrary = library
    ) async throws -> TestReport {
        try await withMock(MockSettings(port: 0)) { _, port in
            let base = "http://127.0.0.1:\(port)"
            let transport = try HTTPTransport(.init(base: try BaseAddress(base), key: try SecretKey("sk_test_1")))
            let visitor = PageVisitor(visitsLoopback: true)
            var setup = LiveSetup(transport: transport, clock: .system, nonce: "once")
            setup.customer = visitor
            setup.page = { "\(base)/redirect/authenticate/\($0)" }
            setup.firstPoll = .init(milliseconds: 100)
            setup.patience = patience
            let report = await library.test(TestSelection(scenarios: titles.map { (path, $0) }), on: setup)
            await visitor.close()
            await transport.close()
            return report
        }
    }

    @Test func actionsWithoutAnAddressHaveAPageOnTheMock() async throws {
        let report = try await test("flows/pay-any-method.yaml", "everybody can pay [method=blik]")
        #expect(report.outcomes.map(\.final) == ["paid"], "\(report.outcomes.map(\.findings))")
    }

    @Test func whatNoTokenDoesInTurnIsSkipped() async throws {
        let report = try await test(
            "flows/deposit-and-rest.yaml", "the rest is declined", "the deposit is declined",
            patience: .init(seconds: 60 * 86400))
        let words = "do one thing after the other: 'approves, declines insufficient_funds'"
        #expect(report.skipped.count == 1 && report.skipped[0].skipped?.contains(words) == true)
        #expect(report.outcomes.contains { $0.final == "no_booking" && $0.passed })
    }

    @Test func whatTheBusinessDoesInADistantFutureIsSkipped() async throws {
        let report = try await test("flows/deposit-and-rest.yaml", "both paid")
        #expect(report.skipped.map(\.skipped) == ["the business stay.begins after 30d: real time is not ours"])
    }

    static let keyed = """
        flow: keyed
        inputs: {amount: {type: int, default: 1000}}
        objects: {payment: payment_intent}
        initial: pay
        states:
          pay:
            call: payment.create
            with: {amount: $amount, currency: usd}
            options: {idempotency_key: order-7}
            on: {requires_payment_method: done}
          done: {final: success}
        scenarios:
          one: {final: done}
          two: {inputs: {amount: 2000}, final: done}
        """

    @Test func scenariosOfOneFlowKnowNothingOfEachOthersKeys() async throws {
        let report = try await test(
            "keyed.yaml", "one", "two", library: FlowLibrary(files: [("keyed.yaml", Self.keyed)]))
        #expect(report.outcomes.count == 2 && report.passed, "\(report.outcomes.map(\.findings))")
    }

    // MARK: The ledger

    static let shop = """
        flow: shop
        objects: {customer: customer, payment: payment_intent}
        initial: create
        states:
          create: {call: customer.create, on: {active: pay}}
          pay:
            call: payment.create
            with: {amount: 2000, currency: usd, customer: $customer.id, payment_method_types: [card], payment_method: pm_card_visa, confirm: true}
            on: {succeeded: paid, requires_payment_method: lost}
          paid: {final: success}
          lost: {final: failure}
        """

    struct Trouble: Sendable, CustomTestStringConvertible {
        let name: String
        let faults: [Fault]
        let isPaid: Bool
        /// Nobody listens any more when the first payment has been sent.
        var isGone = false
        var testDescription: String { name }
    }

    static let troubles = [
        Trouble(name: "the answer is lost", faults: [.dropAnswer], isPaid: true),
        Trouble(name: "the request is lost", faults: [.dropRequest], isPaid: true),
        Trouble(
            name: "both, and the API breaks", faults: [.dropRequest, .answer(status: 500), .dropAnswer], isPaid: true),
        Trouble(name: "the answer comes too late", faults: [.delay(milliseconds: 2500)], isPaid: true),
        Trouble(
            name: "no answer ever comes", faults: [.dropAnswer, .dropAnswer, .dropAnswer, .dropAnswer], isPaid: false),
        Trouble(name: "no answer comes, then no entry", faults: [.dropAnswer, .answer(status: 401)], isPaid: false),
        Trouble(name: "no answer comes, then nobody is there", faults: [.dropAnswer], isPaid: false, isGone: true),
        Trouble(
            name: "it breaks late, then nobody is there", faults: [.delay(milliseconds: 2500)], isPaid: false,
            isGone: true),
    ]

    @Test(arguments: troubles) func nobodyIsChargedTwice(_ trouble: Trouble) async throws {
        let library = FlowLibrary(files: [("shop.yaml", Self.shop)])
        let (run, world) = try await withClient(
            MockSettings(port: 0, time: .real), timeout: .init(seconds: 2)
        ) { mock, transport in
            let driver = LiveDriver(
                interpreter: library.driver().interpreter,
                transport: Faulty(mock: mock, next: transport, trouble),
                clock: .system)
            let item = ScenarioCase(flow: 0, scenario: Scenario(name: "run", span: library.flows.graphs[0].nameSpan))
            let start = Interpreter.Start(flow: 0, id: "once", at: driver.clock.now())
            let result = await driver.run(start, actors: LiveCast(item))
            return (result.run, try #require(mock.accounts.first?.read { $0.world }))
        }
        let charges = world.objects.keys.filter { $0.hasPrefix("ch_") }
        #expect(charges.count == 1, "\(charges)")
        #expect(world.objects.keys.filter { $0.hasPrefix("pi_") }.count == 1)
        switch run.phase {
        case .done(let outcome): #expect(trouble.isPaid && outcome.final == "paid")
        case .failed(let violation): #expect(!trouble.isPaid && violation.kind == .outcomeUnknown)
        default: Issue.record("the run did not end")
        }
    }

    /// Lets faults befall the first payment.
    private final class Faulty: Transport {
        private let mock: Mock
        private let next: HTTPTransport
        private let trouble: Trouble
        private let payments = Mutex(0)

        init(mock: Mock, next: HTTPTransport, _ trouble: Trouble) {
            self.mock = mock
            self.next = next
            self.trouble = trouble
        }

        func send(_ request: Request, timeout: FaregateValues.Duration?) async throws(TransportFailure) -> Response {
            if request.path == "/v1/customers" {
                defer { mock.setFaults(trouble.faults) }
                return try await next.send(request, timeout: timeout)
            }
            let number = payments.withLock { count in
                count += 1
                return count
            }
            if trouble.isGone, number > 1 { throw TransportFailure(.unsent, "nobody listens") }
            return try await next.send(request, timeout: timeout)
        }
    }
}
