// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Checker {
    mutating func checkMacro(_ macro: Comprehension) -> CELType {
        let source = check(macro.source)
        let item: CELType
        switch macro.macro {
        case .optMap, .optFlatMap:
            let inner = unifier.fresh()
            require(.optional(inner), source, macro.source, "'\(macro.macro.rawValue)' needs an optional")
            item = inner
        default: item = itemType(of: source, macro)
        }

        let outer = locals[Int(macro.slot)]
        locals[Int(macro.slot)] = item
        defer { locals[Int(macro.slot)] = outer }
        if let condition = macro.condition {
            require(.bool, check(condition), condition, "the condition of '\(macro.macro.rawValue)' must be bool")
        }
        let result = macro.result.map { check($0) } ?? item

        switch macro.macro {
        case .all, .exists, .existsOne: return .bool
        case .filter, .map: return .list(result)
        case .optMap: return .optional(result)
        case .optFlatMap:
            let inner = unifier.fresh()
            require(.optional(inner), result, macro.result ?? macro.source, "'optFlatMap' gives an optional")
            return .optional(inner)
        }
    }

    /// What a macro's variable stands for: an item of a list, a key of a map.
    private mutating func itemType(of source: CELType, _ macro: Comprehension) -> CELType {
        switch unifier.resolve(source) {
        case .list(let item): return item
        case .map(let key, _): return key
        case .record: return .string
        case .dyn, .error: return .dyn
        case .variable:
            _ = unifier.unify(source, .dyn)
            return .dyn
        case let other:
            let help: String? = if case .optional = other { "take its value with .orValue([])" } else { nil }
            return report(
                "'\(macro.macro.rawValue)' needs a list or a map, not \(unifier.close(other))",
                range(of: macro.source), help: help)
        }
    }
}
