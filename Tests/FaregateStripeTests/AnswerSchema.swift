// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Holds answers against the published schema of the API: as much of OpenAPI as that document uses.
struct AnswerSchema {
    let document: Value
    private let schemas: ValueMap
    private let routes: [(method: String, segments: [Substring], schema: Value)]

    init?(_ document: Value?) {
        guard let document, let schemas = document[path: "components.schemas"]?.map else { return nil }
        self.document = document
        self.schemas = schemas
        routes = (document["paths"]?.map ?? [:]).flatMap { entry in
            (entry.value.map ?? [:]).compactMap { operation in
                let content = operation.value[path: "responses.200.content"]
                guard let schema = content?["application/json"]?["schema"] else { return nil }
                let segments = (entry.key.string ?? "").split(separator: "/")
                return ((operation.key.string ?? "").uppercased(), segments, schema)
            }
        }
    }

    /// The schema of a route's answer; nil where the document does not have the route.
    func answer(_ method: String, _ path: String) -> Value? {
        let segments = path.split(separator: "/")
        let fitting = routes.filter { route in
            route.method == method && route.segments.count == segments.count
                && zip(route.segments, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        // `/search` before `/{id}`.
        return fitting.min { a, b in
            a.segments.count { $0.hasPrefix("{") } < b.segments.count { $0.hasPrefix("{") }
        }?.schema
    }

    func named(_ name: String) -> Value? { schemas[name] }

    /// What is wrong with a value, each as `payment_intent.status: …`.
    func problems(_ value: Value, _ schema: Value, at path: String) -> [String] {
        guard let keys = schema.map else { return [] }
        if let target = keys["$ref"]?.string {
            let name = String(target.split(separator: "/").last ?? "")
            guard let found = schemas[name] else { return ["\(path): no schema \(name)"] }
            let inner = problems(value, found, at: path)
            return value == .null && keys["nullable"] == true ? [] : inner
        }
        if value == .null {
            let mayBeNull =
                keys["nullable"] == true || keys["enum"]?.list?.contains(.null) == true
                || keys["anyOf"]?.list?.contains { problems(value, $0, at: path).isEmpty } == true
            return mayBeNull ? [] : ["\(path): is null"]
        }
        if let branches = keys["anyOf"]?.list {
            let tries = branches.map { problems(value, $0, at: path) }
            if tries.contains([]) { return [] }
            // The branch of the right kind says more than those of other kinds.
            let likely = tries.filter { $0.allSatisfy { !$0.hasPrefix("\(path): is ") } }
            return (likely.isEmpty ? tries : likely).min { $0.count < $1.count } ?? []
        }
        if let allowed = keys["enum"]?.list, keys["x-open-enum"] != true, !allowed.contains(value) {
            return ["\(path): is \(JSON.write(value)), none of the published values"]
        }
        return shape(value, keys, path)
    }

    private func shape(_ value: Value, _ keys: ValueMap, _ path: String) -> [String] {
        switch (keys["type"]?.string, value) {
        case ("string", .string(let text)):
            if let most = keys["maxLength"]?.int, text.unicodeScalars.count > Int(most) { return ["\(path): too long"] }
            return []
        case ("integer", .int), ("number", .int), ("number", .double), ("boolean", .bool), (nil, _): return []
        case ("array", .list(let items)):
            guard let schema = keys["items"] else { return [] }
            return items.flatMap { problems($0, schema, at: "\(path)[]") }
        case ("object", .map(let map)): return members(map, keys, path)
        default: return ["\(path): is \(JSON.write(value).prefix(40)), no \(keys["type"]?.string ?? "")"]
        }
    }

    private func members(_ map: ValueMap, _ keys: ValueMap, _ path: String) -> [String] {
        let properties = keys["properties"]?.map
        var found: [String] = []
        for name in keys["required"]?.list ?? [] where map[value: name] == nil {
            found.append("\(path).\(name.string ?? ""): is missing")
        }
        for (key, member) in map {
            let name = key.string ?? ""
            // Codes of errors are published as a closed list, and test mode was seen to answer with others.
            if name == "code", member.string != nil { continue }
            if let schema = properties?[name] {
                found += problems(member, schema, at: "\(path).\(name)")
            } else if let rest = keys["additionalProperties"], rest.map != nil {
                found += problems(member, rest, at: "\(path).\(name)")
            } else if properties?.isEmpty == false {
                found.append("\(path).\(name): is not published")
            }
        }
        return found
    }
}
