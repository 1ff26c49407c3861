// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Moves the points of a layered picture sideways, close to what they are joined with, without changing their order.
struct Columns {
    let graph: Ranks
    let rows: [[Int]]
    let widths: [Double]
    let gap: Double

    /// The centres' horizontal positions.
    func positions() -> [Double] {
        var x = [Double](repeating: 0, count: widths.count)
        for row in rows {
            var left = 0.0
            for point in row {
                x[point] = left + widths[point] / 2
                left += widths[point] + gap
            }
        }
        for turn in 0..<64 {
            // The last turns look both ways, for symmetry.
            let both = turn >= 24
            let isDownwards = turn % 2 == 0
            let means = means(x)
            for number in isDownwards ? Array(rows.indices) : rows.indices.reversed() {
                settle(rows[number], &x, means) { point in
                    both
                        ? graph.above[point] + graph.below[point]
                        : isDownwards ? graph.above[point] : graph.below[point]
                }
            }
        }
        return x
    }

    /// The places of a row that are nearest to those wanted (weighted squares), as the order and the gaps allow: with the
    /// gaps taken off, places may only rise, and neighbours that would have to fall are put together at their mean.
    private func settle(
        _ row: [Int], _ x: inout [Double], _ means: [Int: Double], _ neighbours: (Int) -> [Int]
    ) {
        var offset = 0.0
        var offsets: [Double] = []
        var blocks: [(sum: Double, weight: Double, count: Int)] = []
        for (place, point) in row.enumerated() {
            if place > 0 { offset += (widths[row[place - 1]] + widths[point]) / 2 + gap(row[place - 1], point) }
            offsets.append(offset)
            let near = neighbours(point)
            var wanted = x[point]
            var weight = 0.2
            if !near.isEmpty {
                weight = Double(near.count)
                wanted = near.reduce(0) { $0 + x[$1] } / weight
            }
            if let mean = means[point] {
                // Long arrows want to be straight more than anything else.
                wanted = (wanted * weight + mean * 12) / (weight + 12)
                weight += 12
            }
            blocks.append(((wanted - offset) * weight, weight, 1))
            while blocks.count > 1, mean(blocks[blocks.count - 2]) > mean(blocks[blocks.count - 1]) {
                let last = blocks.removeLast()
                blocks[blocks.count - 1].sum += last.sum
                blocks[blocks.count - 1].weight += last.weight
                blocks[blocks.count - 1].count += last.count
            }
        }
        var place = 0
        for block in blocks {
            for _ in 0..<block.count {
                x[row[place]] = mean(block) + offsets[place]
                place += 1
            }
        }
    }

    /// Where an arrow's helper points are, on average, for those that have several.
    private func means(_ x: [Double]) -> [Int: Double] {
        var means: [Int: Double] = [:]
        for chain in graph.chains where chain.points.count > 3 {
            let helpers = chain.points.dropFirst().dropLast()
            let mean = helpers.reduce(0) { $0 + x[$1] } / Double(helpers.count)
            for helper in helpers { means[helper] = mean }
        }
        return means
    }

    private func mean(_ block: (sum: Double, weight: Double, count: Int)) -> Double { block.sum / block.weight }

    /// Arrows may run closer to each other than boxes stand.
    private func gap(_ a: Int, _ b: Int) -> Double {
        graph.isHelper(a) || graph.isHelper(b) ? gap / 2 : gap
    }
}
