// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// `int(x)` and its like.
enum Conversion {
    static func int(_ value: Value) throws(Failure) -> Int64 {
        switch value {
        case .int(let number): return number
        case .uint(let number):
            guard let whole = Int64(exactly: number) else { throw outOfRange(value, "int") }
            return whole
        case .double(let number):
            // Both bounds lie outside: the lowest double of 64 bits is refused as well, so the language has it.
            guard number > -0x1p63, number < 0x1p63 else { throw outOfRange(value, "int") }
            return Int64(number)
        case .string(let text):
            guard isPlain(text), let number = Int64(text) else { throw unreadable(value, "int") }
            return number
        case .timestamp(let stamp): return stamp.seconds
        default: throw impossible(value, "int")
        }
    }

    static func uint(_ value: Value) throws(Failure) -> UInt64 {
        switch value {
        case .uint(let number): return number
        case .int(let number):
            guard let whole = UInt64(exactly: number) else { throw outOfRange(value, "uint") }
            return whole
        case .double(let number):
            guard number > -1, number < 0x1p64 else { throw outOfRange(value, "uint") }
            return UInt64(number)
        case .string(let text):
            guard isPlain(text), let number = UInt64(text) else { throw unreadable(value, "uint") }
            return number
        default: throw impossible(value, "uint")
        }
    }

    static func double(_ value: Value) throws(Failure) -> Double {
        switch value {
        case .double(let number): return number
        case .int(let number): return Double(number)
        case .uint(let number): return Double(number)
        case .string(let text):
            if let special = specialDoubles[text] { return special }
            let isDecimal = text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0)
            }
            guard isDecimal, let number = Double(text) else { throw unreadable(value, "double") }
            return number
        default: throw impossible(value, "double")
        }
    }

    private static let specialDoubles: [String: Double] = [
        "NaN": .nan, "Infinity": .infinity, "-Infinity": -.infinity, "+Infinity": .infinity, "Inf": .infinity,
        "-Inf": -.infinity, "+Inf": .infinity,
    ]

    static func bool(_ value: Value) throws(Failure) -> Bool {
        switch value {
        case .bool(let truth): return truth
        case .string("1"), .string("t"), .string("true"), .string("TRUE"), .string("True"): return true
        case .string("0"), .string("f"), .string("false"), .string("FALSE"), .string("False"): return false
        case .string: throw unreadable(value, "bool")
        default: throw impossible(value, "bool")
        }
    }

    static func string(_ value: Value) throws(Failure) -> String {
        switch value {
        case .string(let text): return text
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .double(let number): return describe(number)
        case .bool(let truth): return truth ? "true" : "false"
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Failure("the bytes are no UTF-8")
            }
            return text
        case .timestamp(let stamp): return stamp.rfc3339
        case .duration(let duration): return duration.decimalSeconds
        default: throw impossible(value, "string")
        }
    }

    private static func describe(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    static func bytes(_ value: Value) throws(Failure) -> [UInt8] {
        switch value {
        case .bytes(let bytes): return bytes
        case .string(let text): return Array(text.utf8)
        default: throw impossible(value, "bytes")
        }
    }

    static func timestamp(_ value: Value) throws(Failure) -> Timestamp {
        switch value {
        case .timestamp(let stamp): return stamp
        case .int(let seconds):
            let stamp = Timestamp(seconds: seconds)
            guard stamp.isInRange else { throw outOfRange(value, "timestamp") }
            return stamp
        case .string(let text):
            guard let stamp = Timestamp.parse(text) else {
                throw Failure("\(Kind.describe(value)) is no timestamp; it looks like '2026-11-21T04:45:00Z'")
            }
            return stamp
        default: throw impossible(value, "timestamp")
        }
    }

    static func duration(_ value: Value) throws(Failure) -> Duration {
        switch value {
        case .duration(let duration): return duration
        case .string(let text):
            guard let duration = Duration.parse(text) else {
                throw Failure("\(Kind.describe(value)) is no duration; it looks like '14d' or '1h30m'")
            }
            return duration
        default: throw impossible(value, "duration")
        }
    }

    /// `+5` is no integer for CEL.
    private static func isPlain(_ text: String) -> Bool { text.utf8.first != UInt8(ascii: "+") }

    private static func outOfRange(_ value: Value, _ kind: String) -> Failure {
        Failure("\(Kind.describe(value)) is out of the range of \(kind)")
    }

    private static func unreadable(_ value: Value, _ kind: String) -> Failure {
        Failure("\(Kind.describe(value)) cannot be read as \(kind)")
    }

    private static func impossible(_ value: Value, _ kind: String) -> Failure {
        Failure("\(kind)() does not take \(Kind.name(of: value))")
    }
}
