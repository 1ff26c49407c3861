// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What a plain scalar is by the core schema of YAML 1.2; all other scalars are strings.
package enum YAMLCore: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
}

extension YAMLCore {
    /// Why a plain scalar has no value of its own type.
    enum Unresolved: Error { case intTooLarge, doubleTooLarge }

    /// `NO`, `yes`, `on`, `1_000` and `2019-02-11` are strings.
    static func resolve(plain text: String) throws(Unresolved) -> YAMLCore {
        // Most are names, which need no closer look.
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "~"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            break
        case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"),
            UInt8(ascii: "F"):
            guard text.utf8.count <= 5 else { return .string(text) }
        default: return .string(text)
        }
        switch text {
        case "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": return .double(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .double(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .double(-.infinity)
        default: break
        }
        let bytes = Array(text.utf8)
        if bytes.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "o")]) {
            return try based(bytes.dropFirst(2), radix: 8) ?? .string(text)
        }
        if bytes.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) {
            return try based(bytes.dropFirst(2), radix: 16) ?? .string(text)
        }
        return try decimal(text, bytes) ?? .string(text)
    }

    private static func based(_ digits: ArraySlice<UInt8>, radix: Int) throws(Unresolved) -> YAMLCore? {
        let isDigit: (UInt8) -> Bool = { Character(Unicode.Scalar($0)).hexDigitValue.map { $0 < radix } ?? false }
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        guard let value = Int64(String(decoding: digits, as: UTF8.self), radix: radix) else { throw .intTooLarge }
        return .int(value)
    }

    private static func decimal(_ text: String, _ bytes: [UInt8]) throws(Unresolved) -> YAMLCore? {
        var rest = bytes[...]
        if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
        let whole = dropDigits(&rest)
        if whole > 0, rest.isEmpty {
            guard let value = Int64(text) else { throw .intTooLarge }
            return .int(value)
        }
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = dropDigits(&rest)
        }
        guard whole + fraction > 0 else { return nil }
        if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            rest.removeFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
            guard dropDigits(&rest) > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(text) else { return nil }
        guard value.isFinite else { throw .doubleTooLarge }
        return .double(value)
    }

    private static func dropDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
        let before = rest.count
        rest = rest.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return before - rest.count
    }
}
