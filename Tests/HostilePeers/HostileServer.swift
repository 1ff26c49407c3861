// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
package import NIOSSL
import Synchronization

/// A server that answers as a test says: whole, cut, slowly, never, or with anything at all.
package final class HostileServer: Sendable {
    package enum Step: Sendable {
        case write(String)
        case fill(Int)
        case pause(Int)
        case close
    }

    package struct Received: Sendable {
        package var head: String
        package var body: String

        /// `POST /v1/customers HTTP/1.1`
        package var line: String { String(head.prefix { $0 != "\r\n" }) }
        package func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ":") }
                .map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        }
    }

    private struct State {
        var requests: [Received] = []
        var connections = 0
    }

    package let port: Int
    private let channel: any Channel
    private let group: MultiThreadedEventLoopGroup
    private let box: Box

    package var requests: [Received] { box.state.withLock { $0.requests } }
    package var connections: Int { box.state.withLock { $0.connections } }

    /// - Parameters:
    ///   - first: what to do with the first bytes of a connection, whatever they are, in place of reading requests.
    ///   - script: what to do with each request, by its number.
    package static func start(
        tls: NIOSSLContext? = nil, first: [Step]? = nil, _ script: @escaping @Sendable (Int, Received) -> [Step]
    ) async throws -> HostileServer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let box = Box()
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(Handler(box: box, first: first, script: script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return HostileServer(channel: channel, group: group, box: box)
    }

    private init(channel: any Channel, group: MultiThreadedEventLoopGroup, box: Box) {
        self.channel = channel
        self.group = group
        port = channel.localAddress!.port!
        self.box = box
    }

    package func stop() async {
        try? await channel.close()
        try? await group.shutdownGracefully()
    }

    private final class Box: Sendable {
        let state = Mutex(State())
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let box: Box
        private let first: [Step]?
        private let script: @Sendable (Int, Received) -> [Step]
        private var bytes: [UInt8] = []

        init(box: Box, first: [Step]?, script: @escaping @Sendable (Int, Received) -> [Step]) {
            self.box = box
            self.first = first
            self.script = script
        }

        func channelActive(context: ChannelHandlerContext) { box.state.withLock { $0.connections += 1 } }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView)
            if let first { return play(first[...], NIOLoopBound(context, eventLoop: context.eventLoop)) }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return }
            var received = Received(head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
            let length = received.header("content-length").flatMap { Int($0) } ?? 0
            guard received.body.utf8.count >= length else { return }
            received.body = String(received.body.prefix(length))
            bytes = []
            let number = box.state.withLock { state in
                state.requests.append(received)
                return state.requests.count - 1
            }
            play(script(number, received)[...], NIOLoopBound(context, eventLoop: context.eventLoop))
        }

        private func play(_ steps: ArraySlice<Step>, _ context: NIOLoopBound<ChannelHandlerContext>) {
            var steps = steps
            while let step = steps.popFirst() {
                switch step {
                case .write(let text):
                    context.value.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
                case .fill(let count):
                    context.value.writeAndFlush(
                        wrapOutboundOut(ByteBuffer(repeating: UInt8(ascii: "x"), count: count)), promise: nil)
                case .pause(let milliseconds):
                    let rest = steps
                    let me = NIOLoopBound(self, eventLoop: context.value.eventLoop)
                    context.value.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                        me.value.play(rest, context)
                    }
                    return
                case .close: context.value.close(promise: nil)
                }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

extension HostileServer.Step {
    package static func answer(_ body: String, status: String = "200 OK", headers: [String] = []) -> HostileServer.Step
    {
        .write(head(status, ["content-type: application/json", "content-length: \(body.utf8.count)"] + headers) + body)
    }

    package static func head(_ status: String, _ headers: [String]) -> String {
        "HTTP/1.1 \(status)\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n"
    }
}

extension String {
    fileprivate func firstRange(of part: String) -> Range<String.Index>? {
        let (bytes, wanted) = (Array(utf8), Array(part.utf8))
        guard bytes.count >= wanted.count else { return nil }
        for start in 0...(bytes.count - wanted.count) where bytes[start..<start + wanted.count].elementsEqual(wanted) {
            let low = utf8.index(utf8.startIndex, offsetBy: start)
            return low..<utf8.index(low, offsetBy: wanted.count)
        }
        return nil
    }
}
