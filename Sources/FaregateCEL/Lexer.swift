// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Cuts the text of an expression into tokens.
struct Lexer {
    let text: [Unicode.Scalar]
    var position = 0

    init(_ text: [Unicode.Scalar]) { self.text = text }

    static func tokens(of text: [Unicode.Scalar]) throws(Diagnostic) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        position + offset < text.count ? text[position + offset] : nil
    }

    private mutating func next() throws(Diagnostic) -> Token {
        skipSpaceAndComments()
        let start = position
        guard let scalar = peek() else { return Token(kind: .end, range: start..<start) }
        let kind: Token.Kind
        switch scalar {
        case "0"..."9": kind = try readNumber()
        case "." where peek(1)?.isDigit == true: kind = try readNumber()
        case "\"", "'": kind = try readString(prefixLength: 0)
        case "`": kind = try readQuotedName()
        case _ where scalar.beginsName: kind = try readNameOrString()
        default: kind = .symbol(try readSymbol(scalar))
        }
        return Token(kind: kind, range: start..<position)
    }

    private mutating func skipSpaceAndComments() {
        while let scalar = peek() {
            if scalar == "/" && peek(1) == "/" {
                while let scalar = peek(), scalar != "\n" { position += 1 }
            } else if scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" || scalar == "\u{C}" {
                position += 1
            } else {
                return
            }
        }
    }

    private mutating func readNameOrString() throws(Diagnostic) -> Token.Kind {
        // r'…', b"…", rb'…' and all their spellings.
        var prefix = 0
        while prefix < 2, let scalar = peek(prefix), "rRbB".unicodeScalars.contains(scalar) { prefix += 1 }
        if prefix > 0, let quote = peek(prefix), quote == "'" || quote == "\"" {
            let letters = text[position..<position + prefix].map { $0 == "r" || $0 == "R" }
            if prefix == 1 || letters[0] != letters[1] { return try readString(prefixLength: prefix) }
        }
        let start = position
        while let scalar = peek(), scalar.continuesName { position += 1 }
        return .identifier(String(text[start..<position]))
    }

    private mutating func readQuotedName() throws(Diagnostic) -> Token.Kind {
        let start = position
        position += 1
        while let scalar = peek(), scalar != "`" {
            guard scalar.continuesName || "./- ".unicodeScalars.contains(scalar) else {
                throw Diagnostic(
                    "a field in backquotes has letters, digits, '_', '.', '-', '/' and blanks only",
                    at: position..<position + 1, help: "write ['…'] for this field")
            }
            position += 1
        }
        guard peek() == "`" else { throw Diagnostic("the backquote is not closed", at: start..<position) }
        position += 1
        guard position - start > 2 else { throw Diagnostic("there is no name in the backquotes", at: start..<position) }
        return .quoted(String(text[(start + 1)..<(position - 1)]))
    }

    private mutating func readSymbol(_ scalar: Unicode.Scalar) throws(Diagnostic) -> Token.Symbol {
        let second = peek(1)
        let here = position..<position + 1
        let two = String(String.UnicodeScalarView([scalar] + (second.map { [$0] } ?? [])))
        if two == "==" && peek(2) == "=" || two == "!=" && peek(2) == "=" {
            throw Diagnostic("there is no '\(two)='", at: position..<position + 3, help: "use '\(two)'")
        }
        if two == "<>" { throw Diagnostic("there is no '<>'", at: position..<position + 2, help: "use '!='") }
        if let symbol = Token.Symbol(rawValue: two), two.unicodeScalars.count == 2 {
            position += 2
            return symbol
        }
        if let symbol = Token.Symbol(rawValue: String(scalar)) {
            position += 1
            return symbol
        }
        switch scalar {
        case "=": throw Diagnostic("'=' does not compare", at: here, help: "use '=='")
        case "&": throw Diagnostic("there is no '&'", at: here, help: "use '&&'")
        case "|": throw Diagnostic("there is no '|'", at: here, help: "use '||'")
        case ";": throw Diagnostic("an expression has no ';'", at: here, help: "take it out")
        case "$":
            throw Diagnostic(
                "'$' is not part of an expression", at: here, help: "write the name without '$'")
        case "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}":
            throw Diagnostic("a typographic quote does not begin a string", at: here, help: "use ' or \"")
        case "≤": throw Diagnostic("there is no '≤'", at: here, help: "use '<='")
        case "≥": throw Diagnostic("there is no '≥'", at: here, help: "use '>='")
        case "≠": throw Diagnostic("there is no '≠'", at: here, help: "use '!='")
        default: throw Diagnostic("'\(scalar)' is not part of an expression", at: here)
        }
    }
}

extension Unicode.Scalar {
    var isDigit: Bool { self >= "0" && self <= "9" }

    var beginsName: Bool { self >= "a" && self <= "z" || self >= "A" && self <= "Z" || self == "_" }

    var continuesName: Bool { beginsName || isDigit }

    var hexValue: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x61 + 10
        case "A"..."F": value - 0x41 + 10
        default: nil
        }
    }
}

extension String {
    init(_ scalars: ArraySlice<Unicode.Scalar>) { self.init(String.UnicodeScalarView(scalars)) }
}
