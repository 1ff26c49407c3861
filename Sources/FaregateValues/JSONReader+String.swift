// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// Reads a string literal, from its quote on.
    mutating func readString() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        while true {
            let start = position
            while let byte = next, byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                position += 1
            }
            text.append(contentsOf: bytes[start..<position])
            guard let byte = next else { throw error("the text ends within a string") }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try readEscape(into: &text)
            case 0..<0x20: throw error("a control character in a string must be escaped")
            default:
                let length = try scalarLength()
                text.append(contentsOf: bytes[position..<position + length])
                position += length
            }
        }
    }

    /// The number of bytes of the well-formed UTF-8 sequence that begins here with a byte of 0x80 or more.
    private func scalarLength() throws(JSONError) -> Int {
        let lead = bytes[position]
        let (count, second): (Int, ClosedRange<UInt8>)
        switch lead {
        case 0xC2...0xDF: (count, second) = (2, 0x80...0xBF)
        case 0xE0: (count, second) = (3, 0xA0...0xBF)
        case 0xED: (count, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (count, second) = (3, 0x80...0xBF)
        case 0xF0: (count, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (count, second) = (4, 0x80...0xBF)
        case 0xF4: (count, second) = (4, 0x80...0x8F)
        default: throw error("this byte is no UTF-8")
        }
        guard position + count <= bytes.count, second.contains(bytes[position + 1]),
            bytes[(position + 2)..<(position + count)].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { throw error("these bytes are no UTF-8") }
        return count
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        guard let kind = next else { throw error("the text ends within a string") }
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let unit = try readHex()
            var number = UInt32(unit)
            if unit & 0xFC00 == 0xD800 {
                guard next == UInt8(ascii: "\\"), position + 1 < bytes.count,
                    bytes[position + 1] == UInt8(ascii: "u")
                else { throw error("half of a surrogate pair", at: start) }
                position += 2
                let low = try readHex()
                guard low & 0xFC00 == 0xDC00 else { throw error("half of a surrogate pair", at: start) }
                number = 0x10000 + (UInt32(unit & 0x3FF) << 10) + UInt32(low & 0x3FF)
            }
            guard let scalar = Unicode.Scalar(number) else { throw error("half of a surrogate pair", at: start) }
            text.append(contentsOf: UTF8.encode(scalar)!)
        default: throw error("there is no such escape", at: start)
        }
    }

    private mutating func readHex() throws(JSONError) -> UInt16 {
        var number: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = HexDigit.value(of: byte) else {
                throw error("a hexadecimal digit is due here")
            }
            position += 1
            number = number << 4 | UInt16(digit)
        }
        return number
    }
}

enum HexDigit {
    static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
