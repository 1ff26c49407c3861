// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire

/// A list of objects of one kind, newest first.
struct ObjectList: Sendable {
    private let kind: String
    /// Parameters and the fields that must equal them.
    private let filters: [(param: String, field: String)]
    /// Parameters without which the list is empty.
    private let needed: String?
    /// The kind of object whose id stands in the path, and the field that names it.
    private let owner: String?

    init(_ row: Value) {
        kind = row["of"]?.string ?? ""
        filters = (row["filters"]?.list ?? []).compactMap(\.string).map { ($0, $0) }
        needed = row["empty_without"]?.string
        owner = row["owner"]?.string
    }

    func answer(_ glance: Glance) throws(Refusal) -> Value {
        let params = glance.params
        if let owner {
            guard let object = glance.object(glance.ids[0], of: owner), object.body["deleted"] != true else {
                throw .missing(owner, glance.ids[0], param: owner)
            }
        }
        var page = try Page(params)
        if let needed, params[needed] == nil { return page.body(glance.path) }
        if kind == "event" {
            try page.take(from: glance.world.events.count, at: { glance.world.eventPlaces[$0] }) { place in
                let event = glance.world.events[place].body
                return matches(event, glance) && isOfType(event, params) ? event : nil
            }
        } else if let number = glance.catalog.number(of: kind) {
            let ids = glance.world.ids(of: number)
            try page.take(from: ids.count, at: { glance.object($0, of: kind)?.place }) { place in
                guard let object = glance.world.objects[ids[place]], object.body["deleted"] != true,
                    matches(.map(object.body), glance)
                else { return nil }
                return glance.catalog.shown(object)
            }
        }
        return page.body(glance.path)
    }

    private func matches(_ body: Value, _ glance: Glance) -> Bool {
        if let owner, body[owner]?.string != glance.ids[0] { return false }
        for filter in filters {
            if let wanted = glance.params[filter.param], body[filter.field] != wanted { return false }
        }
        return isCreated(body["created"]?.int ?? 0, glance.params["created"])
    }

    private func isCreated(_ created: Int64, _ wanted: Value?) -> Bool {
        switch wanted {
        case .int(let exact)?: return created == exact
        case .map(let range)?:
            func holds(_ name: String, _ test: (Int64, Int64) -> Bool) -> Bool {
                range[name]?.int.map { test(created, $0) } ?? true
            }
            return holds("gt", >) && holds("gte", >=) && holds("lt", <) && holds("lte", <=)
        default: return true
        }
    }

    private func isOfType(_ event: Value, _ params: ValueMap) -> Bool {
        let types = params["types"]?.list ?? params["type"].map { [$0] } ?? []
        guard !types.isEmpty, let type = event["type"]?.string else { return true }
        return types.contains { wanted in
            guard let wanted = wanted.string, wanted.hasSuffix(".*") else { return wanted.string == type }
            return type.hasPrefix(wanted.dropLast())
        }
    }
}

/// One page of a list, and where it begins.
struct Page {
    private let limit: Int
    private let after: String?
    private let before: String?
    private var data: [Value] = []
    private var hasMore = false

    init(_ params: ValueMap) throws(Refusal) {
        let limit = params["limit"]?.int ?? 10
        guard (1...100).contains(limit) else {
            throw .invalid(
                "This value must be from 1 to 100: it was \(limit).", code: "parameter_invalid_integer", param: "limit")
        }
        self.limit = Int(limit)
        after = params["starting_after"]?.string
        before = params["ending_before"]?.string
    }

    /// Takes what is shown, newest first; places count from the oldest.
    mutating func take(
        from count: Int, at place: (String) -> Int?, _ show: (Int) -> Value?
    ) throws(Refusal) {
        if let before {
            guard let start = place(before) else { throw Self.unknown("ending_before", before) }
            collect(start + 1..<count, show)
            data.reverse()
        } else if let after {
            guard let start = place(after) else { throw Self.unknown("starting_after", after) }
            collect((0..<start).reversed(), show)
        } else {
            collect((0..<count).reversed(), show)
        }
    }

    private mutating func collect(_ places: some Sequence<Int>, _ show: (Int) -> Value?) {
        for place in places {
            guard let item = show(place) else { continue }
            if data.count == limit {
                hasMore = true
                return
            }
            data.append(item)
        }
    }

    private static func unknown(_ param: String, _ id: String) -> Refusal {
        .invalid("No such object: '\(id)'", code: "resource_missing", param: param)
    }

    func body(_ url: String) -> Value {
        ["object": "list", "data": .list(data), "has_more": .bool(hasMore), "url": .string(url)]
    }
}
