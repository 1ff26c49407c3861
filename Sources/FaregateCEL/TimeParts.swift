// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// `getHours()` and its like.
enum TimeParts {
    /// A part of a timestamp as a zone sees it (UTC without one), or of a duration.
    static func part(_ function: Function, of value: Value, in zone: String?) throws(Failure) -> Value {
        switch value {
        case .timestamp(let stamp):
            let offset = try zone.map { zone throws(Failure) in try TimeZone.offset(of: zone, at: stamp.seconds) } ?? 0
            return .int(part(function, CivilTime(secondsSince1970: stamp.seconds + offset), stamp.nanoseconds))
        case .duration(let duration):
            if zone != nil { throw Failure("'\(function.spelling)' of a duration takes no time zone") }
            return .int(try part(function, duration))
        default: throw Failure("\(Kind.name(of: value)) has no '\(function.spelling)'")
        }
    }

    private static func part(_ function: Function, _ time: CivilTime, _ nanoseconds: Int32) -> Int64 {
        switch function {
        case .getFullYear: time.year
        // Months, days of the month and of the year begin at 0; only getDate begins at 1.
        case .getMonth: time.month - 1
        case .getDayOfMonth: time.day - 1
        case .getDate: time.day
        case .getDayOfWeek: time.dayOfWeek
        case .getDayOfYear: time.dayOfYear
        case .getHours: time.hour
        case .getMinutes: time.minute
        case .getSeconds: time.second
        default: Int64(nanoseconds / 1_000_000)
        }
    }

    /// The whole of a duration in a unit, except for milliseconds: those are what is beyond the seconds.
    private static func part(_ function: Function, _ duration: Duration) throws(Failure) -> Int64 {
        switch function {
        case .getHours: duration.seconds / 3600
        case .getMinutes: duration.seconds / 60
        case .getSeconds: duration.seconds
        case .getMilliseconds: Int64(duration.nanoseconds / 1_000_000)
        default: throw Failure("duration has no '\(function.spelling)'")
        }
    }
}
