// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateValues

@Suite struct TimeTests {
    static let durations: [(text: String, nanoseconds: Int64, compact: String)] = [
        ("14d", 1_209_600_000_000_000, "14d"), ("2h", 7_200_000_000_000, "2h"), ("1h30m", 5_400_000_000_000, "1h30m"),
        ("150s", 150_000_000_000, "2m30s"), ("1w", 604_800_000_000_000, "7d"), ("1.5s", 1_500_000_000, "1.5s"),
        ("100ms", 100_000_000, "100ms"), ("0", 0, "0s"), ("0s", 0, "0s"), ("-1h30m", -5_400_000_000_000, "-1h30m"),
        ("1.5d", 129_600_000_000_000, "1d12h"), ("1us", 1000, "0.000001s"), ("1µs", 1000, "0.000001s"),
        ("1ns", 1, "0.000000001s"), (".5s", 500_000_000, "500ms"), ("1.s", 1_000_000_000, "1s"),
        ("0.0000000019s", 1, "0.000000001s"), ("1d1ms", 86_400_001_000_000, "1d1ms"), ("+1s", 1_000_000_000, "1s"),
        ("9223372036.854775807s", .max, "106751d23h47m16.854775807s"),
        ("-9223372036.854775808s", .min, "-106751d23h47m16.854775808s"),
    ]

    @Test(arguments: durations) func readsAndWritesDurations(_ text: String, _ nanoseconds: Int64, _ compact: String) {
        let duration = Duration.parse(text)
        #expect(duration == Duration(nanoseconds: nanoseconds))
        #expect(duration?.totalNanoseconds == nanoseconds)
        #expect(duration?.compact == compact)
        #expect(Duration.parse(compact) == duration)
    }

    @Test(arguments: [
        "", "-", "d", "1", "1x", "1 d", " 1d", "1d ", "1h30", "1.2.3s", ".s", "--1s", "1e3s", "14 days", "1M",
        "9223372036.854775808s", "106752d", "99999999999999999999s", "320000000000s",
    ])
    func refusesWhatIsNoDuration(_ text: String) {
        #expect(Duration.parse(text) == nil)
    }

    static let timestamps: [(text: String, seconds: Int64, canonical: String)] = [
        ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
        ("2009-02-13T23:31:30z", 1_234_567_890, "2009-02-13T23:31:30Z"),
        ("2024-02-29t12:00:00+02:00", 1_709_200_800, "2024-02-29T10:00:00Z"),
        ("1969-12-31T23:59:59.25Z", -1, "1969-12-31T23:59:59.25Z"),
        ("0001-01-01T00:00:00Z", -62_135_596_800, "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, "9999-12-31T23:59:59.999999999Z"),
        ("2000-03-01T00:00:00-23:59", 951_955_140, "2000-03-01T23:59:00Z"),
    ]

    @Test(arguments: timestamps) func readsAndWritesTimestamps(_ text: String, _ seconds: Int64, _ canonical: String) {
        let stamp = Timestamp.parse(text)
        #expect(stamp?.seconds == seconds)
        #expect(stamp?.rfc3339 == canonical)
    }

    @Test(arguments: [
        "", "2009-02-13", "2009-02-13T23:31:30", "2009-02-13 23:31:30Z", "2009-13-01T00:00:00Z", "2009-00-01T00:00:00Z",
        "2009-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2009-02-00T00:00:00Z", "2009-02-01T24:00:00Z",
        "2009-02-01T00:60:00Z", "2009-02-01T00:00:60Z", "2009-02-01T00:00:00.Z", "2009-02-01T00:00:00.1234567890Z",
        "2009-02-01T00:00:00+24:00", "2009-02-01T00:00:00+0200", "2009-2-1T00:00:00Z", "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01", "10000-01-01T00:00:00Z", "2009-02-01T00:00:00Zx", "-009-02-01T00:00:00Z",
    ])
    func refusesWhatIsNoTimestamp(_ text: String) {
        #expect(Timestamp.parse(text) == nil)
    }

    @Test func goesThroughEveryDayOfFourCenturies() {
        var weekday: Int64 = 4
        for day in Int64(-73_000)...73_097 {
            let date = CivilTime(secondsSince1970: day * 86400)
            #expect(date.daysSince1970 == day)
            if day >= 0 {
                #expect(date.dayOfWeek == weekday)
                weekday = (weekday + 1) % 7
            }
        }
    }

    @Test func staysInRange() {
        let day = Duration(seconds: 86400)
        #expect(Timestamp.latest.adding(day) == nil)
        #expect(Timestamp.earliest.subtracting(day) == nil)
        #expect(Timestamp.latest.since(.earliest) == nil)
        #expect(
            Timestamp(seconds: 10).since(Timestamp(seconds: 9, nanoseconds: 1)) == Duration(nanoseconds: 999_999_999))
        #expect(Duration(nanoseconds: .max).adding(Duration(nanoseconds: 1)) == nil)
        #expect(Duration(nanoseconds: .min).negated == nil)
        #expect(Instant(milliseconds: .max).adding(day) == nil)
        #expect(Instant(milliseconds: .min).since(Instant(milliseconds: 1)) == nil)
    }

    @Test func changesBetweenInstantsAndTimestamps() {
        let instant = Instant(milliseconds: -1500)
        #expect(instant.timestamp == Timestamp(seconds: -2, nanoseconds: 500_000_000))
        #expect(instant.timestamp.instant == instant)
        #expect(instant.adding(Duration(milliseconds: 1500)) == Instant(milliseconds: 0))
        #expect(Instant(milliseconds: .max).timestamp == .latest)
    }
}
