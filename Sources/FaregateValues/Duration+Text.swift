// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// Reads `14d`, `2h`, `1h30m`, `1.5s`, `-100ms`: any sum of numbers with units, one sign for all.
    ///
    /// Units: `ns`, `us` (`µs`), `ms`, `s`, `m`, `h` as in CEL, and `d` (24 hours) and `w` (7 days). A bare `0` is fine.
    /// Nil where the text is nothing of the kind or longer than about 292 years.
    package static func parse(_ text: String) -> Duration? {
        var rest = Substring(text).utf8
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        if rest.elementsEqual("0".utf8) { return .zero }
        guard !rest.isEmpty else { return nil }

        // Counted downwards from zero where negative, so that the lowest value is reached too.
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = readPart(&rest) else { return nil }
            for summand in [part.whole, part.fraction] {
                let (sum, overflow) =
                    isNegative ? total.subtractingReportingOverflow(summand) : total.addingReportingOverflow(summand)
                guard !overflow else { return nil }
                total = sum
            }
        }
        return Duration(nanoseconds: total)
    }

    /// One number with its unit, in nanoseconds.
    private static func readPart(_ rest: inout Substring.UTF8View) -> (whole: Int64, fraction: Int64)? {
        var whole: Int64 = 0
        var fraction: [Int64] = []
        var digits = 0
        while let digit = readDigit(&rest) {
            digits += 1
            let (tens, a) = whole.multipliedReportingOverflow(by: 10)
            let (sum, b) = tens.addingReportingOverflow(digit)
            guard !a, !b else { return nil }
            whole = sum
        }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            while let digit = readDigit(&rest) {
                digits += 1
                if fraction.count < 18 { fraction.append(digit) }
            }
        }
        guard digits > 0, let unit = readUnit(&rest) else { return nil }

        let (scaled, overflow) = whole.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        // Digit by digit, so that it is exact; what lies under a nanosecond is cut off.
        var part: Int64 = 0
        var tenth = unit
        for digit in fraction {
            part += digit * tenth / 10
            tenth /= 10
        }
        return (scaled, part)
    }

    private static func readDigit(_ rest: inout Substring.UTF8View) -> Int64? {
        guard let byte = rest.first, byte >= 0x30, byte <= 0x39 else { return nil }
        rest = rest.dropFirst()
        return Int64(byte - 0x30)
    }

    private static func readUnit(_ rest: inout Substring.UTF8View) -> Int64? {
        for (name, size) in units where rest.starts(with: name.utf8) {
            rest = rest.dropFirst(name.utf8.count)
            return size
        }
        return nil
    }

    /// Longest names first: `ms` is not minutes.
    private static let units: [(String, Int64)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("μs", 1000), ("ms", 1_000_000),
        ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ]

    /// As people write it: `14d`, `1h30m`, `1.5s`, `100ms`. Reads back to the same duration.
    package var compact: String {
        if seconds == 0 && nanoseconds == 0 { return "0s" }
        var text = seconds < 0 || nanoseconds < 0 ? "-" : ""
        var left = seconds.magnitude
        for (name, size) in [("d", 86400 as UInt64), ("h", 3600), ("m", 60)] where left >= size {
            text += "\(left / size)\(name)"
            left %= size
        }
        let nanos = UInt64(nanoseconds.magnitude)
        if left == 0 && nanos > 0 && nanos % 1_000_000 == 0 {
            text += "\(nanos / 1_000_000)ms"
        } else if left > 0 || nanos > 0 {
            text += "\(left)\(FractionText.of(nanos))s"
        }
        return text
    }

    /// As JSON and CEL's `string()` have it: decimal seconds with `s`, as `-1.5s`.
    package var decimalSeconds: String {
        let sign = seconds < 0 || nanoseconds < 0 ? "-" : ""
        return "\(sign)\(seconds.magnitude)\(FractionText.of(UInt64(nanoseconds.magnitude)))s"
    }
}

/// The part of a second behind the point.
enum FractionText {
    /// `.5` for 500,000,000 nanoseconds; nothing for none.
    static func of(_ nanoseconds: UInt64) -> String {
        guard nanoseconds > 0 else { return "" }
        var digits = String(nanoseconds)
        digits = String(repeating: "0", count: 9 - digits.utf8.count) + digits
        while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
        return "." + digits
    }
}
