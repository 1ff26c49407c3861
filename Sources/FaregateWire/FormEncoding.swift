// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

/// Parameters as `application/x-www-form-urlencoded`, by the API's rules for nested values.
package enum FormEncoding {
    /// `payment_method_types[0]=card&payment_method_data[type]=card`; null is sent as the empty value.
    package static func encode(_ params: Value) -> String {
        var pairs: [String] = []
        if case .map(let map) = params {
            for (key, value) in map {
                if case .string(let name) = key { append(escape(name), value, to: &pairs) }
            }
        }
        return pairs.joined(separator: "&")
    }

    private static func append(_ name: String, _ value: Value, to pairs: inout [String]) {
        switch value {
        case .map(let map):
            for (key, value) in map {
                if case .string(let inner) = key { append("\(name)[\(escape(inner))]", value, to: &pairs) }
            }
        case .list(let items):
            // An empty list unsets, as an empty text does.
            if items.isEmpty { pairs.append("\(name)=") }
            for (number, item) in items.enumerated() { append("\(name)[\(number)]", item, to: &pairs) }
        case .optional(nil): break
        case .optional(let inner?): append(name, inner, to: &pairs)
        default: pairs.append("\(name)=\(escape(scalar(value)))")
        }
    }

    /// A single value as the API spells it: times in Unix seconds, booleans as words.
    package static func scalar(_ value: Value) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .timestamp(let time): String(time.seconds)
        case .duration(let duration): String(duration.seconds)
        default: JSON.write(value)
        }
    }

    package static func escape(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = Array("0123456789ABCDEF".unicodeScalars)
                escaped += "%"
                escaped.unicodeScalars.append(digits[Int(byte >> 4)])
                escaped.unicodeScalars.append(digits[Int(byte & 15)])
            }
        }
        return escaped
    }
}
