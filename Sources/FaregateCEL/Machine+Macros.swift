// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

extension Machine {
    mutating func comprehend(_ number: Int, _ node: Int32, _ lookup: Lookup) throws(EvaluationError) -> Value {
        let macro = code.comprehensions[number]
        let source = try evaluate(macro.source, lookup)
        if case .unknown = source { return source }
        switch macro.macro {
        case .optMap, .optFlatMap: return try mapOptional(macro, source, node, lookup)
        default: break
        }
        let items: [Value]
        switch source {
        case .list(let list): items = list
        case .map(let map): items = map.keys
        case .ref(let object): return .unknown("object \(object)")
        default:
            throw error(
                macro.source, "'\(macro.macro.rawValue)' needs a list or a map, not \(Kind.name(of: source))")
        }
        switch macro.macro {
        case .all: return try quantify(macro, items, decisive: false, lookup)
        case .exists: return try quantify(macro, items, decisive: true, lookup)
        case .existsOne: return try countOne(macro, items, lookup)
        default: return try collect(macro, items, lookup)
        }
    }

    /// `all` and `exists`: the conditions of all items, connected by `&&` or `||`.
    private mutating func quantify(
        _ macro: Comprehension, _ items: [Value], decisive: Bool, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        guard let condition = macro.condition else { return .bool(!decisive) }
        var unknown: Value?
        var failure: EvaluationError?
        for item in items {
            locals[Int(macro.slot)] = item
            do throws(EvaluationError) {
                switch try evaluate(condition, lookup) {
                case .bool(let truth):
                    if truth == decisive { return .bool(decisive) }
                case .unknown(let reason): if unknown == nil { unknown = .unknown(reason) }
                case let other: failure = failure ?? notBool(macro, other)
                }
            } catch {
                if budget < 0 { throw error }
                failure = failure ?? error
            }
        }
        if let unknown { return unknown }
        if let failure { throw failure }
        return .bool(!decisive)
    }

    /// `exists_one`, which takes no error lightly.
    private mutating func countOne(
        _ macro: Comprehension, _ items: [Value], _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        guard let condition = macro.condition else { return .bool(false) }
        var count = 0
        var unknown: Value?
        for item in items {
            locals[Int(macro.slot)] = item
            switch try evaluate(condition, lookup) {
            case .bool(let truth): count += truth ? 1 : 0
            case .unknown(let reason): unknown = unknown ?? .unknown(reason)
            case let other: throw notBool(macro, other)
            }
        }
        if count > 1 { return .bool(false) }
        return unknown ?? .bool(count == 1)
    }

    /// `filter` and `map`.
    private mutating func collect(
        _ macro: Comprehension, _ items: [Value], _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        var results: [Value] = []
        for item in items {
            locals[Int(macro.slot)] = item
            if let condition = macro.condition {
                switch try evaluate(condition, lookup) {
                case .bool(true): break
                case .bool(false): continue
                case .unknown(let reason): return .unknown(reason)
                case let other: throw notBool(macro, other)
                }
            }
            if let result = macro.result {
                results.append(try evaluate(result, lookup))
            } else {
                results.append(item)
            }
        }
        return .list(results)
    }

    private mutating func mapOptional(
        _ macro: Comprehension, _ source: Value, _ node: Int32, _ lookup: Lookup
    ) throws(EvaluationError) -> Value {
        guard case .optional(let inner) = source else {
            throw error(
                macro.source, "'\(macro.macro.rawValue)' needs an optional, not \(Kind.name(of: source))")
        }
        guard let inner, let result = macro.result else { return source }
        locals[Int(macro.slot)] = inner
        let value = try evaluate(result, lookup)
        if case .unknown = value { return value }
        if macro.macro == .optMap { return .optional(value) }
        guard case .optional = value else {
            throw error(result, "'optFlatMap' needs an optional as its result, not \(Kind.name(of: value))")
        }
        return value
    }

    private func notBool(_ macro: Comprehension, _ value: Value) -> EvaluationError {
        error(
            macro.condition ?? macro.source,
            "the condition of '\(macro.macro.rawValue)' must be bool, not \(Kind.name(of: value))")
    }
}
