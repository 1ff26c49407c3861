// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

/// Stands in front of the client's own handler, which trusts that a peer keeps to HTTP: a status below 100, or a body under an
/// interim answer, would end the process. Here they end the connection.
final class ResponseGuard: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart

    /// Whether the head of an answer has come, and not its end.
    private var isInAnswer = false
    private var isBroken = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isBroken { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard head.status.code >= 100 else { return refuse(context) }
            // Interim answers have a head and nothing else; after 101 no HTTP follows.
            isInAnswer = head.status.code >= 200 || head.status == .switchingProtocols
        case .body: guard isInAnswer else { return refuse(context) }
        case .end:
            guard isInAnswer else { return refuse(context) }
            isInAnswer = false
        }
        context.fireChannelRead(data)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        isBroken = true
        context.fireErrorCaught(HTTPParserError.invalidStatus)
        context.close(promise: nil)
    }
}

/// How many connections of a client ever stood: over none, nothing can have been sent.
final class StandingConnections: Sendable {
    private let count = Atomic<Int>(0)

    var areNone: Bool { count.load(ordering: .sequentiallyConsistent) == 0 }

    func add() { count.add(1, ordering: .sequentiallyConsistent) }
}

extension HTTPClient.Configuration {
    /// What all clients here have in common: HTTP/1.1, no redirects, no repeats, and a guard before each peer.
    ///
    /// - Parameter connections: hears of each connection that stands, TLS and proxies included.
    static func guarded(counting connections: StandingConnections? = nil) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
                try pipeline.addHandler(ResponseGuard(), position: .after(decoder))
                connections?.add()
            }
        }
        return configuration
    }
}
