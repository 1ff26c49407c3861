// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
import FaregateValues
import FaregateWire
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Listens for signed events and hands them on. What is not signed is turned away.
package final class WebhookReceiver: Sendable {
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup
    package let port: Int

    /// What one delivery may cost.
    struct Limits: Sendable {
        var bodyBytes = 1 << 20
        var connections = 64
        var idle = TimeAmount.seconds(10)
    }

    private init(channel: any Channel, group: MultiThreadedEventLoopGroup, port: Int) {
        self.channel = channel
        self.group = group
        self.port = port
    }

    /// - Parameter port: 0 for any that is free.
    package static func start(
        host: String, port: Int, secrets: [String], clock: LiveClock, post: PostOffice
    ) async throws(SetupProblem) -> WebhookReceiver {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let limits = Limits()
        let count = ConnectionCount(limit: limits.connections)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                guard count.enter() else { return channel.close() }
                channel.closeFuture.whenComplete { _ in count.leave() }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(IdleStateHandler(readTimeout: limits.idle))
                    try pipeline.addHandler(
                        DeliveryHandler(secrets: secrets, clock: clock, post: post, longest: limits.bodyBytes))
                }
            }
        do {
            let channel = try await bootstrap.bind(host: host, port: port).get()
            return WebhookReceiver(channel: channel, group: group, port: channel.localAddress?.port ?? port)
        } catch {
            try? await group.shutdownGracefully()
            throw SetupProblem("nothing can listen at \(host.brief):\(port): is the port in use?")
        }
    }

    package func close() async {
        try? await channel.close()
        try? await group.shutdownGracefully()
    }
}

/// How many connections are open.
private final class ConnectionCount: Sendable {
    private let count = Mutex(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    func enter() -> Bool {
        count.withLock { count in
            // Also those over the limit are counted: each leaves once.
            count += 1
            return count <= limit
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}

/// Reads one delivery after the other from a connection.
private final class DeliveryHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let secrets: [String]
    private let clock: LiveClock
    private let post: PostOffice
    private let longest: Int
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLong = false

    init(secrets: [String], clock: LiveClock, post: PostOffice, longest: Int) {
        self.secrets = secrets
        self.clock = clock
        self.post = post
        self.longest = longest
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            isTooLong = false
        case .body(let chunk):
            if body.count + chunk.readableBytes > longest { isTooLong = true }
            if !isTooLong { body.append(contentsOf: chunk.readableBytesView) }
        case .end:
            let (status, words) = take()
            answer(status, words, context)
        }
    }

    private func take() -> (HTTPResponseStatus, String) {
        guard let head, head.method == .POST else { return (.methodNotAllowed, "events come by POST") }
        if isTooLong { return (.payloadTooLarge, "an event is not that long") }
        do throws(WebhookSignature.Problem) {
            try WebhookSignature.verify(
                header: head.headers.first(name: "stripe-signature"), body: body, secrets: secrets, now: clock.now())
        } catch {
            return (.badRequest, error.rawValue)
        }
        guard let value = try? JSON.read(body), value["id"]?.string != nil, value["type"]?.string != nil else {
            return (.badRequest, "this is no event")
        }
        post.deliver(Event(body: value), at: clock.now())
        return (.ok, "taken")
    }

    private func answer(_ status: HTTPResponseStatus, _ words: String, _ context: ChannelHandlerContext) {
        let keepAlive = (head?.isKeepAlive ?? false) && !isTooLong
        let text = words + "\n"
        var headers = HTTPHeaders([("content-type", "text/plain"), ("content-length", String(text.utf8.count))])
        if !keepAlive { headers.add(name: "connection", value: "close") }
        context.write(wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.value.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if !keepAlive { context.value.close(promise: nil) }
        }
        head = nil
        body = []
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
