// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request does not come, or is not answered, in time: the head within seconds of its first byte (the
/// first one: of the connection's beginning), the rest from the head to the answer's last byte. Who sends byte by byte, or never
/// reads an answer, does not hold a connection for ever.
final class Patience: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let head: TimeAmount
    private let request: TimeAmount
    private let room: ConnectionRoom
    /// Since when a head has been on its way; nil between requests, and while one is answered.
    private var awaited: NIODeadline?
    /// When the oldest request that is not answered yet began.
    private var begun: NIODeadline?
    /// Requests that are not answered yet.
    private var open = 0
    private var seat: ConnectionRoom.Seat?
    private var watch: RepeatedTask?

    init(_ limits: MockSettings.Limits, room: ConnectionRoom) {
        head = .seconds(Int64(limits.headSeconds))
        request = .seconds(Int64(limits.requestSeconds))
        self.room = room
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        awaited = .now()
        seat = room.enter(channel, isIdle: false)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let interval = TimeAmount.nanoseconds(max(min(head, request).nanoseconds / 4, 100_000_000))
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            if bound.value.isOver(at: .now()) { channel.close(promise: nil) }
        }
        try? context.pipeline.syncOperations.addHandler(FirstByte { bound.value.bytesCame(channel) }, position: .first)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        watch?.cancel()
        leaveRoom()
    }

    private func isOver(at now: NIODeadline) -> Bool {
        awaited.map { now - $0 > head } ?? false || begun.map { now - $0 > request } ?? false
    }

    private func bytesCame(_ channel: any Channel) {
        guard open == 0, awaited == nil else { return }
        awaited = .now()
        leaveRoom()
        seat = room.enter(channel, isIdle: false)
    }

    private func leaveRoom() {
        if let seat { room.leave(seat) }
        seat = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) {
            awaited = nil
            leaveRoom()
            open += 1
            if begun == nil { begun = .now() }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let isEnd = if case .end = unwrapOutboundIn(data) { true } else { false }
        if isEnd {
            let own = promise ?? context.eventLoop.makePromise()
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            let channel = context.channel
            own.futureResult.whenComplete { _ in bound.value.answered(channel) }
            context.write(data, promise: own)
        } else {
            context.write(data, promise: promise)
        }
    }

    private func answered(_ channel: any Channel) {
        open = max(0, open - 1)
        begun = open > 0 ? .now() : nil
        guard open == 0, seat == nil, channel.isActive else { return }
        seat = room.enter(channel, isIdle: true)
    }

    /// Hears of bytes before anybody has made sense of them.
    private final class FirstByte: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        private let heard: () -> Void

        init(_ heard: @escaping () -> Void) { self.heard = heard }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            heard()
            context.fireChannelRead(data)
        }
    }
}
