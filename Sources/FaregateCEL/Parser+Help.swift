// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Parser {
    /// The present token has no place here.
    func unexpected(due: String? = nil) -> Diagnostic {
        // `not a`: what is wrong is the word, not what follows it.
        if due == nil, position > 0, case .identifier(let name) = tokens[position - 1].kind, token.beginsOperand,
            let help = Self.operatorHelp(name)
        {
            return Diagnostic("'\(name)' is no operator", at: tokens[position - 1].range, help: help)
        }
        let what = token.kind == .end ? "the expression ends too early" : "\(token.description) has no place here"
        let message = due.map { "\(what): \($0) is due" } ?? what
        return Diagnostic(message, at: token.range, help: help)
    }

    /// What people mean who write this.
    private var help: String? {
        let previous = position > 0 ? tokens[position - 1] : nil
        if case .identifier(let name) = token.kind, let help = Self.operatorHelp(name) { return help }
        if case .identifier(let name)? = previous?.kind, token.beginsOperand {
            if case .identifier = token.kind { return "put an operator between '\(name)' and \(token.description)" }
        }
        if case .symbol(.equal) = token.kind { return "put what is compared before '=='" }
        return nil
    }

    static func operatorHelp(_ name: String) -> String? {
        switch name {
        case "and", "AND": "use '&&'"
        case "or", "OR": "use '||'"
        case "not", "NOT": "use '!'"
        case "is", "eq", "equals": "use '=='"
        case "ne", "neq": "use '!='"
        case "lt": "use '<'"
        case "gt": "use '>'"
        case "le", "lte": "use '<='"
        case "ge", "gte": "use '>='"
        case "mod": "use '%'"
        case "if", "then", "else": "write condition ? a : b"
        default: nil
        }
    }
}
