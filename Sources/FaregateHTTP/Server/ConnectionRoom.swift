// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import HummingbirdCore
import NIOCore
import Synchronization

/// The connections that answer nothing at present, in the order in which they began to wait: where there is no room for
/// another connection, the one that has waited longest goes.
final class ConnectionRoom: Sendable {
    /// Names one waiting connection.
    typealias Seat = UInt64

    private struct Waiting {
        var channel: any Channel
        var since: NIODeadline
        /// Between two requests; otherwise a head is on its way.
        var isIdle: Bool
    }

    private struct State {
        var next: Seat = 0
        var waiting: [Seat: Waiting] = [:]
        /// Nobody could go when room was wanted: the next one that can does.
        var isWanted = false
    }

    private let state = Mutex(State())
    /// How long a head may be on its way before it gives way to others.
    private static let grace = TimeAmount.seconds(1)

    func enter(_ channel: any Channel, isIdle: Bool) -> Seat {
        let (seat, goes) = state.withLock { state in
            state.next += 1
            if isIdle, state.isWanted {
                state.isWanted = false
                return (state.next, true)
            }
            state.waiting[state.next] = Waiting(channel: channel, since: .now(), isIdle: isIdle)
            return (state.next, false)
        }
        if goes { channel.close(promise: nil) }
        return seat
    }

    func leave(_ seat: Seat) { state.withLock { _ = $0.waiting.removeValue(forKey: seat) } }

    /// Closes a connection that only waits, if there is one.
    func makeRoom() {
        let now = NIODeadline.now()
        let gone = state.withLock { state in
            let candidates = state.waiting.filter { $0.value.isIdle || now - $0.value.since > Self.grace }
            guard let seat = candidates.keys.min() else {
                state.isWanted = true
                return nil as Waiting?
            }
            return state.waiting.removeValue(forKey: seat)
        }
        gone?.channel.close(promise: nil)
    }

    func roomIsThere() { state.withLock { $0.isWanted = false } }
}

/// Takes so many connections and no more; where all are taken, one that only waits is closed.
struct BoundedConnections: AvailableConnectionsDelegate {
    let limit: Int
    let room: ConnectionRoom
    private var count = 0

    init(limit: Int, room: ConnectionRoom) {
        self.limit = limit
        self.room = room
    }

    mutating func connectionOpened() {
        count += 1
        if count >= limit { room.makeRoom() }
    }

    mutating func connectionClosed() {
        count -= 1
        room.roomIsThere()
    }

    func isAcceptingNewConnections() -> Bool { count < limit }
}
