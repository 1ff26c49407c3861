// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Value: Hashable {
    package static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let x), .bool(let y)): x == y
        case (.int(let x), .int(let y)): x == y
        case (.uint(let x), .uint(let y)): x == y
        case (.double(let x), .double(let y)): x.bitPattern == y.bitPattern || (x.isNaN && y.isNaN)
        case (.string(let x), .string(let y)): x.hasSameScalars(as: y)
        case (.bytes(let x), .bytes(let y)): x == y
        case (.list(let x), .list(let y)): x == y
        case (.map(let x), .map(let y)): x == y
        case (.timestamp(let x), .timestamp(let y)): x == y
        case (.duration(let x), .duration(let y)): x == y
        case (.type(let x), .type(let y)): x == y
        case (.optional(let x), .optional(let y)): x == y
        case (.unknown(let x), .unknown(let y)): x == y
        case (.ref(let x), .ref(let y)): x == y
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kindNumber)
        switch self {
        case .null: break
        case .bool(let x): hasher.combine(x)
        case .int(let x): hasher.combine(x)
        case .uint(let x): hasher.combine(x)
        case .double(let x): hasher.combine(x.isNaN ? Double.nan.bitPattern : x.bitPattern)
        case .string(let x): x.hashScalars(into: &hasher)
        case .bytes(let x): hasher.combine(x)
        case .list(let x): hasher.combine(x)
        case .map(let x): hasher.combine(x)
        case .timestamp(let x): hasher.combine(x)
        case .duration(let x): hasher.combine(x)
        case .type(let x): hasher.combine(x)
        case .optional(let x): hasher.combine(x)
        case .unknown(let x): hasher.combine(x)
        case .ref(let x): hasher.combine(x)
        }
    }

    /// Tells the kinds apart in a hash. The numbers are part of ids that are stored: append only.
    var kindNumber: UInt8 {
        switch self {
        case .null: 0
        case .bool: 1
        case .int: 2
        case .uint: 3
        case .double: 4
        case .string: 5
        case .bytes: 6
        case .list: 7
        case .map: 8
        case .timestamp: 9
        case .duration: 10
        case .type: 11
        case .optional: 12
        case .unknown: 13
        case .ref: 14
        }
    }
}
