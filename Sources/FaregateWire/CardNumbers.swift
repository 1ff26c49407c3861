// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Finds card numbers in texts: 13 to 19 digits by themselves, in groups or not, the last one the check digit.
enum CardNumbers {
    static func redact(_ text: String) -> String {
        var run = 0
        // Cheap for the many texts without: too few digits.
        guard
            text.utf8.contains(where: { byte in
                run += isDigit(byte) ? 1 : 0
                return run >= 13
            })
        else { return text }
        let bytes = Array(text.utf8)
        var clean: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if isDigit(bytes[at]), clean.last.map(isPartOfWord) != true, let end = end(of: bytes, from: at) {
                clean += Redaction.mark.utf8
                at = end
            } else {
                clean.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: clean, as: UTF8.self)
    }

    /// Where the card number that begins here ends; nil where none begins.
    private static func end(of bytes: [UInt8], from start: Int) -> Int? {
        var digits: [Int] = []
        var at = start
        while at < bytes.count {
            if isDigit(bytes[at]) {
                digits.append(Int(bytes[at] - UInt8(ascii: "0")))
                at += 1
            } else if at + 1 < bytes.count, isGap(bytes[at]), isDigit(bytes[at + 1]) {
                at += 1
            } else {
                break
            }
        }
        if at < bytes.count, isPartOfWord(bytes[at]) { return nil }
        return (13...19).contains(digits.count) && isChecked(digits) ? at : nil
    }

    /// The check digit of card numbers (Luhn).
    private static func isChecked(_ digits: [Int]) -> Bool {
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let twice = item.element * 2
            return sum + (item.offset % 2 == 0 ? item.element : twice > 9 ? twice - 9 : twice)
        }
        return sum % 10 == 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isGap(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
