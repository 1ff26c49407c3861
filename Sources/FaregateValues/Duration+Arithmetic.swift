// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Duration {
    package static let zero = Duration(seconds: 0)

    /// A duration of so many nanoseconds, which is all that CEL's durations can hold: about 292 years each way.
    package init(nanoseconds total: Int64) {
        self.init(seconds: total / 1_000_000_000, nanoseconds: Int32(total % 1_000_000_000))
    }

    package init(milliseconds total: Int64) {
        self.init(seconds: total / 1000, nanoseconds: Int32(total % 1000) * 1_000_000)
    }

    /// All of it in nanoseconds; nil where 64 bits do not hold them.
    package var totalNanoseconds: Int64? {
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return nil }
        let (sum, over) = whole.addingReportingOverflow(Int64(nanoseconds))
        return over ? nil : sum
    }

    /// All of it in milliseconds, cut towards zero and held to what 64 bits can hold.
    package var totalMilliseconds: Int64 {
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, over) = whole.addingReportingOverflow(Int64(nanoseconds / 1_000_000))
        return over ? (seconds < 0 ? .min : .max) : sum
    }

    /// The sum; nil beyond about 292 years.
    package func adding(_ other: Duration) -> Duration? {
        guard let a = totalNanoseconds, let b = other.totalNanoseconds else { return nil }
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? nil : Duration(nanoseconds: sum)
    }

    package func subtracting(_ other: Duration) -> Duration? {
        guard let a = totalNanoseconds, let b = other.totalNanoseconds else { return nil }
        let (difference, overflow) = a.subtractingReportingOverflow(b)
        return overflow ? nil : Duration(nanoseconds: difference)
    }

    /// The same length the other way; nil for the one that has no opposite.
    package var negated: Duration? { Duration.zero.subtracting(self) }
}
