// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// One word of an expression.
struct Token: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case identifier(String)
        /// A field's name in backquotes.
        case quoted(String)
        /// The digits without a sign: the lowest integer is the negative of a number that is none.
        case int(UInt64)
        case uint(UInt64)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case symbol(Symbol)
        case end
    }

    enum Symbol: String, Sendable, CaseIterable {
        case leftParen = "("
        case rightParen = ")"
        case leftBracket = "["
        case rightBracket = "]"
        case leftBrace = "{"
        case rightBrace = "}"
        case dot = "."
        case comma = ","
        case colon = ":"
        case question = "?"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case slash = "/"
        case percent = "%"
        case not = "!"
        case and = "&&"
        case or = "||"
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessEqual = "<="
        case greater = ">"
        case greaterEqual = ">="
    }

    var kind: Kind
    var range: Range<Int>

    /// As a message names it.
    var description: String {
        switch kind {
        case .identifier(let name): "'\(name)'"
        case .quoted(let name): "'`\(name)`'"
        case .int(let number): "the number \(number)"
        case .uint(let number): "the number \(number)u"
        case .double(let number): "the number \(number)"
        case .string: "a string"
        case .bytes: "bytes"
        case .symbol(let symbol): "'\(symbol.rawValue)'"
        case .end: "the end of the expression"
        }
    }

    /// Whether an operand may begin with it.
    var beginsOperand: Bool {
        switch kind {
        case .identifier(let name): name != "in"
        case .quoted, .int, .uint, .double, .string, .bytes: true
        case .symbol(let symbol):
            [.leftParen, .leftBracket, .leftBrace, .not, .minus].contains(symbol)
        case .end: false
        }
    }
}
