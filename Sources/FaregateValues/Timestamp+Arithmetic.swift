// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Timestamp {
    /// 0001-01-01T00:00:00Z.
    package static let earliest = Timestamp(seconds: -62_135_596_800)
    /// 9999-12-31T23:59:59.999999999Z.
    package static let latest = Timestamp(seconds: 253_402_300_799, nanoseconds: 999_999_999)

    /// Whether it lies in the years 1 to 9999.
    package var isInRange: Bool { self >= .earliest && self <= .latest }

    /// Later by a duration; nil outside of the years 1 to 9999.
    package func adding(_ duration: Duration) -> Timestamp? {
        var (sum, overflow) = seconds.addingReportingOverflow(duration.seconds)
        guard !overflow else { return nil }
        var nanos = nanoseconds + duration.nanoseconds
        if nanos >= 1_000_000_000 {
            nanos -= 1_000_000_000
            (sum, overflow) = sum.addingReportingOverflow(1)
        } else if nanos < 0 {
            nanos += 1_000_000_000
            (sum, overflow) = sum.subtractingReportingOverflow(1)
        }
        guard !overflow else { return nil }
        let result = Timestamp(seconds: sum, nanoseconds: nanos)
        return result.isInRange ? result : nil
    }

    package func subtracting(_ duration: Duration) -> Timestamp? {
        duration.negated.flatMap(adding)
    }

    /// How long after another; nil beyond about 292 years.
    package func since(_ other: Timestamp) -> Duration? {
        let (difference, overflow) = seconds.subtractingReportingOverflow(other.seconds)
        guard !overflow else { return nil }
        let (nanos, over) = difference.multipliedReportingOverflow(by: 1_000_000_000)
        guard !over else { return nil }
        let (total, beyond) = nanos.addingReportingOverflow(Int64(nanoseconds - other.nanoseconds))
        return beyond ? nil : Duration(nanoseconds: total)
    }

    /// The same point as a count of milliseconds, cut to the millisecond before.
    package var instant: Instant {
        Instant(milliseconds: seconds * 1000 + Int64(nanoseconds / 1_000_000))
    }
}

extension Instant {
    /// The same point as a timestamp; held to the years 1 to 9999.
    package var timestamp: Timestamp {
        let whole = CivilTime.floorDivide(milliseconds, 1000)
        let stamp = Timestamp(seconds: whole, nanoseconds: Int32(milliseconds - whole * 1000) * 1_000_000)
        return min(max(stamp, .earliest), .latest)
    }

    /// Later by a duration; nil where 64 bits do not hold it.
    package func adding(_ duration: Duration) -> Instant? {
        let (sum, overflow) = milliseconds.addingReportingOverflow(duration.totalMilliseconds)
        return overflow ? nil : Instant(milliseconds: sum)
    }

    package func subtracting(_ duration: Duration) -> Instant? {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(duration.totalMilliseconds)
        return overflow ? nil : Instant(milliseconds: difference)
    }

    /// How long after another; nil beyond 64 bits.
    package func since(_ other: Instant) -> Duration? {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(other.milliseconds)
        return overflow ? nil : Duration(milliseconds: difference)
    }
}
