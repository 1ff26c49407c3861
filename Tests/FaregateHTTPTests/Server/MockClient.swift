// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateValues
import FaregateWire
import Synchronization

@testable import FaregateHTTP

/// A mock without sockets, its wall clock in the test's hand, and a client of it.
struct MockClient: Sendable {
    let mock: Mock
    let wall: Wall
    var key = "sk_test_abc"

    final class Wall: Sendable {
        let milliseconds = Atomic<Int64>(1_800_000_000_000)

        var now: Instant { Instant(milliseconds: milliseconds.load(ordering: .relaxed)) }

        func pass(seconds: Int64) { milliseconds.add(seconds * 1000, ordering: .relaxed) }
    }

    struct Answer: Sendable {
        var status: Int
        var body: Value
        var raw: MockAnswer

        var id: String { body["id"]?.string ?? "" }
        var state: String { body["status"]?.string ?? "" }
        var text: String { String(decoding: raw.body, as: UTF8.self) }
        var error: Value { body["error"] ?? .null }

        subscript(header: String) -> String? { raw[header: header] }
        subscript(path path: String) -> Value? { body[path: path] }
    }

    init(_ settings: MockSettings = MockSettings(), key: String = "sk_test_abc") {
        let wall = Wall()
        self.wall = wall
        self.key = key
        mock = Mock(settings, pack: StandardMock.pack, habits: StandardMock.habits, wallClock: { wall.now })
        mock.baseURL = "http://127.0.0.1:12111"
    }

    func with(key: String) -> MockClient {
        var client = self
        client.key = key
        return client
    }

    func callAsFunction(
        _ method: String, _ path: String, _ form: String = "", idempotencyKey: String? = nil,
        headers: [String: String] = [:]
    ) -> Answer {
        var all = ["authorization": "Bearer \(key)", "host": "127.0.0.1:12111"]
        if let idempotencyKey { all["idempotency-key"] = idempotencyKey }
        for (name, value) in headers { all[name] = value }
        let inQuery = method != "POST"
        let raw = mock.answer(
            MockRequest(
                method: method, path: path, query: inQuery ? form : "", headers: all,
                body: inQuery ? [] : Array(form.utf8)))
        let body = (try? JSON.read(raw.body)) ?? .null
        return Answer(status: raw.status, body: body, raw: raw)
    }

    func post(
        _ path: String, _ form: String = "", idempotencyKey: String? = nil, headers: [String: String] = [:]
    ) -> Answer {
        self("POST", path, form, idempotencyKey: idempotencyKey, headers: headers)
    }

    func get(_ path: String, _ query: String = "", headers: [String: String] = [:]) -> Answer {
        self("GET", path, query, headers: headers)
    }
}
