// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateValues
import Synchronization
import Testing

@testable import FaregateHTTP

/// A server at a free port, for as long as a test lasts.
func withServer<Result: Sendable>(
    _ change: (inout MockSettings) -> Void = { _ in }, log: AccessLog? = nil,
    _ body: @escaping @Sendable (Int) async throws -> Result
) async throws -> Result {
    var settings = MockSettings(port: 0)
    change(&settings)
    return try await withMock(settings, log: log) { try await body($1) }
}

/// A mock and the free port at which it listens, for as long as a test lasts.
func withMock<Result: Sendable>(
    _ settings: MockSettings, log: AccessLog? = nil, _ body: @escaping @Sendable (Mock, Int) async throws -> Result
) async throws -> Result {
    let mock = Mock(settings, pack: StandardMock.pack, habits: StandardMock.habits, wallClock: WallClock.now)
    let server = MockServer(mock, log: log ?? AccessLog(descriptor: nil, wallClock: WallClock.now))
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            try await server.run(endsOnSignals: false) { continuation.yield($0) }
            continuation.finish()
            return nil
        }
        guard let port = await ports.first(where: { _ in true }) else {
            try await group.waitForAll()
            throw RawSocket.Failure()
        }
        defer { group.cancelAll() }
        return try await body(mock, port)
    }
}

@Suite(.serialized) struct SocketTests {
    static let customer = "POST /v1/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_test_a\r\n"

    /// Whether a well-behaved client is still served.
    static func isAlive(_ port: Int) async throws -> Bool {
        let socket = try RawSocket(port: port)
        socket.send(customer + "Connection: close\r\nContent-Length: 6\r\n\r\nname=a")
        let answer = await socket.receive()
        if answer?.hasPrefix("HTTP/1.1 200") != true { Issue.record("\(answer?.prefix(300) ?? "nothing")") }
        return answer?.hasPrefix("HTTP/1.1 200") == true
    }

    @Test func answersOverASocketAndKeepsItOpen() async throws {
        try await withServer { port in
            let socket = try RawSocket(port: port)
            for _ in 1...3 {
                socket.send(Self.customer + "Content-Length: 6\r\n\r\nname=a")
                let answer = try #require(await socket.receive(until: "\n}\n"))
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(answer.contains("Request-Id: req_"))
            }
        }
    }

    @Test func answersPipelinedRequestsInOrder() async throws {
        try await withServer { port in
            let socket = try RawSocket(port: port)
            let requests = (1...5).map {
                "GET /v1/customers/cus_\($0) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_test_a\r\n\r\n"
            }
            socket.send(requests.joined())
            let answer = try #require(await socket.receive(until: "cus_5"))
            let places = (1...5).compactMap { answer.firstRange(of: "cus_\($0)")?.lowerBound }
            #expect(places.count == 5)
            #expect(places == places.sorted())
        }
    }

    static let garbage: KeyValuePairs<String, String> = [
        "no HTTP": "GARBAGE\r\n\r\n", "an unknown version": "GET / HTTP/9.9\r\n\r\n",
        "a blank in a header's name": "GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n",
        "a negative length": "POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        "a length and chunks":
            "POST /v1/customers HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "a chunk without a length":
            "POST /v1/customers HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n",
        "too many headers": "GET / HTTP/1.1\r\nHost: x\r\n" + String(repeating: "a: b\r\n", count: 500) + "\r\n",
        "a long header": "GET / HTTP/1.1\r\nHost: x\r\nLong: " + String(repeating: "x", count: 100_000) + "\r\n\r\n",
        "a long path": "GET /" + String(repeating: "x", count: 200_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "control characters": "\u{0}\u{1}\u{2}\r\n\r\n",
    ]

    @Test(arguments: garbage.map(\.key)) func refusesWhatIsNoRequestAndGoesOn(_ name: String) async throws {
        let text = try #require(Self.garbage.first { $0.key == name }?.value)
        try await withServer { port in
            let socket = try RawSocket(port: port)
            socket.send(text)
            let answer = try #require(await socket.receive(), "neither an answer nor an end")
            #expect(!answer.hasPrefix("HTTP/1.1 2"))
            #expect(try await Self.isAlive(port))
        }
    }

    @Test func refusesBodiesThatAreTooLong() async throws {
        try await withServer({ $0.limits.bodyBytes = 1000 }) { port in
            let announced = try RawSocket(port: port)
            announced.send(Self.customer + "Content-Length: 100000000\r\n\r\n")
            #expect(await announced.receive(until: "HTTP/1.1 413") != nil)
            let chunked = try RawSocket(port: port)
            let chunk = "400\r\n" + String(repeating: "x", count: 1024) + "\r\n"
            chunked.send(Self.customer + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk)
            #expect(await chunked.receive(until: "HTTP/1.1 413") != nil)
            #expect(try await Self.isAlive(port))
        }
    }

    @Test func closesConnectionsThatSayNothing() async throws {
        try await withServer({ $0.limits.idleSeconds = 1 }) { port in
            let silent = try RawSocket(port: port)
            let dribbling = try RawSocket(port: port)
            dribbling.send("POST /v1/customers HTTP/1.1\r\nHos")
            #expect(await silent.receive() == "")
            #expect(await dribbling.receive() == "")
        }
    }

    @Test func closesConnectionsWhoseRequestsNeverEnd() async throws {
        try await withServer({ $0.limits.requestSeconds = 1 }) { port in
            let slow = try RawSocket(port: port)
            slow.send(Self.customer + "Content-Length: 1000\r\n\r\n")
            // A byte now and then does not help.
            var bytes = 0
            while bytes < 100, slow.send("a") {
                bytes += 1
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(bytes < 100)
            #expect(try await Self.isAlive(port))
        }
    }

    @Test func closesConnectionsWhoseHeadsNeverEnd() async throws {
        try await withServer({ $0.limits.headSeconds = 1 }) { port in
            let (fresh, kept) = (try RawSocket(port: port), try RawSocket(port: port))
            kept.send(Self.customer + "Content-Length: 6\r\n\r\nname=a")
            #expect(await kept.receive(until: "\n}\n")?.hasPrefix("HTTP/1.1 200") == true)
            for slow in [fresh, kept] {
                slow.send("GET /v1/customers HTTP/1.1\r\nHost: x\r\n")
                var lines = 0
                while lines < 50, slow.send("X: 1\r\n") {
                    lines += 1
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(lines < 50, "a line now and then does not help")
            }
        }
    }

    @Test func servesOthersWhileSomeSendTheirHeadsSlowly() async throws {
        try await withServer({
            $0.limits.connections = 8
            $0.limits.headSeconds = 3
        }) { port in
            let slow = try (0..<20).map { _ in try RawSocket(port: port) }
            for socket in slow { socket.send("GET /v1/customers HTTP/1.1\r\nHost: x\r\n") }
            #expect(try await Self.isAlive(port))
            withExtendedLifetime(slow) {}
        }
    }

    @Test func closesIdleConnectionsWhereOthersWantToCome() async throws {
        try await withServer({ $0.limits.connections = 4 }) { port in
            var kept: [RawSocket] = []
            for _ in 0..<12 {
                let socket = try RawSocket(port: port)
                socket.send(Self.customer + "Content-Length: 6\r\n\r\nname=a")
                #expect(await socket.receive(until: "\n}\n")?.hasPrefix("HTTP/1.1 200") == true)
                kept.append(socket)
            }
            #expect(try await Self.isAlive(port))
        }
    }

    @Test(arguments: ["nonexist.invalid", "not a host"]) func namesThatLeadNowhereAreTold(_ host: String) async throws {
        let mock = Mock(
            MockSettings(host: host, port: 0), pack: StandardMock.pack, habits: StandardMock.habits,
            wallClock: WallClock.now)
        let server = MockServer(mock, log: AccessLog(descriptor: nil, wallClock: WallClock.now))
        let error = await #expect(throws: MockServerError.self) { try await server.run(endsOnSignals: false) { _ in } }
        #expect(error?.description.contains("'\(host)' is no address") == true)
    }

    @Test func servesOthersWhileSomeDoNotReadTheirAnswers() async throws {
        try await withServer({ $0.limits.requestSeconds = 1 }) { port in
            let deaf = try RawSocket(port: port)
            let request = "GET /v1/customers/cus_1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sk_test_a\r\n\r\n"
            let many = String(repeating: request, count: 2000)
            for _ in 0..<20 where deaf.send(many) { #expect(try await Self.isAlive(port)) }
        }
    }

    @Test func takesNewConnectionsWhenOldOnesEnd() async throws {
        try await withServer({
            $0.limits.connections = 4
            $0.limits.idleSeconds = 1
        }) { port in
            let held = try (0..<4).map { _ in try RawSocket(port: port) }
            #expect(try await Self.isAlive(port))
            withExtendedLifetime(held) {}
        }
    }

    @Test func tellsThatAPortIsInUse() async throws {
        try await withServer { port in
            let settings = MockSettings(port: port)
            let mock = Mock(settings, pack: StandardMock.pack, habits: StandardMock.habits, wallClock: WallClock.now)
            let second = MockServer(mock, log: AccessLog(descriptor: nil, wallClock: WallClock.now))
            await #expect(throws: MockServerError.self) { try await second.run(endsOnSignals: false) { _ in } }
        }
    }
}

@Suite struct AccessLogTests {
    @Test func hidesSecrets() {
        let request = MockRequest(
            method: "GET", path: "/v1/payment_intents/pi_1_secret_abcdef", query: "client_secret=pi_1_secret_abcdef",
            headers: ["authorization": "Bearer sk_test_distinctive", "idempotency-key": "sk_test_distinctive"],
            body: Array("card[number]=4242424242424242".utf8))
        let answer = MockAnswer(status: 200, headers: [("Request-Id", "req_1")])
        let line = AccessLog.line(request, answer, milliseconds: 1.234, at: Instant(milliseconds: 1_800_000_000_500))
        for secret in ["distinctive", "abcdef", "4242"] { #expect(!line.contains(secret)) }
        for path in ["pi_1%5fsecret_abcdef", "pi_1%255Fsecret_abcdef", "%70i_1_%73ecret_abcdef", "sk_test%5Fabcdef"] {
            var encoded = request
            encoded.path = "/v1/payment_intents/" + path
            let line = AccessLog.line(encoded, answer, milliseconds: 1, at: Instant(milliseconds: 0))
            #expect(!line.contains("abcdef"), "\(line)")
        }
        #expect(line.hasSuffix("}\n"))
        #expect(line.contains("\"time\":\"2027-01-15T08:00:00.5Z\""))
        #expect(line.contains("\"request_id\":\"req_1\""))
    }
}
