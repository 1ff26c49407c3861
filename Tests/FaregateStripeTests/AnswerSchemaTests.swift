// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateValues
import FaregateVerify
import FaregateWire
import Synchronization
import Testing

/// Every answer and every event of the mock has the published shape.
@Suite struct AnswerSchemaTests {
    static let path = "../shared/stripe-openapi/stripe-reduced.json"
    static let schema = AnswerSchema(Package.json(path))
    static let absent = Comment("\(path) is not here: answers are not held against the API's schema")

    /// What does not fit, and why it stands. One that nothing needs any more is a failure.
    static let exceptions: [(end: String, reason: String)] =
        ["apple_pay", "google_pay", "secure_remote_commerce"].map {
            (".\($0): is not published", "a wallet that is a card inside: the table keeps it as a type of its own")
        }
        + ["kriya", "mondu", "paypay", "sequra", "vipps", "wero"].map {
            (".\($0): is not published", "a type of the menu that this version does not publish yet")
        } + [(".payment_method_details.custom: is not published", "what a charge says of one is not published")]

    /// Problems and where they were seen first.
    private struct Problems {
        var found: [String: String] = [:]

        mutating func add(_ problems: [String], _ place: String) {
            for problem in problems where found[problem] == nil { found[problem] = place }
        }
    }

    private static func check(_ request: Request, _ response: Response, into problems: inout Problems) {
        guard let schema else { return }
        let place = "\(request.method) \(request.path) \(request.version): \(JSON.write(request.params).prefix(300))"
        // Fields had other names then; statuses and the rest are held against the facts elsewhere.
        guard request.version.prefix(10) >= "2026" else { return }
        if response.status == 200 {
            guard let answer = schema.answer(request.method, request.path) else {
                let isOfNoDocument = request.path.split(separator: "/").count == 5
                if !isOfNoDocument { problems.add(["no schema of an answer"], place) }
                return
            }
            let kind = response.body["object"]?.string ?? "?"
            problems.add(schema.problems(response.body, answer, at: kind), place)
        } else {
            problems.add(schema.problems(response.body, schema.named("error")!, at: "answer"), place)
        }
    }

    private static func check(_ event: Event, into problems: inout Problems) {
        guard let schema, event.body["api_version"]?.string?.prefix(10) ?? "" >= "2026" else { return }
        problems.add(schema.problems(event.body, schema.named("event")!, at: "event"), event.type)
        let object = event.body[at: "data.object"]
        guard let kind = object["object"]?.string, let own = schema.named(kind) else {
            return problems.add(["\(event.type): is about no published object"], event.type)
        }
        problems.add(schema.problems(object, own, at: kind), event.type)
    }

    @Test(.enabled(if: schema != nil, absent)) func everyAnswerOfEveryScenarioFits() throws {
        let library = try FlowLibrary(paths: ["\(Package.root)/flows"])
        let problems = Mutex(Problems())
        let count = Mutex(0)
        var driver = library.driver()
        driver.tamper = { request, response in
            problems.withLock { Self.check(request, response, into: &$0) }
            count.withLock { $0 += 1 }
            return response
        }
        let runner = ScenarioRunner(driver: driver, seed: "0")
        for item in library.cases {
            let result = runner.run(item)
            problems.withLock { found in for event in result.result.world.events { Self.check(event, into: &found) } }
        }
        Self.direct(into: problems)
        #expect(count.withLock { $0 } > 500)
        let found = problems.withLock { $0.found }
        for (problem, place) in found.sorted(by: { $0.key < $1.key })
        where !Self.exceptions.contains(where: { problem.hasSuffix($0.end) }) {
            Issue.record("\(problem)\n    in \(place)")
        }
        for exception in Self.exceptions where !found.keys.contains(where: { $0.hasSuffix(exception.end) }) {
            Issue.record("nothing needs the exception '\(exception.end)' any more")
        }
    }

    private static func direct(into problems: borrowing Mutex<Problems>) {
        let mock = Mock()
        DirectRequests.play(mock)
        for exchange in mock.exchanges {
            problems.withLock { check(exchange.request, exchange.response, into: &$0) }
        }
        for event in mock.world.events { problems.withLock { check(event, into: &$0) } }
    }

    // MARK: The validator

    @Test(
        .enabled(if: schema != nil, absent),
        arguments: [
            ("status", Value.string("paid")), ("amount", "12"), ("livemode", .null), ("id", .null),
            ("created", .map([:])), ("no_such_field", 1),
        ])
    func aWrongAnswerDoesNotPass(_ field: String, _ value: Value) throws {
        let schema = try #require(Self.schema)
        var body = try #require(Mock().paid().map)
        let own = try #require(schema.named("payment_intent"))
        #expect(schema.problems(.map(body), own, at: "").isEmpty)
        body[field] = value
        #expect(schema.problems(.map(body), own, at: "").count == 1)
    }

    @Test(.enabled(if: schema != nil, absent)) func aMissingFieldDoesNotPass() throws {
        let schema = try #require(Self.schema)
        var body = try #require(Mock().paid().map)
        body["client_secret"] = nil
        let own = try #require(schema.named("payment_intent"))
        #expect(schema.problems(.map(body), own, at: "pi") == ["pi.client_secret: is missing"])
    }
}
