// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

/// Objects in place of their ids, where a request asks for it.
struct Expansion: Sendable {
    /// By kind of object, by dotted path: the kind that stands there.
    private let targets: [String: [String: String]]
    /// What a route answers with, by its name; a list is a list of these.
    private let answers: [String: (kind: String, isList: Bool)]

    init(_ routes: Value) {
        targets = (routes["expandable"]?.map ?? [:]).reduce(into: [:]) { targets, entry in
            targets[entry.key.string ?? ""] = (entry.value.map ?? [:]).reduce(into: [:]) {
                $0[$1.key.string ?? ""] = $1.value.string ?? ""
            }
        }
        var answers: [String: (kind: String, isList: Bool)] = [:]
        for row in (routes["lists"]?.list ?? []) + (routes["searches"]?.list ?? []) {
            answers[row["name"]?.string ?? ""] = (row["of"]?.string ?? "", true)
        }
        self.answers = answers
    }

    /// Refuses paths that lead nowhere, before anything is done.
    func check(_ route: String, _ params: ValueMap) throws(Refusal) {
        for path in params["expand"]?.list ?? [] {
            let text = path.string ?? ""
            let steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard steps.count <= 4 else {
                throw .invalid("You cannot expand more than 4 levels of a property: \(text).", param: "expand")
            }
            var rest = steps[...]
            var kind = String(route.prefix { $0 != "." })
            if let answer = answers[route] {
                kind = answer.kind
                guard rest.first == "data" else { throw Self.unexpandable(text) }
                rest = rest.dropFirst()
            } else if route == "customer.payment_method" {
                kind = "payment_method"
            }
            while !rest.isEmpty {
                guard let (length, next) = step(rest, of: kind) else { throw Self.unexpandable(text) }
                guard next != "not_modelled" else {
                    throw .notModelled("Faregate's mock does not model what '\(text)' would show.", param: "expand")
                }
                rest = rest.dropFirst(length)
                kind = next
            }
        }
    }

    /// The next thing on the way: how many steps it takes, and its kind.
    private func step(_ rest: ArraySlice<String>, of kind: String) -> (Int, String)? {
        guard let own = targets[kind] else { return nil }
        for length in 1...rest.count {
            if let next = own[rest.prefix(length).joined(separator: ".")] { return (length, next) }
        }
        return nil
    }

    private static func unexpandable(_ path: String) -> Refusal {
        .invalid("This property cannot be expanded (\(path)).", param: "expand")
    }

    // MARK: Carrying out

    func expanded(_ body: Value, _ params: ValueMap, _ world: World, _ catalog: Catalog) -> Value {
        var body = body
        for path in params["expand"]?.list ?? [] {
            body = expanded(body, (path.string ?? "").split(separator: ".")[...], world, catalog)
        }
        return body
    }

    private func expanded(_ value: Value, _ path: ArraySlice<Substring>, _ world: World, _ catalog: Catalog) -> Value {
        switch value {
        case .list(let items): return .list(items.map { expanded($0, path, world, catalog) })
        case .string(let id):
            guard let object = world.objects[id] else { return value }
            return expanded(catalog.shown(object), path, world, catalog)
        case .map(var map):
            guard let step = path.first else { return value }
            let name = String(step)
            if let member = map[name] {
                map[name] = expanded(member, path.dropFirst(), world, catalog)
            } else if name == "refunds", map["object"] == "charge", let id = map["id"]?.string {
                map[name] = expanded(refunds(of: id, world, catalog), path.dropFirst(), world, catalog)
            }
            return .map(map)
        default: return value
        }
    }

    /// A charge shows its refunds only where it is asked to.
    private func refunds(of charge: String, _ world: World, _ catalog: Catalog) -> Value {
        let ids = catalog.number(of: "refund").map(world.ids(of:)) ?? []
        let own = ids.reversed().compactMap { world.objects[$0] }.filter { $0.body["charge"]?.string == charge }
        return [
            "object": "list", "data": .list(own.prefix(10).map { catalog.shown($0) }),
            "has_more": .bool(own.count > 10),
            "url": .string("/v1/charges/\(charge)/refunds"),
        ]
    }
}
