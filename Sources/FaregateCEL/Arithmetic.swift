// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// `+ - * / %`, with errors where other languages trap or wrap.
enum Arithmetic {
    static func apply(_ function: Function, _ a: Value, _ b: Value) throws(Failure) -> Value {
        switch (a, b) {
        case (.int(let x), .int(let y)): return .int(try whole(function, x, y))
        case (.uint(let x), .uint(let y)): return .uint(try whole(function, x, y))
        case (.double(let x), .double(let y)):
            switch function {
            case .add: return .double(x + y)
            case .subtract: return .double(x - y)
            case .multiply: return .double(x * y)
            case .divide: return .double(x / y)
            default: throw Failure("there is no '%' for doubles")
            }
        default:
            switch function {
            case .add: return try add(a, b)
            case .subtract: return try subtract(a, b)
            default: throw Failure(mismatch(function, a, b))
            }
        }
    }

    private static func whole<T: FixedWidthInteger>(_ function: Function, _ x: T, _ y: T) throws(Failure) -> T {
        let result: (partialValue: T, overflow: Bool)
        switch function {
        case .add: result = x.addingReportingOverflow(y)
        case .subtract: result = x.subtractingReportingOverflow(y)
        case .multiply: result = x.multipliedReportingOverflow(by: y)
        default:
            if y == 0 { throw Failure("division by zero") }
            result =
                function == .divide ? x.dividedReportingOverflow(by: y) : x.remainderReportingOverflow(dividingBy: y)
        }
        if result.overflow { throw Failure("the result of '\(function.spelling)' does not fit in 64 bits") }
        return result.partialValue
    }

    private static func add(_ a: Value, _ b: Value) throws(Failure) -> Value {
        switch (a, b) {
        case (.string(let x), .string(let y)): return .string(x + y)
        case (.bytes(let x), .bytes(let y)): return .bytes(x + y)
        case (.list(let x), .list(let y)): return .list(x + y)
        case (.timestamp(let x), .duration(let y)), (.duration(let y), .timestamp(let x)):
            return .timestamp(try inRange(x.adding(y), "timestamp"))
        case (.duration(let x), .duration(let y)): return .duration(try inRange(x.adding(y), "duration"))
        default: throw Failure(mismatch(.add, a, b))
        }
    }

    private static func subtract(_ a: Value, _ b: Value) throws(Failure) -> Value {
        switch (a, b) {
        case (.timestamp(let x), .duration(let y)): .timestamp(try inRange(x.subtracting(y), "timestamp"))
        case (.timestamp(let x), .timestamp(let y)): .duration(try inRange(x.since(y), "duration"))
        case (.duration(let x), .duration(let y)): .duration(try inRange(x.subtracting(y), "duration"))
        default: throw Failure(mismatch(.subtract, a, b))
        }
    }

    private static func inRange<T>(_ value: T?, _ kind: String) throws(Failure) -> T {
        guard let value else { throw Failure("the resulting \(kind) is out of range") }
        return value
    }

    /// What to say where a function has no meaning for its operands.
    static func mismatch(_ function: Function, _ a: Value, _ b: Value) -> String {
        let (left, right) = (Kind.name(of: a), Kind.name(of: b))
        return function.isOperator
            ? "'\(function.spelling)' does not go with \(left) and \(right)"
            : "'\(function.spelling)' of \(left) does not take \(right)"
    }
}
