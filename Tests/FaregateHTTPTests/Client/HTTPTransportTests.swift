// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateHTTP
import FaregateValues
import FaregateWire
import HostilePeers
import Testing

@Suite struct HTTPTransportTests {
    typealias Step = HostileServer.Step

    /// What one request comes to.
    private func send(
        _ request: Request = Request(method: "POST", path: "/v1/customers", version: "2026-07-29.dahlia"),
        to server: HostileServer, limit: FaregateValues.Duration = .init(seconds: 20)
    ) async throws -> Result<Response, TransportFailure> {
        var options = try Self.options(server.port)
        options.timeout = limit
        let transport = try HTTPTransport(options)
        let result: Result<Response, TransportFailure>
        do throws(TransportFailure) {
            result = .success(try await transport.send(request, timeout: nil))
        } catch {
            result = .failure(error)
        }
        await transport.close()
        return result
    }

    static func options(_ port: Int, key: String = "sk_test_CANARY") throws -> HTTPTransport.Options {
        HTTPTransport.Options(base: try BaseAddress("http://127.0.0.1:\(port)"), key: try SecretKey(key))
    }

    @Test func aRequestIsAsTheAPIWantsIt() async throws {
        let server = try await HostileServer.start { _, _ in
            [
                .answer(
                    #"{"id":"cus_1","object":"customer"}"#,
                    headers: [
                        "Request-Id: req_7", "Idempotent-Replayed: true", "Stripe-Should-Retry: false",
                        "Retry-After: 3",
                    ])
            ]
        }
        let request = Request(
            method: "POST", path: "/v1/customers",
            params: .map(["name": "Ä & Co", "metadata": ["a b": "1"], "list": .list([.bool(true), .null])]),
            version: "2026-07-29.dahlia", idempotencyKey: "fg1-x", account: "acct_1")
        let response = try await send(request, to: server).get()
        #expect(response.status == 200 && response.body["id"] == .string("cus_1"))
        #expect(response.requestID == "req_7" && response.replayed && response.shouldRetry == false)
        #expect(response.retryAfter == .init(seconds: 3))
        let received = try #require(server.requests.first)
        #expect(received.line == "POST /v1/customers HTTP/1.1")
        #expect(received.header("authorization") == "Bearer sk_test_CANARY")
        #expect(received.header("stripe-version") == "2026-07-29.dahlia")
        #expect(received.header("stripe-account") == "acct_1")
        #expect(received.header("idempotency-key") == "fg1-x")
        #expect(received.header("content-type") == "application/x-www-form-urlencoded")
        #expect(received.body == "name=%C3%84%20%26%20Co&metadata[a%20b]=1&list[0]=true&list[1]=")
        await server.stop()
    }

    @Test func parametersOfReadsStandInTheAddress() async throws {
        let server = try await HostileServer.start { _, _ in [.answer("{}")] }
        let request = Request(
            method: "GET", path: "/v1/events", params: .map(["created": ["gte": .int(7)]]), version: "v")
        _ = try await send(request, to: server).get()
        #expect(server.requests.first?.line == "GET /v1/events?created%5Bgte%5D=7 HTTP/1.1")
        #expect(server.requests.first?.body == "")
        await server.stop()
    }

    @Test func oneConnectionIsKept() async throws {
        let server = try await HostileServer.start { _, _ in [.answer("{}")] }
        let transport = try HTTPTransport(Self.options(server.port))
        for _ in 0..<5 {
            _ = try await transport.send(Request(method: "GET", path: "/v1/balance", version: "v"), timeout: nil)
        }
        #expect(server.requests.count == 5 && server.connections == 1)
        await transport.close()
        await server.stop()
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [Step]
        let kind: Reply.Failure
        let says: String
        var testDescription: String { name }

        init(_ name: String, _ kind: Reply.Failure, _ says: String, _ steps: Step...) {
            self.name = name
            self.steps = steps
            self.kind = kind
            self.says = says
        }
    }

    static let cases = [
        Case("closed without a word", .unknown, "closed", .close),
        Case("silent", .unknown, "no whole answer"),
        Case("cut within the head", .unknown, "cut off", .write("HTTP/1.1 200 OK\r\ncontent-le"), .close),
        Case(
            "cut within the body", .unknown, "",
            .write(Step.head("200 OK", ["content-length: 100"]) + #"{"id":"cus_1""#), .close),
        Case(
            "cut within a chunk", .unknown, "",
            .write(Step.head("200 OK", ["transfer-encoding: chunked"]) + "ff\r\n{"), .close),
        Case(
            "stalled within the body", .unknown, "no whole answer",
            .write(Step.head("200 OK", ["content-length: 100"]) + "{")),
        Case(
            "dripping for ever", .unknown, "no whole answer",
            .write(Step.head("200 OK", ["transfer-encoding: chunked"])), .pause(300), .write("1\r\n{\r\n"), .pause(300),
            .write("1\r\n \r\n"), .pause(300), .write("1\r\n \r\n"), .pause(300), .write("1\r\n \r\n"), .pause(300),
            .write("1\r\n \r\n"), .pause(300), .write("1\r\n \r\n"), .pause(300), .write("1\r\n}\r\n0\r\n\r\n")),
        Case("the status 000", .unknown, "not HTTP", .write(Step.head("000 X", ["content-length: 2"]) + "{}")),
        Case("the status 099", .unknown, "not HTTP", .write(Step.head("099 X", ["transfer-encoding: chunked"]))),
        Case("the status 99", .unknown, "not HTTP", .write(Step.head("99 X", ["content-length: 2"]) + "{}")),
        Case(
            "an interim answer with a body", .unknown, "not HTTP",
            .write(Step.head("150 X", ["content-length: 2"]) + "{}")),
        Case(
            "an interim answer in place of an answer", .unknown, "closed", .write(Step.head("103 X", [])), .close),
        Case(
            "another protocol", .unknown, "without a body", .write(Step.head("101 X", ["content-length: 2"]) + "{}"),
            .close),
        Case(
            "two answers", .unknown, "",
            .write(Step.head("500 X", ["content-length: 0"]) + Step.head("000 X", ["content-length: 2"]) + "{}")),
        Case("garbage", .unknown, "", .write("\u{0}\u{1}\u{2} garbage\r\n\r\n"), .close),
        Case("a head without end", .unknown, "", .write("HTTP/1.1 200 OK\r\nx: "), .fill(200_000), .close),
        Case("a body without end", .unknown, "longer than", .write(Step.head("200 OK", [])), .fill(17 << 20)),
        Case(
            "two lengths", .unknown, "", .write(Step.head("200 OK", ["content-length: 2", "content-length: 3"]) + "{}")),
        Case(
            "a page in place of an answer", .unknown, "no JSON (text/html)",
            .write(
                Step.head("200 OK", ["content-type: text/html; charset=utf-8", "content-length: 6"]) + "<html>")),
        Case(
            "a page that says not found", .refused, "HTTP 404",
            .write(
                Step.head("404 Not Found", ["content-length: 6"]) + "<html>")),
        Case(
            "a gateway's page", .unknown, "HTTP 502",
            .write(
                Step.head("502 Bad Gateway", ["content-type: text/html", "content-length: 6"]) + "<html>")),
        Case("nothing at all", .unknown, "HTTP 200 without a body", .write(Step.head("200 OK", ["content-length: 0"]))),
        Case("JSON that is no object", .unknown, "no answer of the API", .answer("[1]")),
        Case(
            "another API's error", .refused, "no answer of the API",
            .answer(#"{"error":"nope"}"#, status: "404 Not Found")),
        Case("JSON with a key twice", .unknown, "no JSON", .answer(#"{"id":"a","id":"b"}"#)),
        Case("JSON too deep", .unknown, "no JSON", .answer(String(repeating: "[", count: 5000))),
        Case(
            "a redirect", .refused, "redirects to 'https://elsewhere.test'",
            .write(
                Step.head("302 Found", ["location: https://user:CANARY@elsewhere.test/x?CANARY", "content-length: 0"]))),
        Case(
            "a redirect to nowhere", .refused, "HTTP 304 without an address to go on to",
            .write(Step.head("304 Not Modified", []))),
        Case("an answer without content", .unknown, "HTTP 204 without a body", .write(Step.head("204 No Content", []))),
        Case(
            "a redirect that keeps the method", .refused, "redirects",
            .write(
                Step.head("308 Permanent Redirect", ["location: /v2", "content-length: 0"]))),
    ]

    @Test(arguments: cases) func whatIsNoAnswerIsClassified(_ c: Case) async throws {
        let server = try await HostileServer.start { _, _ in c.steps }
        let result = try await send(to: server, limit: .init(milliseconds: c.says.hasPrefix("no whole") ? 900 : 20_000))
        guard case .failure(let failure) = result else {
            Issue.record("it was taken: \(result)")
            return
        }
        #expect(failure.kind == c.kind)
        #expect(failure.reason.contains(c.says), "\(failure.reason)")
        #expect(!failure.reason.contains("CANARY"))
        #expect(server.requests.count == 1, "nothing is sent twice, and nothing after a redirect")
        await server.stop()
    }

    @Test func whatNeverLeftIsKnownNotToHaveLeft() async throws {
        let server = try await HostileServer.start { _, _ in [] }
        await server.stop()
        guard case .failure(let failure) = try await send(to: server) else {
            Issue.record("something answered at a closed port")
            return
        }
        #expect(failure == TransportFailure(.unsent, "the connection was refused"))
    }

    @Test(arguments: [false, true]) func whatNeverGotThroughTLSWasNotSent(_ viaProxy: Bool) async throws {
        let server = try await HostileServer.start(first: viaProxy ? nil : [.close]) { _, _ in
            [.write(Step.head("200 Connection established", [])), .pause(20), .close]
        }
        let host = viaProxy ? "api.example.com" : "127.0.0.1:\(server.port)"
        var options = HTTPTransport.Options(base: try BaseAddress("https://\(host)"), key: try SecretKey("sk_test_1"))
        options.proxy = try ProxySettings.read(for: options.base) { _ in "http://127.0.0.1:\(server.port)" }
        let transport = try HTTPTransport(options)
        let error = await #expect(throws: TransportFailure.self) {
            try await transport.send(Request(method: "POST", path: "/v1/customers", version: "v"), timeout: nil)
        }
        #expect(error?.kind == .unsent, "\(error?.reason ?? "")")
        await transport.close()
        await server.stop()
    }

    @Test func namesThatLeadNowhereAreNotSent() async throws {
        let options = HTTPTransport.Options(
            base: try BaseAddress("https://nowhere.invalid"), key: try SecretKey("sk_test_1"))
        let transport = try HTTPTransport(options)
        let error = await #expect(throws: TransportFailure.self) {
            try await transport.send(Request(method: "GET", path: "/v1/balance", version: "v"), timeout: nil)
        }
        #expect(error?.kind == .unsent)
        #expect(error?.reason.contains("nowhere.invalid") == true)
        await transport.close()
    }

    @Test(arguments: ["/v1/customers/../balance", "/v1//customers", "/v1/customers/", "v1"])
    func idsDoNotLeadElsewhere(_ path: String) async throws {
        let server = try await HostileServer.start { _, _ in [.answer("{}")] }
        let result = try await send(Request(method: "GET", path: path, version: "v"), to: server)
        #expect(throws: TransportFailure.self) { try result.get() }
        #expect(server.requests.isEmpty)
        await server.stop()
    }

    @Test func oddIDsAreEscaped() async throws {
        let server = try await HostileServer.start { _, _ in [.answer("{}")] }
        _ = try await send(Request(method: "GET", path: "/v1/customers/a b?c#d\r\ne", version: "v"), to: server)
        #expect(server.requests.first?.line == "GET /v1/customers/a%20b%3Fc%23d%0D%0Ae HTTP/1.1")
        await server.stop()
    }

    @Test func headersTakeNoLineBreaks() async throws {
        let server = try await HostileServer.start { _, _ in [.answer("{}")] }
        let request = Request(method: "POST", path: "/v1/customers", version: "v", idempotencyKey: "a\r\nx: y")
        let result = try await send(request, to: server)
        #expect(throws: TransportFailure.self) { try result.get() }
        #expect(server.requests.isEmpty)
        await server.stop()
    }

    @Test func proxiesAreAskedForTunnels() async throws {
        let proxy = try await HostileServer.start { _, _ in [.write(Step.head("403 Forbidden", ["content-length: 0"]))]
        }
        var options = HTTPTransport.Options(
            base: try BaseAddress("https://api.example.com"), key: try SecretKey("sk_test_CANARY"))
        options.proxy = try ProxySettings.read(for: options.base) { name in
            name == "HTTPS_PROXY" ? "http://me:pw@127.0.0.1:\(proxy.port)" : nil
        }
        let transport = try HTTPTransport(options)
        let error = await #expect(throws: TransportFailure.self) {
            try await transport.send(Request(method: "GET", path: "/v1/balance", version: "v"), timeout: nil)
        }
        #expect(error?.kind == .refused)
        #expect(proxy.requests.first?.line == "CONNECT api.example.com:443 HTTP/1.1")
        #expect(proxy.requests.first?.header("proxy-authorization") == "Basic bWU6cHc=")
        #expect(proxy.requests.allSatisfy { !$0.head.contains("CANARY") })
        await transport.close()
        await proxy.stop()
    }

    @Test func paceIsKeptOverAllRequests() async throws {
        let pacer = Pacer(perSecond: 100)
        let start = ContinuousClock.now
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<21 { group.addTask { await pacer.turn() } }
        }
        #expect(ContinuousClock.now - start >= .milliseconds(200))
    }
}
