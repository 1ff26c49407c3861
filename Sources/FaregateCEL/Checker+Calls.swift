// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

extension Checker {
    mutating func checkCall(_ function: Function, _ span: Node.Span, _ node: Int32) -> CELType {
        let nodes = Array(code.children[span.range])
        let types = nodes.map { check($0) }
        if types.contains(where: { unifier.resolve($0) == .error }) { return Self.known(function) }
        checkLiteral(function, nodes)

        // JSON's null is compared with anything, is in any list, and is a value for want of another.
        let hasNull = types.contains { unifier.resolve($0) == .null }
        switch function {
        case .equal, .notEqual: if hasNull { return .bool }
        case .contained where unifier.resolve(types[0]) == .null: return checkContainer(types[1], nodes[1])
        case .optionalOrValue where unifier.resolve(types[1]) == .null:
            require(.optional(unifier.fresh()), types[0], nodes[0], "'orValue' needs an optional")
            return .dyn
        default: break
        }

        let matches = Overloads.of(function).compactMap { overload in
            attempt(overload, types)
        }
        switch matches.count {
        case 0: return reportMismatch(function, types, nodes, node)
        case 1:
            unifier = matches[0].unifier
            return matches[0].result
        default:
            // Several fit where types are open: only what all of them give is known.
            let results = Set(matches.map { $0.unifier.close($0.result) })
            return results.count == 1 ? results.first! : .dyn
        }
    }

    /// What a function gives whatever it takes.
    private static func known(_ function: Function) -> CELType {
        let results = Set(Overloads.of(function).map(\.result))
        guard results.count == 1, let result = results.first else { return .error }
        switch result {
        case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration: return result
        default: return .error
        }
    }

    private func attempt(_ overload: Overload, _ types: [CELType]) -> (result: CELType, unifier: Unifier)? {
        guard overload.parameters.count == types.count else { return nil }
        var trial = unifier
        let (a, b) = (trial.fresh(), trial.fresh())
        for (parameter, type) in zip(overload.parameters, types) {
            guard trial.unify(Self.instantiate(parameter, a, b), type) else { return nil }
        }
        return (trial.resolve(Self.instantiate(overload.result, a, b)), trial)
    }

    private static func instantiate(_ type: CELType, _ a: CELType, _ b: CELType) -> CELType {
        switch type {
        case .variable(-1): a
        case .variable(-2): b
        case .list(let item): .list(instantiate(item, a, b))
        case .map(let key, let value): .map(instantiate(key, a, b), instantiate(value, a, b))
        case .optional(let inner): .optional(instantiate(inner, a, b))
        case .type(let inner): .type(instantiate(inner, a, b))
        default: type
        }
    }

    private mutating func checkContainer(_ type: CELType, _ node: Int32) -> CELType {
        switch unifier.resolve(type) {
        case .list, .map, .record, .dyn, .variable, .error: return .bool
        case let other:
            return report(
                "'in' needs a list or a map on its right, not \(unifier.close(other))", range(of: node),
                help: other == .string ? "write text.contains(part)" : nil)
        }
    }

    /// Literals that can never be read: better said now than in the middle of a run.
    private mutating func checkLiteral(_ function: Function, _ nodes: [Int32]) {
        guard let last = nodes.last, case .constant(let number) = code.nodes[Int(last)].kind else { return }
        let value = code.constants[Int(number)]
        guard case .string(let text) = value else { return }
        do throws(Failure) {
            switch function {
            case .toDuration: _ = try Conversion.duration(value)
            case .toTimestamp: _ = try Conversion.timestamp(value)
            case .matches:
                do throws(Regex.Malformed) {
                    _ = try Regex(text)
                } catch {
                    throw Failure("the pattern is malformed: \(error.message)")
                }
            default: break
            }
        } catch {
            _ = report(error.message, range(of: last))
        }
    }

    // MARK: Messages

    private mutating func reportMismatch(
        _ function: Function, _ types: [CELType], _ nodes: [Int32], _ node: Int32
    ) -> CELType {
        let names = types.map { unifier.close($0).description }
        let spelling = function.spelling
        let result = Self.known(function)
        switch function {
        case .contained:
            let container = checkContainer(types[1], nodes[1])
            if container == .error { return result }
            _ = report(
                "'in' looks for \(names[0]) in \(names[1]), where it never is", range(of: node),
                help: conversionHelp(types))
        case .equal, .notEqual:
            _ = report(
                "'\(spelling)' compares \(names[0]) with \(names[1]), which are never equal", range(of: node),
                help: conversionHelp(types))
        case .negate: _ = report("'-' does not go with \(names[0])", range(of: node))
        case _ where function.isOperator:
            _ = report(
                "'\(spelling)' does not go with \(names[0]) and \(names[1])", range(of: node),
                help: operatorHelp(function, types, nodes))
        default: reportArgument(function, types, nodes, node)
        }
        return result
    }

    private func operatorHelp(_ function: Function, _ types: [CELType], _ nodes: [Int32]) -> String? {
        let pair = types.map { unifier.close($0) }
        let isTime = pair.contains(.timestamp) || pair.contains(.duration)
        switch function {
        case .add, .subtract:
            if isTime, pair.contains(.int) { return "write duration('…s')" }
            let plain: [CELType] = [.int, .uint, .double, .bool, .timestamp, .duration]
            if function == .add, pair.contains(.string), let other = pair.firstIndex(where: { plain.contains($0) }) {
                // A text and a number as such: which of the two is wrong, nobody knows.
                if case .constant = code.nodes[Int(nodes[other])].kind { break }
                return "write string(\(code.text(of: nodes[other])))"
            }
        case .multiply, .divide, .modulo:
            if isTime { return "durations are added and subtracted only: write the whole of it, as in duration('2h')" }
        default: break
        }
        return conversionHelp(types)
    }

    private func conversionHelp(_ types: [CELType]) -> String? {
        let pair = types.map { unifier.close($0) }
        let isNumber = pair.map { [CELType.int, .uint, .double].contains($0) }
        if isNumber[0] && isNumber[1] { return "convert one side, as in \(pair[0])(…)" }
        for (side, other) in [(0, 1), (1, 0)] {
            if case .optional = pair[side] { return "take its value with .orValue(…)" }
            if pair[side] == .string {
                switch pair[other] {
                case .int, .double, .uint: return "write the number without quotes, or convert it: \(pair[other])(…)"
                case .timestamp, .duration: return "write \(pair[other])(…)"
                case .bool: return "write true or false without quotes"
                default: break
                }
            }
            if pair[side] == .timestamp && pair[other] == .int { return "write timestamp(…) around the seconds" }
            if pair[side] == .duration && isNumber[other] { return "write duration('…s')" }
        }
        return nil
    }

    /// Points at the first argument that no form of the function takes.
    private mutating func reportArgument(
        _ function: Function, _ types: [CELType], _ nodes: [Int32], _ node: Int32
    ) {
        let forms = Overloads.of(function).filter { $0.parameters.count == types.count }
        for place in types.indices {
            let fits = forms.contains { form in
                let cut = Overload(Array(form.parameters[...place]), form.result)
                return attempt(cut, Array(types[...place])) != nil
            }
            guard !fits else { continue }
            let wanted = Self.wanted(forms.map { parameter(place, of: $0, types) })
            let name = unifier.close(types[place])
            _ = report("'\(function.spelling)' needs \(wanted), not \(name)", range(of: nodes[place]))
            return
        }
        _ = report("'\(function.spelling)' does not take this", range(of: node))
    }

    /// What a form wants in a place, once the arguments before it have settled what they settle.
    private func parameter(_ place: Int, of form: Overload, _ types: [CELType]) -> CELType {
        let before = Overload(Array(form.parameters[..<place]), form.parameters[place])
        guard let match = attempt(before, Array(types[..<place])) else { return form.parameters[place] }
        return match.unifier.resolve(match.result)
    }

    private static func wanted(_ types: [CELType]) -> String {
        var names: [String] = []
        for type in types {
            let name: String
            switch type {
            case .variable: name = "another type"
            case .list: name = "list"
            case .map: name = "map"
            case .optional: name = "an optional"
            default: name = type.description
            }
            if !names.contains(name) { names.append(name) }
        }
        guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }

    /// A call that nothing answers to.
    mutating func checkUndeclared(_ called: CallName, _ span: Node.Span, isMember: Bool) -> CELType {
        for position in span.range { _ = check(code.children[position]) }
        let message = Names.undeclared(called.name, span.count, isMember: isMember)
        let parts = message.split(separator: "; ", maxSplits: 1).map(String.init)
        if message.hasPrefix("write ") {
            return report("'\(called.name)' is not called so", called.range, help: message)
        }
        return report(parts[0], called.range, help: parts.count > 1 ? parts[1] : nil)
    }
}
