// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Testing

@testable import FaregateRender

@Suite struct LayeredLayoutTests {
    struct Graph: Sendable, CustomTestStringConvertible {
        var count: Int
        var links: [[Int]]
        var testDescription: String { "\(count) boxes, \(links.count) links" }
    }

    /// A few by hand, and many whose links come from a hash: cycles, loops, parts that nobody comes to.
    static let graphs: [Graph] =
        [
            Graph(count: 1, links: []), Graph(count: 1, links: [[0, 0]]), Graph(count: 2, links: [[0, 1], [1, 0]]),
            Graph(count: 4, links: [[0, 1], [0, 2], [1, 3], [2, 3], [3, 0]]), Graph(count: 3, links: [[1, 2]]),
        ]
        + (1...40).map { number in
            let count = 2 + number % 13
            var links: Set<[Int]> = []
            for link in 0..<(count * 2) {
                let hash = StableHash("\(number)/\(link)").low
                links.insert([Int(hash % UInt64(count)), Int(hash / 1000 % UInt64(count))])
            }
            return Graph(count: count, links: links.sorted { $0.lexicographicallyPrecedes($1) })
        }

    static func size(_ number: Int) -> LayeredLayout.Size {
        .init(width: Double(40 + number * 7 % 90), height: Double(24 + number * 5 % 20))
    }

    static func layout(_ graph: Graph) -> LayeredLayout? {
        LayeredLayout(
            boxes: (0..<graph.count).map(size),
            links: graph.links.enumerated().map {
                .init(source: $1[0], target: $1[1], label: .init(width: Double(20 + $0 * 11 % 80), height: 18))
            }, start: 0)
    }

    @Test(arguments: graphs) func nothingCoversAnythingElse(_ graph: Graph) throws {
        let layout = try #require(Self.layout(graph))
        var rectangles = layout.centers.enumerated().map { ($1, Self.size($0)) }
        for (number, route) in layout.routes.enumerated() {
            rectangles.append((route.label, .init(width: Double(20 + number * 11 % 80), height: 18)))
        }
        for (number, a) in rectangles.enumerated() {
            #expect(a.0.x - a.1.width / 2 >= 0 && a.0.x + a.1.width / 2 <= layout.size.width)
            #expect(a.0.y - a.1.height / 2 >= 0 && a.0.y + a.1.height / 2 <= layout.size.height)
            for b in rectangles[(number + 1)...] {
                let apart =
                    abs(a.0.x - b.0.x) * 2 >= a.1.width + b.1.width - 0.01
                    || abs(a.0.y - b.0.y) * 2 >= a.1.height + b.1.height - 0.01
                #expect(apart)
            }
        }
    }

    @Test(arguments: graphs) func arrowsBeginAndEndAtTheirBoxes(_ graph: Graph) throws {
        let layout = try #require(Self.layout(graph))
        for (link, route) in zip(graph.links, layout.routes) {
            for (box, end) in [(link[0], route.points.first), (link[1], route.points.last)] {
                let (center, size) = (layout.centers[box], Self.size(box))
                let point = try #require(end)
                #expect(abs(point.x - center.x) <= size.width / 2 + 0.01)
                #expect(abs(point.y - center.y) <= size.height / 2 + 0.01)
            }
        }
    }

    @Test func arrowsPointDownwardsWhereThereIsNoCycle() throws {
        let graph = Graph(count: 6, links: [[0, 1], [0, 2], [1, 3], [2, 3], [3, 4], [0, 5], [4, 5]])
        let layout = try #require(Self.layout(graph))
        for link in graph.links { #expect(layout.centers[link[0]].y < layout.centers[link[1]].y) }
    }

    @Test func orderAvoidsCrossings() {
        // Two by two, crossed as they are written.
        var graph = Ranks(
            count: 4,
            links: [.init(source: 0, target: 3, label: .zero), .init(source: 1, target: 2, label: .zero)], start: 0)
        let fits = graph.helpers(within: 100)
        #expect(fits)
        let labels = [4, 5]
        var rows = [[0, 1], labels, [2, 3]]
        #expect(Crossings(graph: graph).count(rows) == 1)
        Crossings(graph: graph).reduce(&rows)
        #expect(Crossings(graph: graph).count(rows) == 0)
    }

    @Test func theSameGraphGivesTheSamePicture() throws {
        let (a, b) = (try #require(Self.layout(Self.graphs[20])), try #require(Self.layout(Self.graphs[20])))
        #expect(a.centers == b.centers)
    }

    @Test func whatIsTooLargeIsRefused() {
        let many = (0..<3000).map { [$0, $0 + 1] } + (0..<3000).map { [0, $0 + 1] }
        #expect(Self.layout(Graph(count: 3001, links: many)) == nil)
    }
}
