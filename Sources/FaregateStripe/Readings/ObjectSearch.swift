// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

/// A search over objects of one kind. The API's is late and forgetful; this one sees everything at once.
struct ObjectSearch: Sendable {
    private let kind: String
    private let fields: [String]

    init(_ row: Value) {
        kind = row["of"]?.string ?? ""
        fields = (row["fields"]?.list ?? []).compactMap(\.string)
    }

    func answer(_ glance: Glance) throws(Refusal) -> Value {
        let query = try SearchQuery(glance.params["query"]?.string ?? "", fields: fields)
        let limit = glance.params["limit"]?.int ?? 10
        guard (1...100).contains(limit) else {
            throw .invalid(
                "This value must be from 1 to 100: it was \(limit).", code: "parameter_invalid_integer", param: "limit")
        }
        var data: [Value] = []
        var next = Value.null
        let ids = glance.catalog.number(of: kind).map(glance.world.ids(of:)) ?? []
        var start = ids.count
        if let page = glance.params["page"]?.string {
            guard let place = glance.object(page, of: kind)?.place else {
                throw .invalid("Invalid page: '\(page)' is none that a search has given.", param: "page")
            }
            start = place
        }
        for place in (0..<start).reversed() {
            guard let object = glance.world.objects[ids[place]], object.body["deleted"] != true else { continue }
            let shown = glance.catalog.shown(object)
            guard query.matches(shown) else { continue }
            if data.count == Int(limit) {
                next = data.last?["id"] ?? .null
                break
            }
            data.append(shown)
        }
        return [
            "object": "search_result", "data": .list(data), "has_more": .bool(next != .null), "next_page": next,
            "url": .string(glance.path),
        ]
    }
}

/// `status:'succeeded' AND metadata['order']:'7'`, joined by AND or by OR.
struct SearchQuery: Sendable {
    private struct Clause: Sendable {
        var path: [String]
        var sign: String
        var wanted: String
        var isNegated: Bool
    }

    private var clauses: [Clause] = []
    private var joinedByOr = false

    init(_ text: String, fields: [String]) throws(Refusal) {
        var reader = Reader(rest: Substring(text))
        while true {
            clauses.append(try reader.clause(fields))
            guard let word = try reader.joint() else { break }
            if clauses.count > 1, (word == "OR") != joinedByOr {
                throw Self.unreadable("AND and OR cannot be used in one query")
            }
            joinedByOr = word == "OR"
        }
    }

    func matches(_ body: Value) -> Bool {
        joinedByOr
            ? clauses.contains { Self.holds($0, body) } : clauses.allSatisfy { Self.holds($0, body) }
    }

    private static func holds(_ clause: Clause, _ body: Value) -> Bool {
        var value: Value? = body
        for step in clause.path { value = value?[step] }
        return compare(value ?? .null, clause) != clause.isNegated
    }

    private static func compare(_ value: Value, _ clause: Clause) -> Bool {
        switch (clause.sign, value) {
        case (":", .null): return clause.wanted == "null"
        case (":", .string(let text)): return text.lowercased() == clause.wanted.lowercased()
        case (":", .int(let number)): return String(number) == clause.wanted
        case (":", .bool(let flag)): return String(flag) == clause.wanted
        case ("~", .string(let text)): return text.lowercased().holds(clause.wanted.lowercased())
        case (_, .int(let number)):
            guard let wanted = Int64(clause.wanted) else { return false }
            switch clause.sign {
            case ">": return number > wanted
            case "<": return number < wanted
            case ">=": return number >= wanted
            case "<=": return number <= wanted
            default: return false
            }
        default: return false
        }
    }

    fileprivate static func unreadable(_ why: String) -> Refusal {
        .invalid("We could not read the query: \(why).")
    }

    private struct Reader {
        var rest: Substring

        private mutating func skip() { rest = rest.drop { $0 == " " } }

        mutating func joint() throws(Refusal) -> String? {
            skip()
            if rest.isEmpty { return nil }
            for word in ["AND ", "OR "] where rest.hasPrefix(word) {
                rest = rest.dropFirst(word.count)
                return String(word.dropLast())
            }
            // Clauses side by side are joined by AND.
            return "AND"
        }

        mutating func clause(_ fields: [String]) throws(Refusal) -> Clause {
            skip()
            let isNegated = rest.first == "-"
            if isNegated { rest = rest.dropFirst() }
            let field = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
            rest = rest.dropFirst(field.count)
            var path = field.split(separator: ".").map(String.init)
            if rest.first == "[" {
                rest = rest.dropFirst()
                path.append(try quoted())
                guard rest.first == "]" else { throw SearchQuery.unreadable("a bracket is not closed") }
                rest = rest.dropFirst()
            }
            guard fields.contains(String(field)) else {
                throw .invalid("Field '\(field)' is an unsupported search field for this resource.")
            }
            guard let sign = [">=", "<=", ":", "~", ">", "<"].first(where: { rest.hasPrefix($0) }) else {
                throw SearchQuery.unreadable("'\(field)' is compared with nothing")
            }
            rest = rest.dropFirst(sign.count)
            return Clause(path: path, sign: sign, wanted: try value(), isNegated: isNegated)
        }

        private mutating func value() throws(Refusal) -> String {
            if rest.first == "'" || rest.first == "\"" { return try quoted() }
            let word = rest.prefix { $0 != " " }
            rest = rest.dropFirst(word.count)
            guard !word.isEmpty else { throw SearchQuery.unreadable("a value is missing") }
            return String(word)
        }

        private mutating func quoted() throws(Refusal) -> String {
            guard let quote = rest.first, quote == "'" || quote == "\"" else {
                throw SearchQuery.unreadable("a quote is missing")
            }
            rest = rest.dropFirst()
            var text = ""
            while let next = rest.first, next != quote {
                rest = rest.dropFirst()
                if next == "\\", let escaped = rest.first {
                    text.append(escaped)
                    rest = rest.dropFirst()
                } else {
                    text.append(next)
                }
            }
            guard rest.first == quote else { throw SearchQuery.unreadable("a quote is not closed") }
            rest = rest.dropFirst()
            return text
        }
    }
}

extension String {
    /// Whether another text stands somewhere in this one.
    fileprivate func holds(_ part: String) -> Bool {
        guard !part.isEmpty else { return true }
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(part) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
