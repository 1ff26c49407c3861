// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec

/// Tells what a method and a path ask for: an operation of a lifecycle, or a reading of the provider.
struct Router: Sendable {
    enum Target: Sendable {
        case operation(lifecycle: Int, operation: Int)
        case reading(Int)
    }

    struct Match {
        var target: Target
        /// What the parameters of the route are listed under: `payment_intent.confirm`.
        var name: String
        /// What stands for the placeholders, in order.
        var ids: [String]
    }

    private struct Pattern: Sendable {
        var segments: [String]
        var target: Target
        var name: String
        var isPlaceholder: [Bool]
    }

    /// By method and number of segments; those with the fewest placeholders first.
    private var patterns: [String: [[Pattern]]] = [:]

    init(_ catalog: Catalog, _ readings: [Reading]) {
        for (number, graph) in catalog.graphs.enumerated() {
            for (operation, item) in graph.lifecycle.operations.enumerated() {
                guard let route = item.route else { continue }
                add(
                    route, .operation(lifecycle: number, operation: operation),
                    name: "\(graph.lifecycle.name).\(item.name)")
            }
        }
        for (number, reading) in readings.enumerated() { add(reading.route, .reading(number), name: reading.name) }
    }

    private mutating func add(_ route: Lifecycle.Route, _ target: Target, name: String) {
        let length = route.segments.count
        let isPlaceholder = route.segments.map { $0.hasPrefix("{") }
        var byLength = patterns[route.method] ?? []
        while byLength.count <= length { byLength.append([]) }
        byLength[length].append(
            Pattern(segments: route.segments, target: target, name: name, isPlaceholder: isPlaceholder))
        byLength[length].sort { $0.isPlaceholder.count { $0 } < $1.isPlaceholder.count { $0 } }
        patterns[route.method] = byLength
    }

    func find(_ method: String, _ path: String) -> Match? {
        let segments = path.utf8.split(separator: UInt8(ascii: "/")).map(Substring.init)
        guard let byLength = patterns[method], segments.count < byLength.count else { return nil }
        for pattern in byLength[segments.count] {
            var ids: [String] = []
            var fits = true
            for (at, segment) in segments.enumerated() {
                if pattern.isPlaceholder[at] {
                    ids.append(String(segment))
                } else if pattern.segments[at] != segment {
                    fits = false
                    break
                }
            }
            if fits { return Match(target: pattern.target, name: pattern.name, ids: ids) }
        }
        return nil
    }
}
