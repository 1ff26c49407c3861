// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import OrderedCollections

/// One datum: what JSON holds, what CEL computes with, what a flow's inputs and parameters are.
///
/// Equality (`==`) is structural, for sets, tables and tests: strings by code points, doubles by their bits, all NaNs
/// alike. CEL's own equality, where numbers of different kinds may be equal and NaN is not, lies in FaregateCEL.
package enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case map(ValueMap)
    case timestamp(Timestamp)
    case duration(Duration)
    /// A type as a value, by its CEL name: `int`, `google.protobuf.Timestamp`.
    case type(String)
    /// CEL's optional. `optional(nil)` as a parameter means: not sent.
    indirect case optional(Value?)
    /// Not known: what a static check cannot see. The text names what it depends on, for stories.
    case unknown(String)
    /// A symbolic object of a static check, by its number.
    case ref(Int)
}

/// A map as JSON and CEL have it: iterates in the order of insertion, compares without it.
package struct ValueMap: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    package typealias Storage = OrderedDictionary<Value, Value>

    /// Keys are `string`, `int`, `uint` or `bool`.
    package var storage: Storage

    package init(_ storage: Storage = [:]) { self.storage = storage }

    package init(dictionaryLiteral elements: (String, Value)...) {
        storage = [:]
        for (key, value) in elements { storage[.string(key)] = value }
    }

    package var count: Int { storage.count }
    package var isEmpty: Bool { storage.isEmpty }

    package subscript(key: String) -> Value? {
        get { storage[.string(key)] }
        set { storage[.string(key)] = newValue }
    }

    package subscript(value key: Value) -> Value? {
        get { storage[key] }
        set { storage[key] = newValue }
    }

    package static func == (a: ValueMap, b: ValueMap) -> Bool {
        a.storage.count == b.storage.count && a.storage.allSatisfy { b.storage[$0.key] == $0.value }
    }

    package func hash(into hasher: inout Hasher) {
        var sum = 0
        for (key, value) in storage {
            var inner = Hasher()
            inner.combine(key)
            inner.combine(value)
            sum ^= inner.finalize()
        }
        hasher.combine(sum)
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(arrayLiteral elements: Value...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, Value)...) {
        var map = ValueMap()
        for (key, value) in elements { map[key] = value }
        self = .map(map)
    }
}

extension Value {
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var int: Int64? { if case .int(let number) = self { number } else { nil } }
    package var bool: Bool? { if case .bool(let truth) = self { truth } else { nil } }
    package var list: [Value]? { if case .list(let items) = self { items } else { nil } }
    package var map: ValueMap? { if case .map(let map) = self { map } else { nil } }
    package var isNull: Bool { self == .null }

    /// A member of a map; nil where this is no map or has no such member.
    package subscript(key: String) -> Value? { map?[key] }

    /// The value at a dotted path, nil where a step is missing.
    package subscript(path path: String) -> Value? {
        var value = self
        for step in path.split(separator: ".") {
            guard let next = value[String(step)] else { return nil }
            value = next
        }
        return value
    }
}
