// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateVerify
import Synchronization

/// The time that a mock server goes by.
final class MockClock: Sendable {
    let time: MockTime
    private let wallClock: @Sendable () -> Instant
    /// Milliseconds that the controls have gone ahead.
    private let ahead = Atomic<Int64>(0)

    init(_ time: MockTime, wallClock: @escaping @Sendable () -> Instant) {
        self.time = time
        self.wallClock = wallClock
    }

    var now: Instant {
        let start = time == .manual ? TestDriver.epoch : wallClock()
        return Instant(milliseconds: start.milliseconds + ahead.load(ordering: .relaxed))
    }

    func advance(by milliseconds: Int64) { ahead.add(milliseconds, ordering: .relaxed) }

    var aheadMilliseconds: Int64 {
        get { ahead.load(ordering: .relaxed) }
        set { ahead.store(newValue, ordering: .relaxed) }
    }
}
