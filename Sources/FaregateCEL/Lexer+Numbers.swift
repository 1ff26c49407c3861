// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Lexer {
    /// Reads a number without a sign.
    mutating func readNumber() throws(Diagnostic) -> Token.Kind {
        let start = position
        if peek() == "0", peek(1) == "x" || peek(1) == "X" { return try readHex() }
        var isDouble = false
        skipDigits()
        if peek() == ".", peek(1)?.isDigit == true {
            isDouble = true
            position += 1
            skipDigits()
        }
        if peek() == "e" || peek() == "E" {
            let sign = peek(1) == "+" || peek(1) == "-" ? 1 : 0
            if peek(1 + sign)?.isDigit == true {
                isDouble = true
                position += 1 + sign
                skipDigits()
            }
        }
        let digits = String(text[start..<position])
        if isDouble {
            try requireEnd(from: start)
            let readable = digits.hasPrefix(".") ? "0" + digits : digits
            guard let number = Double(readable) else {
                throw Diagnostic("this is no number", at: start..<position)
            }
            return .double(number)
        }
        return try finishInteger(UInt64(digits), from: start)
    }

    private mutating func readHex() throws(Diagnostic) -> Token.Kind {
        let start = position
        position += 2
        let first = position
        while peek()?.hexValue != nil { position += 1 }
        guard position > first else {
            throw Diagnostic("hexadecimal digits are due behind '0x'", at: start..<position)
        }
        return try finishInteger(UInt64(String(text[first..<position]), radix: 16), from: start)
    }

    private mutating func finishInteger(_ number: UInt64?, from start: Int) throws(Diagnostic) -> Token.Kind {
        let isUnsigned = peek() == "u" || peek() == "U"
        if isUnsigned { position += 1 }
        try requireEnd(from: start)
        guard let number, isUnsigned || number <= 1 << 63 else {
            throw Diagnostic("this integer does not fit in 64 bits", at: start..<position)
        }
        return isUnsigned ? .uint(number) : .int(number)
    }

    private mutating func skipDigits() {
        while peek()?.isDigit == true { position += 1 }
    }

    private mutating func requireEnd(from start: Int) throws(Diagnostic) {
        guard peek()?.continuesName == true else { return }
        while peek()?.continuesName == true { position += 1 }
        let written = String(text[start..<position])
        throw Diagnostic(
            "'\(written)' is neither a number nor a name", at: start..<position,
            help: Self.durationHelp(written))
    }

    /// `14d` is what people write for a duration.
    private static func durationHelp(_ written: String) -> String? {
        guard let unit = written.unicodeScalars.last, "smhdw".unicodeScalars.contains(unit) else { return nil }
        return written.dropLast().allSatisfy(\.isNumber) ? "write duration('\(written)')" : nil
    }
}
