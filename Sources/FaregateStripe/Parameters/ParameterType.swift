// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// What the value of a parameter may be.
indirect enum ParameterType: Sendable {
    case text(limit: Int?)
    case word([String])
    case int
    case number
    case bool
    case list(ParameterType)
    /// Names of the caller's own.
    case map(ParameterType)
    case members([String: Field])
    case either([ParameterType])

    struct Field: Sendable {
        var type: ParameterType
        var isRequired: Bool
        /// May be sent empty, which unsets it.
        var mayBeEmpty: Bool
        /// What the mock does with it.
        var use = Use.whole
    }

    enum Use: Sendable {
        case whole
        /// The API knows it and the mock does not.
        case none
    }
}

/// Reads the types of `parameters.yaml`.
struct ParameterTypeReader {
    let shapes: ValueMap
    private var known: [String: ParameterType] = [:]

    init(shapes: ValueMap) { self.shapes = shapes }

    mutating func type(_ value: Value) -> ParameterType {
        if let members = value.map { return .members(fields(members)) }
        var rest = Substring(value.string ?? "text")
        return type(&rest)
    }

    mutating func fields(_ members: ValueMap) -> [String: ParameterType.Field] {
        var fields: [String: ParameterType.Field] = [:]
        for (key, value) in members {
            var name = key.string ?? ""
            let mayBeEmpty = name.hasSuffix("~")
            if mayBeEmpty { name.removeLast() }
            let isRequired = name.hasSuffix("!")
            if isRequired { name.removeLast() }
            fields[name] = .init(type: type(value), isRequired: isRequired, mayBeEmpty: mayBeEmpty)
        }
        return fields
    }

    /// `list(@words)`, `one_of(a b) | bool`.
    private mutating func type(_ rest: inout Substring) -> ParameterType {
        var parts = [part(&rest)]
        while rest.hasPrefix(" | ") {
            rest = rest.dropFirst(3)
            parts.append(part(&rest))
        }
        return parts.count == 1 ? parts[0] : .either(parts)
    }

    private mutating func part(_ rest: inout Substring) -> ParameterType {
        let name = rest.prefix { $0 != "(" && $0 != ")" && $0 != " " }
        rest = rest.dropFirst(name.count)
        if name.first == "@" { return shape(String(name.dropFirst())) }
        guard rest.first == "(" else { return Self.plain(name) }
        rest = rest.dropFirst()
        defer { rest = rest.dropFirst() }
        switch name {
        case "list": return .list(type(&rest))
        case "map": return .map(type(&rest))
        default:
            let inner = rest.prefix { $0 != ")" }
            rest = rest.dropFirst(inner.count)
            return name == "text" ? .text(limit: Int(inner)) : .word(inner.split(separator: " ").map(String.init))
        }
    }

    private static func plain(_ name: Substring) -> ParameterType {
        switch name {
        case "int": .int
        case "number": .number
        case "bool": .bool
        default: .text(limit: nil)
        }
    }

    private mutating func shape(_ name: String) -> ParameterType {
        if let type = known[name] { return type }
        let type = type(shapes[name] ?? "text")
        known[name] = type
        return type
    }
}
