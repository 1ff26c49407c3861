// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Functions of one operand that is not unknown.
enum Unary {
    static func apply(_ function: Function, _ value: Value) throws(Failure) -> Value {
        switch function {
        case .negate: return try negate(value)
        case .size: return .int(try size(value))
        case .typeOf: return .type(Kind.typeName(of: value))
        case .dyn: return value
        case .toInt: return .int(try Conversion.int(value))
        case .toUint: return .uint(try Conversion.uint(value))
        case .toDouble: return .double(try Conversion.double(value))
        case .toBool: return .bool(try Conversion.bool(value))
        case .toString: return .string(try Conversion.string(value))
        case .toBytes: return .bytes(try Conversion.bytes(value))
        case .toTimestamp: return .timestamp(try Conversion.timestamp(value))
        case .toDuration: return .duration(try Conversion.duration(value))
        case .optionalOf: return .optional(value)
        case .optionalOfNonZero: return .optional(isZero(value) ? nil : value)
        case .optionalHasValue, .optionalValue: return try optional(function, value)
        default: return try TimeParts.part(function, of: value, in: nil)
        }
    }

    private static func negate(_ value: Value) throws(Failure) -> Value {
        switch value {
        case .int(let number):
            if number == .min { throw Failure("the result of '-' does not fit in 64 bits") }
            return .int(-number)
        case .double(let number): return .double(-number)
        case .duration(let duration):
            // Not in the specification, where people write `duration('-1h')`; it can mean one thing only.
            guard let negated = duration.negated else { throw Failure("the resulting duration is out of range") }
            return .duration(negated)
        default: throw Failure("'-' does not go with \(Kind.name(of: value))")
        }
    }

    private static func size(_ value: Value) throws(Failure) -> Int64 {
        switch value {
        case .string(let text): Int64(text.unicodeScalars.count)
        case .bytes(let bytes): Int64(bytes.count)
        case .list(let items): Int64(items.count)
        case .map(let map): Int64(map.count)
        default: throw Failure("\(Kind.name(of: value)) has no size")
        }
    }

    private static func optional(_ function: Function, _ value: Value) throws(Failure) -> Value {
        guard case .optional(let inner) = value else {
            throw Failure("'\(function.spelling)' needs an optional, not \(Kind.name(of: value))")
        }
        if function == .optionalHasValue { return .bool(inner != nil) }
        guard let inner else { throw Failure("the optional is empty") }
        return inner
    }

    private static func isZero(_ value: Value) -> Bool {
        switch value {
        case .null: true
        case .bool(let truth): !truth
        case .int(let number): number == 0
        case .uint(let number): number == 0
        case .double(let number): number == 0
        case .string(let text): text.isEmpty
        case .bytes(let bytes): bytes.isEmpty
        case .list(let items): items.isEmpty
        case .map(let map): map.isEmpty
        case .timestamp(let stamp): stamp.seconds == 0 && stamp.nanoseconds == 0
        case .duration(let duration): duration == .zero
        case .optional(let inner): inner == nil
        case .type, .unknown, .ref: false
        }
    }
}
