// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The rows of a layered picture, before anything in them has an order.
struct Ranks {
    enum Point {
        case box(Int)
        /// Where the label of a link stands.
        case label(Int)
        /// Where a long link passes through.
        case helper
    }

    /// A link through its helper points, from the upper box to the lower one.
    struct Chain {
        var points: [Int] = []
        /// It points upwards.
        var isTurned = false
        /// The point of the label.
        var label = 0
    }

    /// Boxes first.
    private(set) var points: [Point]
    private(set) var rank: [Int]
    private(set) var chains: [Chain]
    /// What a point is joined with in the row above, in the row below.
    private(set) var above: [[Int]]
    private(set) var below: [[Int]]

    private let links: [(upper: Int, lower: Int, isTurned: Bool)?]

    init(count: Int, links: [LayeredLayout.Link], start: Int) {
        points = (0..<count).map(Point.box)
        let turned = Self.turned(count: count, links, start: start)
        self.links = links.enumerated().map { number, link in
            if link.source == link.target { return nil }
            return turned[number]
                ? (link.target, link.source, true) : (link.source, link.target, false)
        }
        // Boxes have the even rows, labels the odd ones.
        rank = Self.layers(count: count, self.links.compactMap { $0 }.map { ($0.upper, $0.lower) }).map { $0 * 2 }
        chains = links.map { _ in Chain() }
        above = Array(repeating: [], count: count)
        below = above
    }

    /// The links that close a cycle, found by going through the graph from its start. No recursion: a flow may be long.
    private static func turned(count: Int, _ links: [LayeredLayout.Link], start: Int) -> [Bool] {
        var turned = links.map { _ in false }
        var outgoing = [[Int]](repeating: [], count: count)
        for (number, link) in links.enumerated() where link.source != link.target {
            outgoing[link.source].append(number)
        }
        var state = [UInt8](repeating: 0, count: count)
        for root in [start] + (0..<count) where state[root] == 0 {
            var way: [(box: Int, next: Int)] = [(root, 0)]
            state[root] = 1
            while let (box, next) = way.last {
                guard next < outgoing[box].count else {
                    state[box] = 2
                    way.removeLast()
                    continue
                }
                way[way.count - 1].next += 1
                let link = outgoing[box][next]
                let target = links[link].target
                if state[target] == 1 {
                    turned[link] = true
                } else if state[target] == 0 {
                    state[target] = 1
                    way.append((target, 0))
                }
            }
        }
        return turned
    }

    /// The longest way from above to each box.
    private static func layers(count: Int, _ links: [(upper: Int, lower: Int)]) -> [Int] {
        var layers = [Int](repeating: 0, count: count)
        var waiting = [Int](repeating: 0, count: count)
        var outgoing = [[Int]](repeating: [], count: count)
        for link in links {
            waiting[link.lower] += 1
            outgoing[link.upper].append(link.lower)
        }
        var ready = (0..<count).filter { waiting[$0] == 0 }
        while let box = ready.popLast() {
            for lower in outgoing[box] {
                layers[lower] = max(layers[lower], layers[box] + 1)
                waiting[lower] -= 1
                if waiting[lower] == 0 { ready.append(lower) }
            }
        }
        return layers
    }

    /// Lays all links through the rows between; false where that takes more points than allowed.
    mutating func helpers(within limit: Int) -> Bool {
        let needed = links.reduce(points.count) { $0 + ($1.map { rank[$0.lower] - rank[$0.upper] - 1 } ?? 0) }
        guard needed <= limit else { return false }
        for (number, link) in links.enumerated() {
            guard let link else { continue }
            var chain = Chain(points: [link.upper], isTurned: link.isTurned)
            // A label stands close to where its arrow begins.
            let labelled = link.isTurned ? rank[link.lower] - 1 : rank[link.upper] + 1
            for row in (rank[link.upper] + 1)..<rank[link.lower] {
                points.append(row == labelled ? .label(number) : .helper)
                rank.append(row)
                above.append([])
                below.append([])
                if row == labelled { chain.label = points.count - 1 }
                chain.points.append(points.count - 1)
            }
            chain.points.append(link.lower)
            for (upper, lower) in zip(chain.points, chain.points.dropFirst()) {
                below[upper].append(lower)
                above[lower].append(upper)
            }
            chains[number] = chain
        }
        return true
    }

    /// The points of each row, in the order in which a walk from above finds them.
    func rows() -> [[Int]] {
        var rows = [[Int]](repeating: [], count: (rank.max() ?? 0) + 1)
        var seen = [Bool](repeating: false, count: points.count)
        for root in points.indices where above[root].isEmpty && !seen[root] {
            var waiting = [root]
            seen[root] = true
            while let point = waiting.popLast() {
                rows[rank[point]].append(point)
                for next in below[point].reversed() where !seen[next] {
                    seen[next] = true
                    waiting.append(next)
                }
            }
        }
        return rows
    }

    func isHelper(_ point: Int) -> Bool {
        if case .box = points[point] { false } else { true }
    }
}
