// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What an expression is known to be before it runs.
package indirect enum CELType: Sendable, Hashable {
    case null, bool, int, uint, double, string, bytes, timestamp, duration
    /// Anything; what is wrong with it shows when it runs.
    case dyn
    case list(CELType)
    case map(CELType, CELType)
    case optional(CELType)
    /// A type as a value.
    case type(CELType)
    /// A map whose fields are known.
    case record(RecordType)
    /// What is wrong already: no further finding about it.
    case error
    /// A type that is yet to be found out, within the checker only.
    case variable(Int)
}

/// The fields of an object, by name.
package struct RecordType: Sendable, Hashable {
    /// As messages name it; may be empty.
    package var name: String
    package var fields: [String: CELType]
    /// Whether there may be fields beyond these.
    package var isOpen: Bool
    /// What a field is whose name is computed.
    package var item: CELType

    package init(name: String = "", fields: [String: CELType], isOpen: Bool = false, item: CELType = .dyn) {
        self.name = name
        self.fields = fields
        self.isOpen = isOpen
        self.item = item
    }
}

extension CELType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .dyn: "dyn"
        case .list(let item): "list(\(item))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .optional(let inner): "optional(\(inner))"
        case .type(let type): "type(\(type))"
        case .record(let record): record.name.isEmpty ? "object" : record.name
        case .error: "error"
        case .variable: "dyn"
        }
    }
}

/// The types of the variables that an expression may read.
package struct TypeEnvironment: Sendable, Hashable {
    /// By name; a name may have dots.
    package var variables: [String: CELType]
    /// Whether a variable that is not listed is an error, or is of type `dyn`.
    package var isOpen: Bool

    package init(_ variables: [String: CELType] = [:], isOpen: Bool = false) {
        self.variables = variables
        self.isOpen = isOpen
    }
}
