// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Deduces the types of an expression's parts, and collects what cannot work.
struct Checker {
    let code: Code
    let environment: TypeEnvironment
    var unifier = Unifier()
    /// The types of the macros' variables, by slot.
    var locals: [CELType]
    var diagnostics: [Diagnostic] = []

    init(_ code: Code, _ environment: TypeEnvironment) {
        self.code = code
        self.environment = environment
        locals = Array(repeating: .dyn, count: code.slotCount)
    }

    mutating func run() -> CELType { unifier.close(check(code.root)) }

    func range(of node: Int32) -> Range<Int> { code.nodes[Int(node)].range }

    /// Notes what is wrong; the type of it is no further matter.
    mutating func report(_ message: String, _ range: Range<Int>, help: String? = nil) -> CELType {
        diagnostics.append(Diagnostic(message, at: range, help: help))
        return .error
    }

    mutating func check(_ node: Int32) -> CELType {
        switch code.nodes[Int(node)].kind {
        case .constant(let number): return Self.type(of: code.constants[Int(number)])
        case .path(let number): return checkPath(code.paths[Int(number)])
        case .testPath(let number): return checkTest(code.paths[Int(number)])
        case .local(let slot): return locals[Int(slot)]
        case .select(let operand, let field):
            return member(check(operand), fieldName(field), fieldRange(node, field), of: code.text(of: operand))
        case .test(let operand, let field):
            let type = check(operand)
            let found = member(type, fieldName(field), fieldRange(node, field), of: code.text(of: operand))
            return found == .error ? .error : .bool
        case .optionalSelect(let operand, let field):
            let type = check(operand)
            let found = member(type, fieldName(field), fieldRange(node, field), of: code.text(of: operand))
            return asOptional(found)
        case .index(let operand, let key): return checkIndex(operand, key)
        case .optionalIndex(let operand, let key): return asOptional(checkIndex(operand, key))
        case .list(let span): return checkList(span)
        case .map(let span): return checkMap(span)
        case .optionalEntry(let operand): return checkEntry(operand)
        case .and(let span): return checkConnection(span, "&&")
        case .or(let span): return checkConnection(span, "||")
        case .not(let operand):
            require(.bool, check(operand), operand, "'!' needs bool")
            return .bool
        case .conditional(let span): return checkConditional(span)
        case .call(let function, let span): return checkCall(function, span, node)
        case .undeclaredCall(let name, let span, let isMember):
            return checkUndeclared(code.names[Int(name)], span, isMember: isMember)
        case .matchesConstant: return .bool
        case .comprehension(let number): return checkMacro(code.comprehensions[Int(number)])
        }
    }

    private static func type(of value: Value) -> CELType {
        switch value {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .type(let name): .type(named[name] ?? .dyn)
        default: .dyn
        }
    }

    private static let named: [String: CELType] = [
        "bool": .bool, "bytes": .bytes, "double": .double, "int": .int, "null_type": .null, "string": .string,
        "uint": .uint, "list": .list(.dyn), "map": .map(.dyn, .dyn), "type": .type(.dyn),
        TypeName.timestamp: .timestamp, TypeName.duration: .duration, TypeName.optional: .optional(.dyn),
    ]

    /// Notes it where an operand's type is not the one that is needed.
    mutating func require(_ wanted: CELType, _ type: CELType, _ node: Int32, _ message: String) {
        guard !unifier.unify(wanted, type) else { return }
        var help: String?
        switch (wanted, unifier.resolve(type)) {
        case (.bool, .int), (.bool, .uint): help = "compare it: … != 0"
        case (.bool, .string): help = "compare it: … != ''"
        case (.bool, .optional): help = "ask for .hasValue()"
        case (.bool, .record), (.bool, .map): help = "compare a field of it, or ask for has(…)"
        default: break
        }
        _ = report("\(message), not \(unifier.close(type))", range(of: node), help: help)
    }

    // MARK: Logic

    private mutating func checkConnection(_ span: Node.Span, _ spelling: String) -> CELType {
        for position in span.range {
            let operand = code.children[position]
            require(.bool, check(operand), operand, "'\(spelling)' needs bool")
        }
        return .bool
    }

    private mutating func checkConditional(_ span: Node.Span) -> CELType {
        let (condition, first, second) = (
            code.children[Int(span.first)], code.children[Int(span.first) + 1], code.children[Int(span.first) + 2]
        )
        require(.bool, check(condition), condition, "the condition before '?' must be bool")
        let (a, b) = (check(first), check(second))
        // JSON's null stands beside anything.
        if unifier.resolve(a) == .null || unifier.resolve(b) == .null {
            return unifier.join(a, b)
        }
        let before = unifier
        guard unifier.unify(a, b) else {
            unifier = before
            return report(
                "the two results of '?' are \(unifier.close(a)) and \(unifier.close(b))",
                range(of: first).lowerBound..<range(of: second).upperBound,
                help: "make both of one type, or write dyn(…)")
        }
        return unifier.join(a, b)
    }

    // MARK: Literals

    private mutating func checkList(_ span: Node.Span) -> CELType {
        var item: CELType?
        for position in span.range {
            let type = check(code.children[position])
            item = item.map { unifier.join($0, type) } ?? type
        }
        return .list(item ?? unifier.fresh())
    }

    private mutating func checkMap(_ span: Node.Span) -> CELType {
        var entry: (key: CELType, value: CELType)?
        for position in stride(from: span.range.lowerBound, to: span.range.upperBound, by: 2) {
            let (keyNode, valueNode) = (code.children[position], code.children[position + 1])
            var key: CELType
            var value: CELType
            if case .optionalEntry(let inner) = code.nodes[Int(keyNode)].kind {
                key = check(inner)
                value = checkEntry(valueNode)
            } else {
                key = check(keyNode)
                value = check(valueNode)
            }
            switch unifier.resolve(key) {
            case .bool, .int, .uint, .string, .dyn, .error, .variable: break
            case let other: key = report("a key cannot be \(unifier.close(other))", range(of: keyNode))
            }
            if let known = entry {
                key = unifier.join(known.key, key)
                value = unifier.join(known.value, value)
            }
            entry = (key, value)
        }
        guard let entry else { return .map(unifier.fresh(), unifier.fresh()) }
        return .map(entry.key, entry.value)
    }

    /// What stands behind a `?` in a literal.
    private mutating func checkEntry(_ node: Int32) -> CELType {
        let inner = unifier.fresh()
        require(.optional(inner), check(node), node, "behind '?' an optional is due")
        return inner
    }
}
