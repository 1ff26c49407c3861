// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The operators and functions of the language.
enum Function: UInt8, Sendable, CaseIterable {
    case add, subtract, multiply, divide, modulo, negate
    case less, lessEqual, greater, greaterEqual, equal, notEqual, contained
    case size, contains, startsWith, endsWith, matches
    case toInt, toUint, toDouble, toBool, toString, toBytes, toTimestamp, toDuration, typeOf, dyn
    case getFullYear, getMonth, getDate, getDayOfMonth, getDayOfWeek, getDayOfYear
    case getHours, getMinutes, getSeconds, getMilliseconds
    case optionalOf, optionalNone, optionalOfNonZero, optionalHasValue, optionalValue, optionalOr, optionalOrValue

    /// As it is written in an expression.
    var spelling: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .modulo: "%"
        case .negate: "-"
        case .less: "<"
        case .lessEqual: "<="
        case .greater: ">"
        case .greaterEqual: ">="
        case .equal: "=="
        case .notEqual: "!="
        case .contained: "in"
        case .toInt: "int"
        case .toUint: "uint"
        case .toDouble: "double"
        case .toBool: "bool"
        case .toString: "string"
        case .toBytes: "bytes"
        case .toTimestamp: "timestamp"
        case .toDuration: "duration"
        case .typeOf: "type"
        case .optionalOf: "optional.of"
        case .optionalNone: "optional.none"
        case .optionalOfNonZero: "optional.ofNonZeroValue"
        case .optionalHasValue: "hasValue"
        case .optionalValue: "value"
        case .optionalOr: "or"
        case .optionalOrValue: "orValue"
        default: "\(self)"
        }
    }

    var isOperator: Bool { rawValue <= Function.contained.rawValue }

    /// `f(x)`.
    static let globals: [String: Function] = named([
        .size, .matches, .toInt, .toUint, .toDouble, .toBool, .toString, .toBytes, .toTimestamp, .toDuration, .typeOf,
        .dyn,
    ])

    /// `x.f()`.
    static let members: [String: Function] = named([
        .size, .contains, .startsWith, .endsWith, .matches,
        .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear,
        .getHours, .getMinutes, .getSeconds, .getMilliseconds,
        .optionalHasValue, .optionalValue, .optionalOr, .optionalOrValue,
    ])

    /// `optional.f(x)`.
    static let optionals: [String: Function] = [
        "of": .optionalOf, "none": .optionalNone, "ofNonZeroValue": .optionalOfNonZero,
    ]

    private static func named(_ functions: [Function]) -> [String: Function] {
        Dictionary(uniqueKeysWithValues: functions.map { ($0.spelling, $0) })
    }

    /// How many arguments it takes, its receiver included.
    var argumentCount: ClosedRange<Int> {
        switch self {
        case .optionalNone: 0...0
        case .negate, .size, .toInt, .toUint, .toDouble, .toBool, .toString, .toBytes, .toTimestamp, .toDuration,
            .typeOf, .dyn, .optionalOf, .optionalOfNonZero, .optionalHasValue, .optionalValue:
            1...1
        case .getFullYear, .getMonth, .getDate, .getDayOfMonth, .getDayOfWeek, .getDayOfYear, .getHours, .getMinutes,
            .getSeconds, .getMilliseconds:
            1...2
        default: 2...2
        }
    }
}
