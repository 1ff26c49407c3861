// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Places the boxes of a directed graph in rows, arrows downwards as far as there are no cycles.
///
/// The usual steps (Sugiyama, Tagawa, Toda 1981): turn the arrows that close a cycle, give each box a row, lay long arrows
/// through helper points in the rows between, order each row so that few arrows cross, then move everything close to what it
/// is joined with. Labels have rows of their own, so that they never cover a box. The same graph gives the same picture.
struct LayeredLayout {
    struct Size: Sendable, Hashable {
        var width: Double
        var height: Double

        static let zero = Size(width: 0, height: 0)
    }

    struct Point: Sendable, Hashable {
        var x: Double
        var y: Double
    }

    struct Link {
        var source: Int
        var target: Int
        var label: Size
    }

    /// The way of an arrow: a first point, then straight lines and curves in turn, beginning with a curve.
    struct Route {
        var points: [Point]
        /// The label's centre.
        var label: Point
    }

    private(set) var size = Size.zero
    /// The centres of the boxes.
    private(set) var centers: [Point] = []
    private(set) var routes: [Route] = []

    static let margin = 12.0
    private static let gapBetweenBoxes = 26.0
    private static let gapBetweenRows = 20.0
    /// Room beside a box for an arrow to itself.
    private static let loop = 26.0

    /// Pictures with more helper points than this are not made: their rows are too wide to be read.
    static let limit = 4000

    /// - Returns: nil where the graph is too large.
    init?(boxes: [Size], links: [Link], start: Int) {
        var graph = Ranks(count: boxes.count, links: links, start: start)
        guard graph.helpers(within: Self.limit) else { return nil }
        var rows = graph.rows()
        Crossings(graph: graph).reduce(&rows)
        place(graph, rows, boxes, links)
    }

    // MARK: Places

    private mutating func place(_ graph: Ranks, _ rows: [[Int]], _ boxes: [Size], _ links: [Link]) {
        let sizes = graph.points.map { point -> Size in
            switch point {
            case .box(let box): boxes[box]
            case .label(let link): links[link].label
            case .helper: Size(width: 8, height: 0)
            }
        }
        var widths = sizes.map(\.width)
        for link in links where link.source == link.target {
            // To both sides, as a box is placed by its centre.
            widths[link.source] = boxes[link.source].width + 2 * (Self.loop + link.label.width)
        }
        let x = Columns(graph: graph, rows: rows, widths: widths, gap: Self.gapBetweenBoxes).positions()
        var top = Self.margin
        var y = [Double](repeating: 0, count: sizes.count)
        var rowHeights = [Double](repeating: 0, count: sizes.count)
        for (number, row) in rows.enumerated() {
            let height = row.map { sizes[$0].height }.max() ?? 0
            for point in row {
                y[point] = top + height / 2
                rowHeights[point] = height
            }
            top += height + (number == rows.count - 1 ? 0 : Self.gapBetweenRows)
        }
        let left = zip(x, widths).map { $0 - $1 / 2 }.min() ?? 0
        let right = zip(x, widths).map { $0 + $1 / 2 }.max() ?? 0
        let centers = zip(x, y).map { Point(x: $0 - left + Self.margin, y: $1) }
        size = Size(width: right - left + 2 * Self.margin, height: top + Self.margin)
        self.centers = Array(centers.prefix(boxes.count))
        let ports = Ports(graph: graph, centers: centers, widths: boxes.map(\.width))
        routes = links.indices.map { number in
            if links[number].source == links[number].target {
                return loop(at: centers[links[number].source], boxes[links[number].source], links[number].label)
            }
            let chain = graph.chains[number]
            let (first, last) = (chain.points[0], chain.points[chain.points.count - 1])
            var points = [
                Point(x: ports.bottom(of: first, link: number), y: centers[first].y + sizes[first].height / 2)
            ]
            for helper in chain.points.dropFirst().dropLast() {
                points.append(Point(x: centers[helper].x, y: centers[helper].y - rowHeights[helper] / 2))
                points.append(Point(x: centers[helper].x, y: centers[helper].y + rowHeights[helper] / 2))
            }
            points.append(Point(x: ports.top(of: last, link: number), y: centers[last].y - sizes[last].height / 2))
            return Route(
                points: chain.isTurned ? points.reversed() : points, label: centers[chain.label])
        }
    }

    /// An arrow that leaves a box on the right and comes back.
    private func loop(at center: Point, _ box: Size, _ label: Size) -> Route {
        let x = center.x + box.width / 2
        let step = min(10, box.height / 4)
        return Route(
            points: [
                Point(x: x, y: center.y - step), Point(x: x + Self.loop, y: center.y - 1),
                Point(x: x + Self.loop, y: center.y + 1), Point(x: x, y: center.y + step),
            ], label: Point(x: x + Self.loop + label.width / 2 + 2, y: center.y))
    }
}

/// Where arrows leave and enter the boxes: side by side, in the order of where they go.
private struct Ports {
    private var bottoms: [Int: Double] = [:]
    private var tops: [Int: Double] = [:]

    private static let gap = 16.0

    init(graph: Ranks, centers: [LayeredLayout.Point], widths: [Double]) {
        var below: [Int: [(x: Double, link: Int)]] = [:]
        var above: [Int: [(x: Double, link: Int)]] = [:]
        for (link, chain) in graph.chains.enumerated() where chain.points.count > 1 {
            let count = chain.points.count
            below[chain.points[0], default: []].append((centers[chain.points[1]].x, link))
            above[chain.points[count - 1], default: []].append((centers[chain.points[count - 2]].x, link))
        }
        for (box, ends) in below { Self.spread(ends, at: centers[box].x, widths[box], into: &bottoms) }
        for (box, ends) in above { Self.spread(ends, at: centers[box].x, widths[box], into: &tops) }
    }

    private static func spread(
        _ ends: [(x: Double, link: Int)], at center: Double, _ width: Double, into ports: inout [Int: Double]
    ) {
        let sorted = ends.sorted { ($0.x, $0.link) < ($1.x, $1.link) }
        let step = min(gap, width * 0.8 / Double(max(1, sorted.count)))
        for (number, end) in sorted.enumerated() {
            ports[end.link] = center + (Double(number) - Double(sorted.count - 1) / 2) * step
        }
    }

    func bottom(of box: Int, link: Int) -> Double { bottoms[link] ?? 0 }
    func top(of box: Int, link: Int) -> Double { tops[link] ?? 0 }
}
