// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
package import FaregateEngine
package import FaregateValues
package import FaregateWire
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Sends requests to an API over HTTP, each once; connections are kept and used again.
package final class HTTPTransport: Transport {
    package struct Options: Sendable {
        package var base: BaseAddress
        package var key: SecretKey
        /// `Stripe-Account`, where a request names none.
        package var account: String?
        package var timeout = Duration(seconds: 80)
        /// Certificates to trust in place of the system's.
        package var authorities: String?
        package var proxy: ProxySettings?
        package var pacer: Pacer?
        package var userAgent = "faregate"
        /// How many connections a host gets at most.
        package var connections = 1

        package init(base: BaseAddress, key: SecretKey) {
            self.base = base
            self.key = key
        }
    }

    private let options: Options
    private let client: HTTPClient
    private let group: MultiThreadedEventLoopGroup
    private let connections = StandingConnections()

    package init(_ options: Options) throws(SetupProblem) {
        // Loopback too: what listens there may be anyone's tunnel.
        if options.key.mode == .live, !options.base.isSecure {
            throw SetupProblem("a live key is never sent without TLS: \(options.base) is no https address")
        }
        self.options = options
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var configuration = HTTPClient.Configuration.guarded(counting: connections)
        configuration.decompression = .disabled
        configuration.tracing.tracer = nil
        configuration.timeout.connect = .milliseconds(min(10_000, max(1, options.timeout.totalMilliseconds * 9 / 10)))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, options.connections)
        configuration.tlsConfiguration = try Self.tls(options.authorities)
        if let proxy = options.proxy {
            configuration.proxy = .server(
                host: proxy.host, port: proxy.port,
                authorization: proxy.credentials.map { .basic(credentials: Base64.encode(Array($0.utf8))) })
        }
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    private static func tls(_ authorities: String?) throws(SetupProblem) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        guard let authorities else { return tls }
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(authorities), !certificates.isEmpty else {
            throw SetupProblem("\(authorities.brief) holds no certificates in PEM form, or cannot be read")
        }
        tls.trustRoots = .certificates(certificates)
        return tls
    }

    /// Lets go of the connections. Nothing can be sent afterwards.
    package func close() async {
        try? await client.shutdown()
        try? await group.shutdownGracefully()
    }

    /// Does some work, which must never block, on the thread that the connections live on: a request and its answer wake no other.
    package func nearby<Value: Sendable>(_ work: @Sendable () async -> Value) async -> Value {
        await withTaskExecutorPreference(LoopExecutor(group.any()), operation: work)
    }

    package func send(_ request: Request, timeout: Duration?) async throws(TransportFailure) -> Response {
        let message = try self.message(request)
        await options.pacer?.turn()
        let limit = timeout ?? options.timeout
        let (client, connections) = (client, connections)
        let result = await Self.within(limit, on: group.any()) { () async -> Result<Response, TransportFailure> in
            do {
                let answer = try await client.execute(message, timeout: .hours(24))
                try AnswerReader.refuseRedirect(
                    status: Int(answer.status.code), location: answer.headers.first(name: "location"))
                var body: [UInt8] = []
                for try await chunk in answer.body {
                    guard body.count + chunk.readableBytes <= AnswerReader.longest else {
                        return .failure(
                            TransportFailure(.unknown, "the answer is longer than \(AnswerReader.longest) bytes"))
                    }
                    body.append(contentsOf: chunk.readableBytesView)
                }
                return .success(
                    try AnswerReader.read(
                        status: Int(answer.status.code), header: { answer.headers.first(name: $0) }, body: body))
            } catch let failure as TransportFailure {
                return .failure(failure)
            } catch {
                return .failure(TransportFailure(sending: error, wasConnected: !connections.areNone))
            }
        }
        if let result { return try result.get() }
        throw connections.areNone
            ? TransportFailure(.unsent, "no connection came about in \(limit.compact)")
            : TransportFailure(.unknown, "no whole answer came in \(limit.compact)")
    }

    private func message(_ request: Request) throws(TransportFailure) -> HTTPClientRequest {
        guard let path = Self.encoded(request.path) else {
            throw TransportFailure(.refused, "an id of the API is no part of an address")
        }
        let form = FormEncoding.encode(request.params)
        var url = options.base.description + path
        if request.method != "POST", !form.isEmpty { url += "?" + form }
        var message = HTTPClientRequest(url: url)
        message.method = HTTPMethod(rawValue: request.method)
        message.headers.add(name: "authorization", value: "Bearer \(options.key.secret)")
        message.headers.add(name: "stripe-version", value: request.version)
        message.headers.add(name: "user-agent", value: options.userAgent)
        message.headers.add(name: "accept", value: "application/json")
        if let key = request.idempotencyKey { message.headers.add(name: "idempotency-key", value: key) }
        if let account = request.account ?? options.account {
            message.headers.add(name: "stripe-account", value: account)
        }
        guard message.headers.allSatisfy({ $0.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
            throw TransportFailure(.refused, "an option of the call holds characters that no header may have")
        }
        if request.method == "POST" {
            message.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            message.body = .bytes(ByteBuffer(string: form))
        }
        return message
    }

    /// A path with what has no place in one escaped; nil where it would lead elsewhere.
    static func encoded(_ path: String) -> String? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard path.hasPrefix("/"), !segments.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            return nil
        }
        return segments.map { "/" + FormEncoding.escape(String($0)) }.joined()
    }

    /// What an operation gives; nil where it takes longer than a limit, by the clock of an event loop.
    static func within<Success: Sendable>(
        _ limit: Duration, on loop: any EventLoop, _ operation: @escaping @Sendable () async -> Success
    ) async -> Success? {
        await withTaskGroup(of: Success?.self) { group in
            group.addTask { await operation() }
            group.addTask {
                let alarm = loop.scheduleTask(in: .milliseconds(max(1, limit.totalMilliseconds))) {}
                try? await withTaskCancellationHandler {
                    try await alarm.futureResult.get()
                } onCancel: {
                    alarm.cancel()
                }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
