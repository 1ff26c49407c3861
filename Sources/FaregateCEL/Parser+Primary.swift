// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

extension Parser {
    /// An operand with the fields, calls and indices behind it.
    mutating func parsePostfix(isNegative: Bool) throws(Diagnostic) -> Int32 {
        let start = isNegative ? tokens[position - 1].range.lowerBound : token.range.lowerBound
        var node = try parsePrimary(isNegative: isNegative)
        while true {
            if take(.dot) {
                node = take(.question) ? try parseOptionalSelect(node, start) : try parseMember(node, start)
            } else if sees(.leftBracket) {
                node = try parseIndex(node, start)
            } else if sees(.leftBrace), case .path = builder.nodes[Int(node)].kind {
                throw messageConstruction(node)
            } else {
                return node
            }
        }
    }

    private func messageConstruction(_ node: Int32) -> Diagnostic {
        Diagnostic(
            "an expression cannot make objects of a named type", at: range(of: node),
            help: "write a map: {'field': value}")
    }

    private mutating func parseFieldName() throws(Diagnostic) -> String {
        switch token.kind {
        case .identifier(let name), .quoted(let name):
            position += 1
            return name
        default: throw unexpected(due: "a field's name")
        }
    }

    private mutating func parseMember(_ receiver: Int32, _ start: Int) throws(Diagnostic) -> Int32 {
        let nameToken = token
        let name = try parseFieldName()
        if sees(.leftParen), case .identifier = nameToken.kind {
            return try parseMemberCall(receiver, start, name, nameToken.range)
        }
        if case .path(let number) = builder.nodes[Int(receiver)].kind {
            builder.paths[Int(number)].append(Path.Step(name: name, range: nameToken.range))
            builder.nodes[Int(receiver)].end = Int32(lastEnd)
            return typeName(receiver, builder.paths[Int(number)])
        }
        let field = builder.constant(.string(name))
        return try builder.add(.select(receiver, field: field), range(from: start), over: [receiver])
    }

    private mutating func parseOptionalSelect(_ receiver: Int32, _ start: Int) throws(Diagnostic) -> Int32 {
        let field = builder.constant(.string(try parseFieldName()))
        return try builder.add(.optionalSelect(receiver, field: field), range(from: start), over: [receiver])
    }

    private mutating func parseIndex(_ receiver: Int32, _ start: Int) throws(Diagnostic) -> Int32 {
        let open = token.range
        position += 1
        let isOptional = take(.question)
        let key = try parseExpression()
        try close(.rightBracket, from: open)
        let kind: Node.Kind = isOptional ? .optionalIndex(receiver, key: key) : .index(receiver, key: key)
        return try builder.add(kind, range(from: start), over: [receiver, key])
    }

    // MARK: Primaries

    /// What recurs stands apart from what does not, so that the frames of the recursion are small.
    private mutating func parsePrimary(isNegative: Bool) throws(Diagnostic) -> Int32 {
        switch token.kind {
        case .symbol(.leftParen): return try parseGroup()
        case .symbol(.leftBracket): return try parseList()
        case .symbol(.leftBrace): return try parseMap()
        case .symbol(.dot):
            position += 1
            return try parseName(isAbsolute: true)
        case .identifier: return try parseNameOrWord()
        default: return try parseLiteral(isNegative: isNegative)
        }
    }

    private mutating func parseGroup() throws(Diagnostic) -> Int32 {
        let open = token.range
        position += 1
        let inner = try parseExpression()
        try close(.rightParen, from: open)
        return inner
    }

    private mutating func parseNameOrWord() throws(Diagnostic) -> Int32 {
        switch token.kind {
        case .identifier("true"): return try parseLiteral(.bool(true), token.range)
        case .identifier("false"): return try parseLiteral(.bool(false), token.range)
        case .identifier("null"): return try parseLiteral(.null, token.range)
        default: return try parseName(isAbsolute: false)
        }
    }

    private mutating func parseLiteral(isNegative: Bool) throws(Diagnostic) -> Int32 {
        let start = isNegative ? tokens[position - 1].range.lowerBound : token.range.lowerBound
        let range = start..<token.range.upperBound
        switch token.kind {
        case .int(let magnitude): return try parseInteger(magnitude, isNegative: isNegative, range)
        case .uint(let number): return try parseLiteral(.uint(number), range)
        case .double(let number): return try parseLiteral(.double(isNegative ? -number : number), range)
        case .string(let text): return try parseLiteral(.string(text), range)
        case .bytes(let bytes): return try parseLiteral(.bytes(bytes), range)
        case .quoted: throw Diagnostic("backquotes are for fields only, behind a '.'", at: range)
        default: throw unexpected(due: "an operand")
        }
    }

    private mutating func parseInteger(
        _ magnitude: UInt64, isNegative: Bool, _ range: Range<Int>
    ) throws(Diagnostic) -> Int32 {
        guard isNegative || magnitude < 1 << 63 else {
            throw Diagnostic("this integer does not fit in 64 bits", at: range)
        }
        return try parseLiteral(.int(Int64(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude)), range)
    }

    private mutating func parseLiteral(_ value: Value, _ range: Range<Int>) throws(Diagnostic) -> Int32 {
        position += 1
        return try builder.add(.constant(builder.constant(value)), range)
    }

    private mutating func parseName(isAbsolute: Bool) throws(Diagnostic) -> Int32 {
        let range = token.range
        let name = try takeName()
        if sees(.leftParen) { return try parseGlobalCall(name, range) }
        return try addVariable(name, range, isAbsolute: isAbsolute)
    }

    private mutating func takeName() throws(Diagnostic) -> String {
        guard case .identifier(let name) = token.kind else { throw unexpected(due: "a name") }
        if name == "in" { throw unexpected(due: "an operand") }
        if Self.reserved.contains(name) {
            throw Diagnostic(
                "'\(name)' is a reserved word", at: token.range,
                help: Self.operatorHelp(name) ?? "choose another name")
        }
        position += 1
        return name
    }

    private mutating func addVariable(
        _ name: String, _ range: Range<Int>, isAbsolute: Bool
    ) throws(Diagnostic) -> Int32 {
        if !isAbsolute, let slot = locals.lastIndex(of: name) {
            return try builder.add(.local(Int32(slot)), range)
        }
        let path = Path(Path.Step(name: name, range: range))
        builder.paths.append(path)
        let node = try builder.add(.path(Int32(builder.paths.count - 1)), range)
        return typeName(node, path)
    }

    /// Turns a path that names a type into that type.
    private mutating func typeName(_ node: Int32, _ path: Path) -> Int32 {
        if TypeName.all.contains(path.description) {
            builder.nodes[Int(node)].kind = .constant(builder.constant(.type(path.description)))
        }
        return node
    }

    private mutating func parseList() throws(Diagnostic) -> Int32 {
        let open = token.range
        position += 1
        var items: [Int32] = []
        while !sees(.rightBracket) {
            let start = token.range.lowerBound
            let isOptional = take(.question)
            var item = try parseExpression()
            if isOptional { item = try builder.add(.optionalEntry(item), start..<lastEnd, over: [item]) }
            items.append(item)
            guard take(.comma) else { break }
        }
        try close(.rightBracket, from: open)
        return try builder.add(.list(builder.span(items)), open.lowerBound..<lastEnd, over: items)
    }

    private mutating func parseMap() throws(Diagnostic) -> Int32 {
        let open = token.range
        position += 1
        var entries: [Int32] = []
        while !sees(.rightBrace) {
            let start = token.range.lowerBound
            let isOptional = take(.question)
            var key = try parseExpression()
            if isOptional { key = try builder.add(.optionalEntry(key), start..<lastEnd, over: [key]) }
            guard take(.colon) else { throw unexpected(due: "':'") }
            entries += [key, try parseExpression()]
            guard take(.comma) else { break }
        }
        try close(.rightBrace, from: open)
        return try builder.add(.map(builder.span(entries)), open.lowerBound..<lastEnd, over: entries)
    }
}

/// The types that an expression can name.
enum TypeName {
    static let timestamp = "google.protobuf.Timestamp"
    static let duration = "google.protobuf.Duration"
    static let optional = "optional_type"

    static let all: Set<String> = [
        "bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint", timestamp, duration,
        optional,
    ]
}
