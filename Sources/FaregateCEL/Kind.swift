// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// Values as messages name them.
enum Kind {
    /// The kind of a value, in a form that fits behind "needs" and "not".
    static func name(of value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .map: "map"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .type: "type"
        case .optional: "optional"
        case .unknown: "unknown"
        case .ref: "object"
        }
    }

    /// The type of a value by the name that CEL gives it.
    static func typeName(of value: Value) -> String {
        switch value {
        case .null: "null_type"
        case .timestamp: TypeName.timestamp
        case .duration: TypeName.duration
        case .optional: TypeName.optional
        case .ref: "map"
        default: name(of: value)
        }
    }

    /// A small value as one would write it; of others, the kind.
    static func describe(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool(let truth): truth ? "true" : "false"
        case .int(let number): String(number)
        case .uint(let number): "\(number)u"
        case .double(let number): number.description
        case .string(let text): text.utf8.count <= 40 ? "'\(text)'" : "'\(text.prefix(40))…'"
        case .timestamp(let stamp): stamp.rfc3339
        case .duration(let duration): duration.compact
        case .type(let name): name
        default: name(of: value)
        }
    }
}

enum Names {
    /// What to say about a call that nothing answers to.
    static func undeclared(_ name: String, _ count: Int32, isMember: Bool) -> String {
        let known = isMember ? Function.members : Function.globals
        if known[name] != nil {
            let given = isMember ? count - 1 : count
            return "'\(name)' does not take \(given) argument\(given == 1 ? "" : "s")"
        }
        if isMember, Function.globals[name] != nil { return "write \(name)(x), not x.\(name)()" }
        if !isMember, Function.members[name] != nil { return "write x.\(name)(…), not \(name)(…)" }
        let names = isMember ? Array(known.keys) + Comprehension.Macro.allCases.map(\.rawValue) : known.keys + ["has"]
        let near = Spelling.closest(to: name, among: names)
        return "there is no function '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? "")
    }
}
