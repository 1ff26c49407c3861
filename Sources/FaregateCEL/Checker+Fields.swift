// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

extension Checker {
    /// The variable that a path begins with, and how many steps its name takes.
    private func variable(of path: Path) -> (type: CELType, steps: Int)? {
        for (skipped, name) in path.names.enumerated() {
            if let type = environment.variables[name] { return (type, path.names.count - skipped) }
        }
        return environment.isOpen ? (.dyn, 1) : nil
    }

    mutating func checkPath(_ path: Path) -> CELType { check(path, steps: path.steps.count) }

    /// `has(a.b.c)`: all but the last must be there.
    mutating func checkTest(_ path: Path) -> CELType {
        check(path, steps: path.steps.count) == .error ? .error : .bool
    }

    private mutating func check(_ path: Path, steps count: Int) -> CELType {
        guard let found = variable(of: path) else { return reportUndeclared(path) }
        var type = found.type
        for step in found.steps..<max(found.steps, count) {
            let whole = path.names[path.names.count - step]
            type = member(type, path.steps[step].name, path.steps[step].range, of: whole)
        }
        return type
    }

    private mutating func reportUndeclared(_ path: Path) -> CELType {
        let first = path.steps[0]
        let prefix = first.name + "."
        let dotted = environment.variables.keys.filter { $0.hasPrefix(prefix) }.sorted()
        if path.steps.count > 1, !dotted.isEmpty {
            let second = path.steps[1]
            let name = prefix + second.name
            let near = Spelling.closest(to: name, among: dotted)
            return report(
                "there is no '\(name)'", first.range.lowerBound..<second.range.upperBound,
                help: near.map { "did you mean '\($0)'?" } ?? "there is \(Self.enumeration(dotted))")
        }
        let near = Spelling.closest(to: first.name, among: environment.variables.keys)
        return report(
            "there is no variable '\(first.name)'", first.range,
            help: near.map { "did you mean '\($0)'?" } ?? Parser.operatorHelp(first.name))
    }

    static func enumeration(_ names: [String]) -> String {
        let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }

    // MARK: Fields

    func fieldName(_ constant: Int32) -> String { code.constants[Int(constant)].string ?? "" }

    /// Where the field of a selection stands: at its end, in backquotes perhaps, before the parenthesis of `has`.
    func fieldRange(_ node: Int32, _ constant: Int32) -> Range<Int> {
        var end = range(of: node).upperBound
        while end > 0, code.text[end - 1] == ")" || code.text[end - 1] == " " { end -= 1 }
        let length = fieldName(constant).unicodeScalars.count
        let start = max(0, end - length - (end > 0 && code.text[end - 1] == "`" ? 2 : 0))
        return start..<end
    }

    /// The type of a field; `owner` is how the text names what it is of.
    mutating func member(_ type: CELType, _ name: String, _ range: Range<Int>, of owner: String) -> CELType {
        switch unifier.resolve(type) {
        case .error: return .error
        case .dyn: return .dyn
        case .variable:
            _ = unifier.unify(type, .dyn)
            return .dyn
        case .map(let key, let value):
            guard unifier.unify(key, .string) else {
                return report("the keys of '\(owner)' are \(unifier.close(key)), not string", range)
            }
            return value
        case .record(let record):
            if let field = record.fields[name] { return field }
            if record.isOpen { return .dyn }
            let near = Spelling.closest(to: name, among: record.fields.keys)
            let known = record.fields.keys.sorted()
            defer { diagnostics[diagnostics.count - 1].isUnknownField = true }
            return report(
                "\(record.name.isEmpty ? "'\(owner)'" : record.name) has no field '\(name)'", range,
                help: near.map { "did you mean '\($0)'?" }
                    ?? (known.isEmpty ? nil : "there is \(Self.enumeration(known))"))
        case .optional(let inner):
            return asOptional(member(inner, name, range, of: owner))
        case let other:
            return report("\(other) has no field '\(name)'", range)
        }
    }

    func asOptional(_ type: CELType) -> CELType {
        switch unifier.resolve(type) {
        case .optional, .error: type
        default: .optional(type)
        }
    }

    // MARK: Index

    mutating func checkIndex(_ operand: Int32, _ key: Int32) -> CELType {
        item(of: check(operand), operand, check(key), key)
    }

    private mutating func item(
        of container: CELType, _ operand: Int32, _ keyType: CELType, _ key: Int32
    ) -> CELType {
        switch unifier.resolve(container) {
        case .error: return .error
        case .dyn: return .dyn
        case .variable:
            _ = unifier.unify(container, .dyn)
            return .dyn
        case .list(let item):
            require(.int, keyType, key, "a list is indexed by int")
            return item
        case .map(let wanted, let value):
            require(wanted, keyType, key, "this map is indexed by \(unifier.close(wanted))")
            return value
        case .record(let record):
            require(.string, keyType, key, "an object is indexed by string")
            guard case .constant(let number) = code.nodes[Int(key)].kind,
                let name = code.constants[Int(number)].string
            else { return record.item }
            return member(container, name, range(of: key), of: code.text(of: operand))
        case .optional(let inner): return asOptional(item(of: inner, operand, keyType, key))
        case let other: return report("\(other) has no items", range(of: operand))
        }
    }
}
