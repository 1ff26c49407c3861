// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

extension Machine {
    /// `[a, ?b]`. An unknown item makes an unknown item, not an unknown list.
    mutating func makeList(_ span: Node.Span, _ lookup: Lookup) throws(EvaluationError) -> Value {
        var items: [Value] = []
        items.reserveCapacity(Int(span.count))
        for position in span.range {
            let child = code.children[position]
            let value = try evaluate(child, lookup)
            guard case .optionalEntry = code.nodes[Int(child)].kind else {
                items.append(value)
                continue
            }
            switch value {
            case .optional(let inner): if let inner { items.append(inner) }
            case .unknown: return value
            default: throw error(child, "behind '?' an optional is due, not \(Kind.name(of: value))")
            }
        }
        return .list(items)
    }

    mutating func makeMap(_ span: Node.Span, _ lookup: Lookup) throws(EvaluationError) -> Value {
        var map = ValueMap()
        for position in stride(from: span.range.lowerBound, to: span.range.upperBound, by: 2) {
            let keyNode = code.children[position]
            let valueNode = code.children[position + 1]
            let key = try evaluate(keyNode, lookup)
            switch key {
            case .string, .int, .uint, .bool: break
            case .unknown: return key
            default: throw error(keyNode, "a key cannot be \(Kind.name(of: key))")
            }
            if Equality.member(of: map, key) != nil {
                throw error(keyNode, "the key \(Kind.describe(key)) occurs twice")
            }
            let value = try evaluate(valueNode, lookup)
            guard case .optionalEntry = code.nodes[Int(keyNode)].kind else {
                map[value: key] = value
                continue
            }
            switch value {
            case .optional(let inner): if let inner { map[value: key] = inner }
            case .unknown: return value
            default: throw error(valueNode, "behind '?' an optional is due, not \(Kind.name(of: value))")
            }
        }
        return .map(map)
    }
}
