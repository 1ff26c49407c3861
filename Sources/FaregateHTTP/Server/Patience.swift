// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request is not answered in time, from its head to the answer's last byte: who sends a body byte by
/// byte, or never reads its answer, does not hold a connection for ever.
final class Patience: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limit: TimeAmount
    /// When the oldest request that is not answered yet began.
    private var begun: NIODeadline?
    private var watch: RepeatedTask?

    init(seconds: Int) { limit = .seconds(Int64(seconds)) }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let interval = TimeAmount.nanoseconds(max(limit.nanoseconds / 4, 100_000_000))
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            let patience = bound.value
            if let begun = patience.begun, NIODeadline.now() - begun > patience.limit { channel.close(promise: nil) }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { watch?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data), begun == nil { begun = .now() }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isEnd = if case .end = unwrapOutboundIn(data) { true } else { false }
        if isEnd {
            let own = promise ?? context.eventLoop.makePromise()
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            own.futureResult.whenComplete { _ in bound.value.begun = nil }
            context.write(data, promise: own)
        } else {
            context.write(data, promise: promise)
        }
    }
}
