// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A date and time of day in the proleptic Gregorian calendar, without a zone.
package struct CivilTime: Sendable, Hashable {
    package var year: Int64
    /// 1 to 12.
    package var month: Int64
    /// 1 to 31.
    package var day: Int64
    package var hour: Int64 = 0
    package var minute: Int64 = 0
    package var second: Int64 = 0

    package init(
        year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// The date and time that a count of seconds since 1970 stands for.
    package init(secondsSince1970 seconds: Int64) {
        let days = CivilTime.floorDivide(seconds, 86400)
        let ofDay = seconds - days * 86400
        // Howard Hinnant's civil_from_days: eras of 400 years that begin in March.
        let shifted = days + 719_468
        let era = CivilTime.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        self.init(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1,
            hour: ofDay / 3600, minute: ofDay / 60 % 60, second: ofDay % 60)
    }

    /// Since 1970-01-01, of the date alone.
    package var daysSince1970: Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = CivilTime.floorDivide(y, 400)
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    package var secondsSince1970: Int64 { daysSince1970 * 86400 + hour * 3600 + minute * 60 + second }

    /// 0 is Sunday.
    package var dayOfWeek: Int64 {
        let day = (daysSince1970 + 4) % 7
        return day < 0 ? day + 7 : day
    }

    /// 0 is the first of January.
    package var dayOfYear: Int64 { daysSince1970 - CivilTime(year: year, month: 1, day: 1).daysSince1970 }

    package static func daysIn(month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
        let quotient = a / b
        return a % b < 0 ? quotient - 1 : quotient
    }
}
