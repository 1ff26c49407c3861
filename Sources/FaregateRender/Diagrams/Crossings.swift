// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Orders the rows of a layered picture so that few arrows cross.
struct Crossings {
    let graph: Ranks

    /// Sorts each row by where its neighbours stand, downwards and upwards in turn, and keeps the best order seen.
    func reduce(_ rows: inout [[Int]]) {
        var best = rows
        var least = count(rows)
        for turn in 0..<24 where least > 0 {
            sort(&rows, downwards: turn % 2 == 0)
            swapNeighbours(&rows)
            let crossings = count(rows)
            if crossings < least { (best, least) = (rows, crossings) }
        }
        rows = best
    }

    private func sort(_ rows: inout [[Int]], downwards: Bool) {
        for number in downwards ? Array(rows.indices) : rows.indices.reversed() {
            let other = number + (downwards ? -1 : 1)
            guard rows.indices.contains(other) else { continue }
            let places = places(rows[other])
            let weights = rows[number].enumerated().map { place, point -> Double in
                let neighbours = (downwards ? graph.above[point] : graph.below[point]).compactMap { places[$0] }
                // What has no neighbour there stays where it is.
                return neighbours.isEmpty
                    ? Double(place) : Double(neighbours.reduce(0, +)) / Double(neighbours.count)
            }
            let order = rows[number].indices.sorted { (weights[$0], $0) < (weights[$1], $1) }
            rows[number] = order.map { rows[number][$0] }
        }
    }

    /// Two that stand side by side change places where that helps.
    private func swapNeighbours(_ rows: inout [[Int]]) {
        for number in rows.indices where rows[number].count > 1 {
            let upper = number > 0 ? places(rows[number - 1]) : [:]
            let lower = number + 1 < rows.count ? places(rows[number + 1]) : [:]
            for left in 0..<(rows[number].count - 1) {
                let (a, b) = (rows[number][left], rows[number][left + 1])
                let now = pairs(graph.above[a], graph.above[b], upper) + pairs(graph.below[a], graph.below[b], lower)
                let then = pairs(graph.above[b], graph.above[a], upper) + pairs(graph.below[b], graph.below[a], lower)
                if then < now { rows[number].swapAt(left, left + 1) }
            }
        }
    }

    private func pairs(_ left: [Int], _ right: [Int], _ places: [Int: Int]) -> Int {
        var count = 0
        for a in left {
            for b in right where places[a, default: 0] > places[b, default: 0] { count += 1 }
        }
        return count
    }

    private func places(_ row: [Int]) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: row.enumerated().map { ($1, $0) })
    }

    /// How many pairs of arrows cross, counted as inversions.
    func count(_ rows: [[Int]]) -> Int {
        var crossings = 0
        for number in rows.indices.dropLast() {
            let lower = places(rows[number + 1])
            var ends: [Int] = []
            for point in rows[number] { ends += graph.below[point].compactMap { lower[$0] }.sorted() }
            var tree = [Int](repeating: 0, count: rows[number + 1].count + 1)
            for (seen, end) in ends.enumerated() {
                var notAfter = 0
                var at = end + 1
                while at > 0 {
                    notAfter += tree[at]
                    at &= at - 1
                }
                crossings += seen - notAfter
                at = end + 1
                while at < tree.count {
                    tree[at] += 1
                    at += at & -at
                }
            }
        }
        return crossings
    }
}
