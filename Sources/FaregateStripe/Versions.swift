// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Names that have changed with the API's versions. Inside, only today's are known.
enum Versions {
    /// The version since which today's names of statuses and fields hold.
    ///
    /// The statuses are documented (first footnote of the lifecycle page); the field names are remembered, not verified.
    private static let renaming = "2019-02-11"

    /// The names of versions since they have names, the oldest first.
    static let releases = ["acacia", "basil", "clover", "dahlia"]

    private static let fields = [
        ("payment_method_types", "allowed_source_types"), ("next_action", "next_source_action"),
    ]
    private static let statuses = [
        ("requires_payment_method", "requires_source"), ("requires_action", "requires_source_action"),
    ]

    /// Today's names of fields by their old ones.
    static let formerParams = Dictionary(fields.map { ($0.1, $0.0) }) { first, _ in first }

    /// Fields of intents that had another name in a version.
    static func formerFields(_ version: String) -> [(now: String, former: String)] {
        isOld(version) ? fields.map { (now: $0.0, former: $0.1) } : []
    }

    /// Whether intents were captured synchronously unless they said otherwise: remembered, not verified.
    static func capturesAtOnce(_ version: String) -> Bool { version.prefix(10) < "2024-04-10" }

    private static func isOld(_ version: String) -> Bool { version.prefix(10) < renaming }

    /// Old names are taken at every version: whether newer ones refuse them is not known.
    static func modern(_ params: Value, _ version: String) -> Value {
        guard case .map(var map) = params else { return params }
        for (new, old) in fields {
            if let value = map[old], map[new] == nil {
                map[new] = value
                map[old] = nil
            }
        }
        return .map(map)
    }

    static func rendered(_ body: Value, _ version: String) -> Value {
        guard isOld(version) else { return body }
        switch body {
        case .list(let items): return .list(items.map { rendered($0, version) })
        // An event keeps the version that it was made in.
        case .map(let map) where map["object"] == "event": return body
        case .map(let map):
            let isIntent = map["object"] == "payment_intent" || map["object"] == "setup_intent"
            var old = ValueMap()
            for (key, value) in map {
                guard isIntent, let name = key.string else {
                    old[value: key] = rendered(value, version)
                    continue
                }
                let former = fields.first { $0.0 == name }?.1 ?? name
                switch name {
                case "status": old[former] = statuses.first { .string($0.0) == value }.map { .string($0.1) } ?? value
                case "next_action": old[former] = action(value)
                default: old[former] = rendered(value, version)
                }
            }
            return .map(old)
        default: return body
        }
    }

    private static func action(_ value: Value) -> Value {
        guard case .map(var map) = value, map["type"] == "redirect_to_url" else { return value }
        map["type"] = "authorize_with_url"
        map["authorize_with_url"] = map["redirect_to_url"]
        map["redirect_to_url"] = nil
        return .map(map)
    }
}
