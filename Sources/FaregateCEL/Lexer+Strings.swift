// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Lexer {
    /// Reads a string or bytes literal whose prefix (`r`, `b`, both) has so many letters.
    mutating func readString(prefixLength: Int) throws(Diagnostic) -> Token.Kind {
        let start = position
        let prefix = text[position..<position + prefixLength]
        let isRaw = prefix.contains { $0 == "r" || $0 == "R" }
        let isBytes = prefix.contains { $0 == "b" || $0 == "B" }
        position += prefixLength
        let quote = text[position]
        let isTriple = peek(1) == quote && peek(2) == quote
        position += isTriple ? 3 : 1

        var literal = Literal(isBytes: isBytes)
        while true {
            guard let scalar = peek(), isTriple || scalar != "\n" && scalar != "\r" else {
                throw Diagnostic(
                    "the string is not closed", at: start..<position,
                    help: "end it with \(String(repeating: String(quote), count: isTriple ? 3 : 1))")
            }
            if scalar == quote && (!isTriple || peek(1) == quote && peek(2) == quote) {
                position += isTriple ? 3 : 1
                return literal.kind
            }
            if scalar == "\\" && !isRaw {
                try readEscape(into: &literal)
            } else {
                position += 1
                literal.append(scalar)
            }
        }
    }

    /// What was read of a literal so far: text or bytes.
    private struct Literal {
        let isBytes: Bool
        var scalars = String.UnicodeScalarView()
        var bytes: [UInt8] = []

        init(isBytes: Bool) { self.isBytes = isBytes }

        var kind: Token.Kind { isBytes ? .bytes(bytes) : .string(String(scalars)) }

        mutating func append(_ scalar: Unicode.Scalar) {
            if isBytes { bytes.append(contentsOf: UTF8.encode(scalar)!) } else { scalars.append(scalar) }
        }

        /// `\377` is one byte in bytes and one code point in text.
        mutating func append(code: UInt32) -> Bool {
            if isBytes {
                guard code < 256 else { return false }
                bytes.append(UInt8(code))
                return true
            }
            guard let scalar = Unicode.Scalar(code) else { return false }
            scalars.append(scalar)
            return true
        }
    }

    private mutating func readEscape(into literal: inout Literal) throws(Diagnostic) {
        let start = position
        position += 1
        guard let kind = peek() else { throw Diagnostic("the string is not closed", at: start..<position) }
        position += 1
        switch kind {
        case "\\", "?", "\"", "'", "`": literal.append(kind)
        case "a": literal.append("\u{7}")
        case "b": literal.append("\u{8}")
        case "f": literal.append("\u{C}")
        case "n": literal.append("\n")
        case "r": literal.append("\r")
        case "t": literal.append("\t")
        case "v": literal.append("\u{B}")
        case "x", "X": try readCode(digits: 2, radix: 16, from: start, into: &literal)
        case "0"..."3":
            position -= 1
            try readCode(digits: 3, radix: 8, from: start, into: &literal)
        case "u" where !literal.isBytes: try readCode(digits: 4, radix: 16, from: start, into: &literal)
        case "U" where !literal.isBytes: try readCode(digits: 8, radix: 16, from: start, into: &literal)
        case "u", "U":
            throw Diagnostic("bytes have no '\\\(kind)'", at: start..<position, help: "use '\\x' and two digits")
        default:
            throw Diagnostic(
                "there is no '\\\(kind)' in a string", at: start..<position,
                help: "write '\\\\\(kind)', or r'…' for a string without escapes")
        }
    }

    private mutating func readCode(
        digits: Int, radix: UInt32, from start: Int, into literal: inout Literal
    ) throws(Diagnostic) {
        var code: UInt32 = 0
        for _ in 0..<digits {
            guard let value = peek()?.hexValue, value < radix else {
                let name = radix == 8 ? "octal" : "hexadecimal"
                throw Diagnostic("\(digits) \(name) digits are due here", at: start..<position)
            }
            code = code &* radix &+ value
            position += 1
        }
        guard literal.append(code: code) else {
            throw Diagnostic("there is no such character", at: start..<position)
        }
    }
}
