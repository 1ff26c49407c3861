// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// Offsets from UTC.
///
/// Fixed offsets (`+02:00`, `-02:30`) and a few names by their present rules. There is no database here, on purpose:
/// an expression means the same on every machine. A name or a year that the rules do not cover is an error.
enum TimeZone {
    /// Seconds to add to UTC.
    static func offset(of zone: String, at seconds: Int64) throws(Failure) -> Int64 {
        if zone == "UTC" || zone == "Z" || zone == "GMT" || zone == "Etc/UTC" || zone.isEmpty { return 0 }
        if let fixed = fixedOffset(zone) { return fixed }
        guard let rule = rules[zone] else {
            let near = Spelling.closest(to: zone, among: rules.keys)
            throw Failure(
                "the time zone '\(zone)' is not known here; write an offset such as '+02:00'"
                    + (near.map { " or '\($0)'" } ?? ""))
        }
        let year = CivilTime(secondsSince1970: seconds + rule.standard).year
        guard year >= rule.since else {
            throw Failure("the rules of the time zone '\(zone)' are known from \(rule.since) on; write an offset")
        }
        guard let daylight = rule.daylight else { return rule.standard }
        let begins = daylight.begins.instant(in: year, rule.standard)
        let ends = daylight.ends.instant(in: year, rule.standard + daylight.shift)
        let isDaylight = begins < ends ? seconds >= begins && seconds < ends : seconds >= begins || seconds < ends
        return rule.standard + (isDaylight ? daylight.shift : 0)
    }

    /// `+02:00`, `-02:30`, `02:00`.
    private static func fixedOffset(_ zone: String) -> Int64? {
        var digits = Array(zone.utf8)
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        guard digits.count == 5, digits[2] == UInt8(ascii: ":") else { return nil }
        let numbers = [0, 1, 3, 4].map { Int64(digits[$0]) - 0x30 }
        guard numbers.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let (hours, minutes) = (numbers[0] * 10 + numbers[1], numbers[2] * 10 + numbers[3])
        guard hours < 24, minutes < 60 else { return nil }
        return (isNegative ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// The n-th Sunday of a month (5: the last) at an hour.
    private struct Sunday {
        var month: Int64
        var week: Int64
        var hour: Int64
        var isUTC = false

        func instant(in year: Int64, _ offset: Int64) -> Int64 {
            var date = CivilTime(year: year, month: month, day: 1)
            date.day = 1 + (7 - date.dayOfWeek) % 7 + (week - 1) * 7
            while date.day > CivilTime.daysIn(month: month, of: year) { date.day -= 7 }
            date.hour = hour
            return date.secondsSince1970 - (isUTC ? 0 : offset)
        }
    }

    private struct Rule {
        struct Daylight {
            var shift: Int64 = 3600
            var begins: Sunday
            var ends: Sunday
        }

        var standard: Int64
        /// The first year for which the rule is right.
        var since: Int64 = 1996
        var daylight: Daylight?

        init(_ hours: Int64, _ minutes: Int64 = 0, since: Int64 = 1996, _ daylight: Daylight? = nil) {
            standard = hours * 3600 + minutes * 60
            self.since = since
            self.daylight = daylight
        }
    }

    private static let american = Rule.Daylight(
        begins: Sunday(month: 3, week: 2, hour: 2), ends: Sunday(month: 11, week: 1, hour: 2))
    private static let european = Rule.Daylight(
        begins: Sunday(month: 3, week: 5, hour: 1, isUTC: true), ends: Sunday(month: 10, week: 5, hour: 1, isUTC: true))
    private static let australian = Rule.Daylight(
        begins: Sunday(month: 10, week: 1, hour: 2), ends: Sunday(month: 4, week: 1, hour: 3))

    private static let rules: [String: Rule] = [
        "America/Chicago": Rule(-6, since: 2007, american),
        "America/Denver": Rule(-7, since: 2007, american),
        "America/Los_Angeles": Rule(-8, since: 2007, american),
        "America/New_York": Rule(-5, since: 2007, american),
        "America/St_Johns": Rule(-3, -30, since: 2007, american),
        "Asia/Kathmandu": Rule(5, 45),
        "Asia/Kolkata": Rule(5, 30),
        "Asia/Singapore": Rule(8),
        "Asia/Tokyo": Rule(9),
        "Australia/Sydney": Rule(10, since: 2008, australian),
        "Europe/Amsterdam": Rule(1, 0, european),
        "Europe/Berlin": Rule(1, 0, european),
        "Europe/Dublin": Rule(0, 0, european),
        "Europe/London": Rule(0, 0, european),
        "Europe/Madrid": Rule(1, 0, european),
        "Europe/Paris": Rule(1, 0, european),
        "Europe/Rome": Rule(1, 0, european),
        "Europe/Zurich": Rule(1, 0, european),
        "US/Central": Rule(-6, since: 2007, american),
        "US/Eastern": Rule(-5, since: 2007, american),
        "US/Mountain": Rule(-7, since: 2007, american),
        "US/Pacific": Rule(-8, since: 2007, american),
    ]
}
