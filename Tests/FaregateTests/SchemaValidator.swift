// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// As much of JSON Schema as our schemas use; anything else in one of them is a failure.
struct SchemaValidator {
    let root: Value
    static let known: Set<String> = [
        "$schema", "$ref", "title", "description", "type", "required", "additionalProperties", "properties",
        "definitions",
        "pattern", "anyOf", "oneOf", "allOf", "if", "then", "enum", "items", "minItems", "minProperties",
        "maxProperties",
        "propertyNames",
    ]

    /// What is wrong with a value, each with the path to it.
    func problems(_ value: Value) -> [String] { check(value, root, "") }

    private func check(_ value: Value, _ schema: Value, _ path: String) -> [String] {
        guard let keys = schema.map else { return schema == true ? [] : ["\(path): not allowed"] }
        if let target = keys["$ref"]?.string {
            guard let found = root[path: target.dropFirst(2).split(separator: "/").joined(separator: ".")] else {
                return ["\(path): no \(target)"]
            }
            return check(value, found, path)
        }
        var problems = keys.names.filter { !Self.known.contains($0) }.map { "the validator does not know '\($0)'" }
        let types = keys["type"].map { $0.list ?? [$0] } ?? []
        if !types.isEmpty, !types.contains(where: { Self.isOf($0.string ?? "", value) }) {
            return problems + ["\(path): is no \(JSON.write(.list(types)))"]
        }
        if let allowed = keys["enum"]?.list, !allowed.contains(value) {
            problems.append("\(path): not of \(JSON.write(.list(allowed)))")
        }
        if let pattern = keys["pattern"]?.string, let text = value.string, let regex = try? Regex(pattern),
            text.firstMatch(of: regex) == nil
        {
            problems.append("\(path): does not match \(pattern)")
        }
        problems += branches(value, keys, path) + members(value, keys, path)
        if let items = value.list {
            if let least = keys["minItems"]?.int, items.count < least { problems.append("\(path): too few items") }
            if let schema = keys["items"] {
                for (number, item) in items.enumerated() { problems += check(item, schema, "\(path)[\(number)]") }
            }
        }
        return problems
    }

    private func branches(_ value: Value, _ keys: ValueMap, _ path: String) -> [String] {
        func holds(_ schema: Value) -> Bool { check(value, schema, path).isEmpty }
        var problems: [String] = []
        if let any = keys["anyOf"]?.list, !any.contains(where: holds) {
            problems += ["\(path): fits none of anyOf"] + any.flatMap { check(value, $0, path) }
        }
        if let one = keys["oneOf"]?.list, one.count(where: holds) != 1 {
            problems.append("\(path): fits not exactly one of oneOf")
        }
        for schema in keys["allOf"]?.list ?? [] { problems += check(value, schema, path) }
        if let condition = keys["if"], holds(condition), let then = keys["then"] {
            problems += check(value, then, path)
        }
        return problems
    }

    private func members(_ value: Value, _ keys: ValueMap, _ path: String) -> [String] {
        guard let map = value.map else { return [] }
        var problems: [String] = []
        if let least = keys["minProperties"]?.int, map.count < least { problems.append("\(path): too few members") }
        if let most = keys["maxProperties"]?.int, map.count > most { problems.append("\(path): too many members") }
        for name in keys["required"]?.list ?? [] where map[value: name] == nil {
            problems.append("\(path): lacks \(JSON.write(name))")
        }
        for (key, member) in map {
            // JSON's keys are texts.
            let name = key.string ?? JSON.write(key)
            if let names = keys["propertyNames"] { problems += check(.string(name), names, "\(path).\(name)") }
            if let schema = keys["properties"]?[name] {
                problems += check(member, schema, "\(path).\(name)")
            } else if let rest = keys["additionalProperties"] {
                problems += check(member, rest, "\(path).\(name)")
            }
        }
        return problems
    }

    private static func isOf(_ type: String, _ value: Value) -> Bool {
        switch (type, value) {
        case ("string", .string), ("integer", .int), ("number", .int), ("number", .double), ("boolean", .bool),
            ("null", .null), ("object", .map), ("array", .list):
            true
        default: false
        }
    }
}
