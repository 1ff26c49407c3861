// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Recursive descent over the tokens, straight into nodes.
struct Parser {
    let tokens: [Token]
    var position = 0
    var builder: CodeBuilder
    /// The variables of the macros around, the innermost last.
    var locals: [String] = []
    var depth = 0

    init(tokens: [Token], nesting: Int) {
        self.tokens = tokens
        builder = CodeBuilder(nesting: nesting)
    }

    /// The words that stand for more than a name.
    static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while", "in", "true", "false", "null",
    ]

    var token: Token { tokens[position] }

    mutating func parseProgram() throws(Diagnostic) -> Int32 {
        if token.kind == .end { throw Diagnostic("there is no expression", at: 0..<0) }
        let root = try parseExpression()
        guard token.kind == .end else { throw unexpected() }
        return root
    }

    // MARK: Tokens

    func sees(_ symbol: Token.Symbol) -> Bool { token.kind == .symbol(symbol) }

    mutating func take(_ symbol: Token.Symbol) -> Bool {
        guard sees(symbol) else { return false }
        position += 1
        return true
    }

    /// Takes a closing symbol, or says what it would have closed.
    mutating func close(_ symbol: Token.Symbol, from open: Range<Int>) throws(Diagnostic) {
        guard !take(symbol) else { return }
        if token.kind == .end {
            throw Diagnostic("'\(symbol.rawValue)' is missing", at: open, help: "close what opens here")
        }
        throw unexpected(due: "'\(symbol.rawValue)'")
    }

    /// The end of what was taken last.
    var lastEnd: Int { position > 0 ? tokens[position - 1].range.upperBound : 0 }

    func range(of node: Int32) -> Range<Int> { builder.nodes[Int(node)].range }

    /// From a place to the end of what was taken last: parentheses belong to what is around them.
    func range(from start: Int) -> Range<Int> { start..<lastEnd }
}

extension Token {
    var isNumber: Bool {
        switch kind {
        case .int, .double: true
        default: false
        }
    }
}
