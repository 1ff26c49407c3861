// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
package import FaregateValues

/// When a wait looks again: soon at first, then less and less often.
package struct PollSchedule {
    private var interval: Int64
    private let isSteady: Bool
    private let name: String
    private var count = 0
    private let longest: Int64
    package private(set) var next: Instant?

    /// - Parameters:
    ///   - name: names the wait; what spreads the polls of many runs comes from it.
    ///   - first: the first pause of a wait that says nothing of polling; `longest` is its last.
    package init(
        _ poll: FlowGraph.Wait.Poll, name: String, first: Duration, longest: Duration = Duration(seconds: 60),
        at start: Instant
    ) {
        self.name = name
        self.longest = longest.totalMilliseconds
        switch poll {
        case .never:
            (interval, isSteady) = (0, true)
        case .every(let duration):
            (interval, isSteady) = (max(10, duration.totalMilliseconds), true)
        case .standard:
            (interval, isSteady) = (max(10, first.totalMilliseconds), false)
        }
        if interval > 0 { advance(from: start) }
    }

    /// Half as long again each time, up to a minute, give or take a tenth.
    package mutating func advance(from now: Instant) {
        guard interval > 0 else { return }
        let share = Int64(StableHash("\(name)/\(count)").low % 201) - 100
        next = Instant(milliseconds: now.milliseconds + max(10, interval + interval * share / 1000))
        count += 1
        if !isSteady { interval = min(longest, interval * 3 / 2) }
    }

    /// Something may have happened: the next look is due at once.
    mutating func hurry(at now: Instant) {
        if next != nil { next = now }
    }
}
