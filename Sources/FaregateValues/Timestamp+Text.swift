// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Timestamp {
    /// Reads RFC 3339, as `2026-11-21T04:45:00.5+01:00`. Nil where it is none, or outside of the years 1 to 9999.
    package static func parse(_ text: String) -> Timestamp? {
        var reader = Reader(rest: Substring(text).utf8)
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), reader.take("T") || reader.take("t"),
            let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
            let second = reader.number(2), let nanoseconds = reader.fraction(), let offset = reader.offset(),
            reader.rest.isEmpty,
            (1...12).contains(month), day >= 1, day <= CivilTime.daysIn(month: month, of: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        let civil = CivilTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        let stamp = Timestamp(seconds: civil.secondsSince1970 - offset, nanoseconds: nanoseconds)
        return stamp.isInRange ? stamp : nil
    }

    /// RFC 3339 in UTC with as many digits of a second as needed: `2026-11-21T04:45:00.5Z`.
    package var rfc3339: String {
        let civil = CivilTime(secondsSince1970: seconds)
        let date = "\(Self.padded(civil.year, 4))-\(Self.padded(civil.month, 2))-\(Self.padded(civil.day, 2))"
        let time = "\(Self.padded(civil.hour, 2)):\(Self.padded(civil.minute, 2)):\(Self.padded(civil.second, 2))"
        return "\(date)T\(time)\(FractionText.of(UInt64(max(nanoseconds, 0))))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private struct Reader {
        var rest: Substring.UTF8View

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func digit() -> Int64? {
            guard let byte = rest.first, byte >= 0x30, byte <= 0x39 else { return nil }
            rest = rest.dropFirst()
            return Int64(byte - 0x30)
        }

        mutating func number(_ digits: Int) -> Int64? {
            var number: Int64 = 0
            for _ in 0..<digits {
                guard let digit = digit() else { return nil }
                number = number * 10 + digit
            }
            return number
        }

        mutating func fraction() -> Int32? {
            guard take(".") else { return 0 }
            var (value, scale): (Int64, Int64) = (0, 1_000_000_000)
            var count = 0
            while let digit = digit() {
                count += 1
                scale /= 10
                value += digit * scale
            }
            return (1...9).contains(count) ? Int32(value) : nil
        }

        mutating func offset() -> Int64? {
            if take("Z") || take("z") { return 0 }
            let isNegative = take("-")
            guard isNegative || take("+"), let hours = number(2), take(":"), let minutes = number(2), hours < 24,
                minutes < 60
            else { return nil }
            return (isNegative ? -1 : 1) * (hours * 3600 + minutes * 60)
        }
    }
}
