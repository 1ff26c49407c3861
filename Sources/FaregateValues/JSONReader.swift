// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A recursive-descent reader over the bytes of one JSON text.
struct JSONReader {
    let bytes: [UInt8]
    let limits: JSON.Limits
    var position = 0
    private var depth = 0

    init(bytes: [UInt8], limits: JSON.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func readText() throws(JSONError) -> Value {
        skipSpace()
        let value = try readValue()
        skipSpace()
        if position < bytes.count { throw error("there is something after the end of the value") }
        return value
    }

    func error(_ message: String, at offset: Int? = nil) -> JSONError {
        JSONError(offset: offset ?? position, message: message)
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func readValue() throws(JSONError) -> Value {
        switch next {
        case UInt8(ascii: "{"): return try readObject()
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        case (UInt8(ascii: "-"))?, (0x30...0x39)?: return try readNumber()
        case nil: throw error("the text ends where a value is due")
        default: throw error("a value is due here")
        }
    }

    private mutating func readWord(_ word: String, _ value: Value) throws(JSONError) -> Value {
        guard bytes[position...].starts(with: word.utf8) else { throw error("a value is due here") }
        position += word.utf8.count
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        if depth > limits.depth { throw error("more than \(limits.depth) levels of arrays and objects") }
        position += 1
        skipSpace()
    }

    private mutating func readArray() throws(JSONError) -> Value {
        try enter()
        defer { depth -= 1 }
        var items: [Value] = []
        if next == UInt8(ascii: "]") {
            position += 1
            return .list(items)
        }
        while true {
            items.append(try readValue())
            skipSpace()
            switch next {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return .list(items)
            case nil: throw error("the text ends within an array")
            default: throw error("',' or ']' is due here")
            }
            skipSpace()
        }
    }

    private mutating func readObject() throws(JSONError) -> Value {
        try enter()
        defer { depth -= 1 }
        var map = ValueMap()
        if next == UInt8(ascii: "}") {
            position += 1
            return .map(map)
        }
        while true {
            let start = position
            guard next == UInt8(ascii: "\"") else {
                throw error(next == nil ? "the text ends within an object" : "a key in double quotes is due here")
            }
            let key = try readString()
            if map[key] != nil { throw error("the key \"\(key)\" occurs twice", at: start) }
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw error("':' is due here") }
            position += 1
            skipSpace()
            map[key] = try readValue()
            skipSpace()
            switch next {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return .map(map)
            case nil: throw error("the text ends within an object")
            default: throw error("',' or '}' is due here")
            }
            skipSpace()
        }
    }

    private mutating func readNumber() throws(JSONError) -> Value {
        let start = position
        var isWhole = true
        if next == UInt8(ascii: "-") { position += 1 }
        let first = position
        guard skipDigits() > 0 else { throw error("a digit is due here") }
        if bytes[first] == UInt8(ascii: "0") && position - first > 1 {
            throw error("a number has no leading zeros", at: first)
        }
        if next == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            guard skipDigits() > 0 else { throw error("a digit is due here") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard skipDigits() > 0 else { throw error("a digit is due here") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        // -0 is a double: an integer has no sign on its zero.
        if isWhole, text != "-0", let whole = Int64(text) { return .int(whole) }
        guard let number = Double(text), number.isFinite else {
            throw error("the number is too large for 64 bits", at: start)
        }
        return .double(number)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = next, byte >= 0x30, byte <= 0x39 { position += 1 }
        return position - start
    }
}
