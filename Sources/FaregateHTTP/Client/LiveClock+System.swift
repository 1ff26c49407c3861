// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
import FaregateValues

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension LiveClock {
    /// The machine's time at the beginning, and from there on a clock that is never set back.
    package static var system: LiveClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let wall = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
        let start = ContinuousClock.now
        return LiveClock(
            now: { Instant(milliseconds: wall + Int64((ContinuousClock.now - start) / .milliseconds(1))) },
            sleep: { until in
                // A millisecond more: the instant has come when this returns.
                try? await Task.sleep(until: start + .milliseconds(until.milliseconds - wall + 1), clock: .continuous)
            })
    }
}
