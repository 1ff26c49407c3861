// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// CEL's order of two values.
enum Ordering {
    case less, same, greater
    /// NaN stands in no order to anything.
    case none

    init<T: Comparable>(_ a: T, _ b: T) {
        self = a < b ? .less : a == b ? .same : a > b ? .greater : .none
    }

    /// Nil for kinds that have no order.
    static func compare(_ a: Value, _ b: Value) -> Ordering? {
        switch (a, b) {
        case (.int(let x), .int(let y)): Ordering(x, y)
        case (.string(let x), .string(let y)):
            x.hasSameScalars(as: y) ? .same : x.precedes(y) ? .less : .greater
        case (.bytes(let x), .bytes(let y)): x == y ? .same : x.lexicographicallyPrecedes(y) ? .less : .greater
        case (.bool(let x), .bool(let y)): Ordering(x ? 1 : 0, y ? 1 : 0)
        case (.timestamp(let x), .timestamp(let y)): Ordering(x, y)
        case (.duration(let x), .duration(let y)): Ordering(x, y)
        default: compareNumbers(a, b)
        }
    }

    static func compareNumbers(_ a: Value, _ b: Value) -> Ordering? {
        switch (a, b) {
        case (.int(let x), .int(let y)): Ordering(x, y)
        case (.uint(let x), .uint(let y)): Ordering(x, y)
        case (.double(let x), .double(let y)): Ordering(x, y)
        case (.int(let x), .uint(let y)): x < 0 ? .less : Ordering(UInt64(x), y)
        case (.uint(let x), .int(let y)): y < 0 ? .greater : Ordering(x, UInt64(y))
        // An integer meets a double as a double, even where that costs its last digits: so the language has it.
        case (.int(let x), .double(let y)): Ordering(Double(x), y)
        case (.double(let x), .int(let y)): Ordering(x, Double(y))
        case (.uint(let x), .double(let y)): Ordering(Double(x), y)
        case (.double(let x), .uint(let y)): Ordering(x, Double(y))
        default: nil
        }
    }
}
