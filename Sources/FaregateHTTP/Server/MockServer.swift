// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// A mock that listens: sockets outside, ``Mock`` inside.
package struct MockServer: Sendable {
    let mock: Mock
    let log: AccessLog
    /// How often what happens by itself is looked after.
    private static let pulse: Int64 = 50

    package init(_ mock: Mock, log: AccessLog) {
        self.mock = mock
        self.log = log
    }

    /// Has tasks run on the threads of the sockets, where a change of threads would cost more than most answers. For programs that do nothing
    /// but serve; where it is not possible, all goes on as before.
    package static func takeThreads() {
        _ = NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
    }

    /// Listens until the process is told to end, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - endsOnSignals: whether SIGINT and SIGTERM end the server.
    ///   - started: hears the port once the server listens.
    /// - Throws: ``MockServerError`` where the address cannot be had.
    package func run(endsOnSignals: Bool, started: @escaping @Sendable (Int) -> Void) async throws {
        let settings = mock.settings
        var logger = Logger(label: "faregate") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let room = ConnectionRoom()
        let channel = HTTP1Channel(
            responder: { [mock, log] request, writer, _ in try await Self.respond(request, writer, mock, log) },
            configuration: .init(
                additionalChannelHandlers: [Patience(settings.limits, room: room)],
                idleTimeout: .seconds(Int64(settings.limits.idleSeconds)),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: settings.limits.headerBytes, maxHeaderListSize: settings.limits.headerBytes,
                    maxHeaderFieldCount: settings.limits.headers)))
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(settings.host, port: settings.port),
                availableConnectionsDelegate: BoundedConnections(limit: settings.limits.connections, room: room)),
            onServerRunning: { [mock] channel in
                let port = channel.localAddress?.port ?? settings.port
                mock.baseURL = settings.baseURL(port: port)
                started(port)
            },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        let pulse = Pulse(milliseconds: Self.pulse, mock: mock)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server), .init(service: pulse)],
                gracefulShutdownSignals: endsOnSignals ? [.sigint, .sigterm] : [], logger: logger))
        do {
            try await group.run()
        } catch let error as IOError {
            throw MockServerError(host: settings.host, port: settings.port, error)
        } catch let error where error is NIOConnectionError || error is SocketAddressError.UnknownHost {
            throw MockServerError("'\(settings.host.brief)' is no address of this machine, and no name of one")
        } catch is CancellationError {
            return
        }
    }

    private static func respond(
        _ request: HummingbirdCore.Request, _ writer: consuming ResponseWriter, _ mock: Mock, _ log: AccessLog
    ) async throws {
        let start = ContinuousClock.now
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let target = request.head.path ?? "/"
        let mark = target.firstIndex(of: "?")
        var call = MockRequest(
            method: request.method.rawValue, path: String(target[..<(mark ?? target.endIndex)]),
            query: mark.map { String(target[target.index(after: $0)...]) } ?? "", headers: headers)
        if call.headers["host"] == nil { call.headers["host"] = request.head.authority }
        let answer: MockAnswer
        let limit = mock.settings.limits.bodyBytes
        do {
            // A body that is announced as too large is not read at all.
            if let length = headers["content-length"].flatMap({ Int($0) }), length > limit {
                throw NIOTooManyBytesError(maxBytes: limit)
            }
            let body = try await request.body.collect(upTo: limit)
            call.body = Array(body.readableBytesView)
            guard let own = await mock.respond(call) else { throw ConnectionDone() }
            answer = own
        } catch is NIOTooManyBytesError {
            answer = MockAnswer(
                status: 413, type: "text/plain; charset=utf-8",
                text: "The body is longer than \(limit) bytes.\n", headers: [("Connection", "close")])
        }
        let time = ContinuousClock.now - start
        log.note(
            call, answer,
            milliseconds: Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1e3)
        var fields = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        if answer.status != 204 { fields[.contentLength] = String(answer.body.count) }
        let head = HTTPResponse(status: .init(code: answer.status), headerFields: fields)
        let body =
            answer.body.isEmpty || call.method == "HEAD"
            ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
        try await writer.write(response: head, body: body)
        if fields[.connection] == "close" { throw ConnectionDone() }
        // Who sends a thousand requests at once takes turns with the others all the same.
        await Task.yield()
    }

    /// Ends a connection after its answer.
    private struct ConnectionDone: Error {}
}

/// An address that cannot be listened at.
package struct MockServerError: Error, Sendable, CustomStringConvertible {
    package var description: String

    init(host: String, port: Int, _ error: IOError) {
        switch error.errnoCode {
        case EADDRINUSE: description = "port \(port) of \(host) is in use; --port 0 takes a free one"
        case EACCES: description = "port \(port) may not be listened at; take one above 1023"
        case EADDRNOTAVAIL: description = "\(host) is no address of this machine"
        default: description = "\(host):\(port) cannot be listened at: \(error.description)"
        }
    }

    init(_ description: String) { self.description = description }
}

/// Looks after what happens by itself, and sends what was announced, until the server ends.
private struct Pulse: Service {
    var milliseconds: Int64
    var mock: Mock
    /// Deliveries at once, to all endpoints together.
    private static let width = 128

    /// How many deliveries are on their way.
    private final class Sending: Sendable {
        let count = Atomic<Int>(0)
    }

    func run() async throws {
        let sender = WebhookSender()
        await cancelWhenGracefulShutdown {
            let sending = Sending()
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(milliseconds))
                    mock.tick()
                    for parcel in mock.parcels(most: Self.width - sending.count.load(ordering: .relaxed)) {
                        sending.count.add(1, ordering: .relaxed)
                        group.addTask { [mock] in
                            mock.settle(parcel, status: await sender.send(parcel))
                            sending.count.subtract(1, ordering: .relaxed)
                        }
                    }
                }
            }
        }
        await sender.close()
    }
}
