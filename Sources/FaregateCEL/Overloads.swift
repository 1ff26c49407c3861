// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What a function takes and gives. `.variable(-1)` and `.variable(-2)` stand for any type, the same in all places.
struct Overload: Sendable {
    var parameters: [CELType]
    var result: CELType

    init(_ parameters: [CELType], _ result: CELType) {
        self.parameters = parameters
        self.result = result
    }
}

/// The signatures of the language, as its specification lists them.
enum Overloads {
    private static let a = CELType.variable(-1)
    private static let b = CELType.variable(-2)
    private static let numbers: [CELType] = [.int, .uint, .double]

    static func of(_ function: Function) -> [Overload] {
        table[function] ?? []
    }

    private static let table: [Function: [Overload]] = {
        var table: [Function: [Overload]] = [:]
        for function in Function.allCases { table[function] = make(function) }
        return table
    }()

    private static func make(_ function: Function) -> [Overload] {
        switch function {
        case .add:
            alike(numbers + [.string, .bytes, .list(a), .duration]) + [
                Overload([.timestamp, .duration], .timestamp), Overload([.duration, .timestamp], .timestamp),
            ]
        case .subtract:
            alike(numbers + [.duration]) + [
                Overload([.timestamp, .duration], .timestamp), Overload([.timestamp, .timestamp], .duration),
            ]
        case .multiply, .divide: alike(numbers)
        case .modulo: alike([.int, .uint])
        case .negate: [.int, .double, .duration].map { Overload([$0], $0) }
        case .less, .lessEqual, .greater, .greaterEqual: orders
        case .equal, .notEqual: [Overload([a, a], .bool)]
        case .contained: [Overload([a, .list(a)], .bool), Overload([a, .map(a, b)], .bool)]
        case .size: [.string, .bytes, .list(a), .map(a, b)].map { Overload([$0], .int) }
        case .contains, .startsWith, .endsWith, .matches: [Overload([.string, .string], .bool)]
        case .getHours, .getMinutes, .getSeconds, .getMilliseconds: timeParts + [Overload([.duration], .int)]
        case .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear: timeParts
        case .toInt: conversions([.int, .uint, .double, .string, .timestamp], .int)
        case .toUint: conversions([.uint, .int, .double, .string], .uint)
        case .toDouble: conversions([.double, .int, .uint, .string], .double)
        case .toBool: conversions([.bool, .string], .bool)
        case .toString:
            conversions([.string, .int, .uint, .double, .bool, .bytes, .timestamp, .duration], .string)
        case .toBytes: conversions([.bytes, .string], .bytes)
        case .toTimestamp: conversions([.timestamp, .string, .int], .timestamp)
        case .toDuration: conversions([.duration, .string], .duration)
        case .typeOf: [Overload([a], .type(a))]
        case .dyn: [Overload([a], .dyn)]
        case .optionalNone: [Overload([], .optional(a))]
        case .optionalOf, .optionalOfNonZero: [Overload([a], .optional(a))]
        case .optionalHasValue: [Overload([.optional(a)], .bool)]
        case .optionalValue: [Overload([.optional(a)], a)]
        case .optionalOr: [Overload([.optional(a), .optional(a)], .optional(a))]
        case .optionalOrValue: [Overload([.optional(a), a], a)]
        }
    }

    private static func alike(_ types: [CELType]) -> [Overload] { types.map { Overload([$0, $0], $0) } }

    private static func conversions(_ types: [CELType], _ result: CELType) -> [Overload] {
        types.map { Overload([$0], result) }
    }

    private static let timeParts = [Overload([.timestamp], .int), Overload([.timestamp, .string], .int)]

    /// Numbers of all kinds stand in one order; other kinds only among themselves.
    private static let orders: [Overload] =
        numbers.flatMap { x in numbers.map { y in Overload([x, y], .bool) } }
        + [.bool, .string, .bytes, .timestamp, .duration].map { Overload([$0, $0], .bool) }
}
