// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

extension Parser {
    private mutating func parseArguments(from open: Range<Int>) throws(Diagnostic) -> [Int32] {
        var arguments: [Int32] = []
        while !sees(.rightParen) {
            arguments.append(try parseExpression())
            guard take(.comma) else { break }
            if sees(.rightParen) { throw unexpected(due: "an argument") }
        }
        try close(.rightParen, from: open)
        return arguments
    }

    mutating func parseGlobalCall(_ name: String, _ nameRange: Range<Int>) throws(Diagnostic) -> Int32 {
        let open = token.range
        position += 1
        if name == "has" { return try parseHas(nameRange, open) }
        let arguments = try parseArguments(from: open)
        return try addCall(
            Function.globals[name], CallName(name: name, range: nameRange), arguments,
            nameRange.lowerBound..<lastEnd, isMember: false)
    }

    private mutating func parseHas(_ nameRange: Range<Int>, _ open: Range<Int>) throws(Diagnostic) -> Int32 {
        let arguments = try parseArguments(from: open)
        let range = nameRange.lowerBound..<lastEnd
        guard arguments.count == 1 else {
            throw Diagnostic("'has' takes one field, as in has(a.b)", at: range)
        }
        switch builder.nodes[Int(arguments[0])].kind {
        case .path(let number) where builder.paths[Int(number)].steps.count > 1:
            return try builder.add(.testPath(number), range)
        case .select(let operand, let field):
            return try builder.add(.test(operand, field: field), range, over: [operand])
        default:
            throw Diagnostic(
                "'has' takes a field, as in has(a.b)", at: self.range(of: arguments[0]),
                help: "write what the field is of; for a key of a map there is 'key in map'")
        }
    }

    mutating func parseMemberCall(
        _ receiver: Int32, _ start: Int, _ name: String, _ nameRange: Range<Int>
    ) throws(Diagnostic) -> Int32 {
        let open = token.range
        position += 1
        if let macro = Comprehension.Macro(rawValue: name == "existsOne" ? "exists_one" : name) {
            return try parseMacro(macro, receiver, start, nameRange, open)
        }
        let arguments = try parseArguments(from: open)
        if case .path(let number) = builder.nodes[Int(receiver)].kind,
            builder.paths[Int(number)].description == "optional", let function = Function.optionals[name]
        {
            let called = CallName(name: "optional.\(name)", range: nameRange)
            return try addCall(function, called, arguments, range(from: start), isMember: false)
        }
        return try addCall(
            Function.members[name], CallName(name: name, range: nameRange), [receiver] + arguments,
            range(from: start), isMember: true)
    }

    /// A call whose function or number of arguments does not exist is no error yet: `x.f() || true` is true.
    private mutating func addCall(
        _ function: Function?, _ name: CallName, _ arguments: [Int32], _ range: Range<Int>, isMember: Bool
    ) throws(Diagnostic) -> Int32 {
        let span = builder.span(arguments)
        if let function, function.argumentCount.contains(arguments.count) {
            return try builder.add(.call(function, span), range, over: arguments)
        }
        let kind = Node.Kind.undeclaredCall(builder.name(name.name, name.range), span, isMember: isMember)
        return try builder.add(kind, range, over: arguments)
    }

    // MARK: Macros

    private mutating func parseMacro(
        _ macro: Comprehension.Macro, _ source: Int32, _ start: Int, _ nameRange: Range<Int>, _ open: Range<Int>
    ) throws(Diagnostic) -> Int32 {
        let usage = "write .\(macro.rawValue)(x, …)"
        guard case .identifier(let name) = token.kind, !Self.reserved.contains(name) else {
            throw Diagnostic(
                "the first argument of '\(macro.rawValue)' is a name for the items", at: token.range, help: usage)
        }
        let variable = token.range
        guard tokens[position + 1].kind == .symbol(.comma) else {
            if tokens[position + 1].kind == .symbol(.rightParen) {
                throw Diagnostic(
                    "'\(macro.rawValue)' takes a name and an expression",
                    at: nameRange.lowerBound..<tokens[position + 1].range.upperBound, help: usage)
            }
            throw Diagnostic(
                "the first argument of '\(macro.rawValue)' is a plain name for the items", at: variable, help: usage)
        }
        position += 2

        let slot = locals.count
        locals.append(name)
        builder.slotCount = max(builder.slotCount, locals.count)
        let arguments = try parseArguments(from: open)
        locals.removeLast()

        guard arguments.count == 1 || arguments.count == 2 && macro == .map else {
            throw Diagnostic(
                "'\(macro.rawValue)' takes a name and \(macro == .map ? "one or two expressions" : "one expression")",
                at: nameRange.lowerBound..<lastEnd, help: usage)
        }
        var comprehension = Comprehension(
            macro: macro, name: name, nameRange: variable, source: source, slot: Int32(slot))
        switch macro {
        case .all, .exists, .existsOne, .filter: comprehension.condition = arguments[0]
        case .optMap, .optFlatMap: comprehension.result = arguments[0]
        case .map:
            comprehension.condition = arguments.count == 2 ? arguments[0] : nil
            comprehension.result = arguments.last
        }
        builder.comprehensions.append(comprehension)
        return try builder.add(
            .comprehension(Int32(builder.comprehensions.count - 1)), range(from: start), over: [source] + arguments)
    }
}
