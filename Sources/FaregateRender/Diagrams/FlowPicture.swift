// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText

/// A flow as SVG: its parts are drawn once and used again for each path through it.
///
/// What a picture tells is told without colours too: an edge that nobody took is broken and has a cross, a path is thick and
/// its states are numbered.
package struct FlowPicture {
    let drawing: FlowDrawing
    /// What the ids of its parts begin with: `f3`.
    let prefix: String
    /// Edges that nobody took.
    let missed: Set<FlowDrawing.Edge>

    private let layout: LayeredLayout
    private let boxes: [Box]
    private let edges: [(edge: FlowDrawing.Edge, source: Int, target: Int, labels: [String])]
    private let labels: [Label]

    /// - Returns: nil where the flow is too large for a picture.
    package init?(_ drawing: FlowDrawing, prefix: String = "f", missed: Set<FlowDrawing.Edge> = []) {
        self.drawing = drawing
        self.prefix = prefix
        self.missed = missed
        edges = drawing.edges
        boxes = drawing.nodes.map(Box.init)
        labels = edges.map { Label($0.labels, isMissed: missed.contains($0.edge)) }
        let links = zip(edges, labels).map { edge, label in
            LayeredLayout.Link(source: edge.source, target: edge.target, label: label.size)
        }
        guard let layout = LayeredLayout(boxes: boxes.map(\.size), links: links, start: drawing.initial) else {
            return nil
        }
        self.layout = layout
    }

    /// The look of all pictures. Parts that are used again see no further than themselves, so their rules name them alone.
    package static let style = """
        .flow{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;color:#57606a;background:#fff}
        .f-line{fill:none;stroke:currentColor;stroke-width:1.4}
        .f-head{fill:currentColor;stroke:none}
        .f-box{fill:#f6f8fa;stroke:#57606a;stroke-width:1.2}
        .f-success .f-box{fill:#e6f6e9;stroke:#1a7f37;stroke-width:2}
        .f-failure .f-box{fill:#fdecea;stroke:#b42318;stroke-width:2}
        .f-canceled .f-box{fill:#fff6d9;stroke:#7d5700;stroke-width:2}
        .f-name{font-size:13px;font-weight:600;fill:#1f2328}
        .f-words{font-size:11px;fill:#424a53}
        .f-label{font-size:11px;fill:#1f2328}
        .f-never{font-size:11px;fill:#b42318}
        .f-ground{fill:#fff}
        .f-missed{color:#b42318;stroke-dasharray:5 4}
        .f-way{color:#0550ae}
        .f-wide{fill:none;stroke:#0550ae;stroke-width:3.6}
        .f-badge{fill:#0550ae}
        .f-broken{fill:#b42318}
        .f-order{font-size:11px;font-weight:700;fill:#fff}
        """

    // MARK: Pictures

    /// The whole flow, with the edges that nobody took, and the parts that other pictures use.
    package func whole(title: String, isAlone: Bool = false) -> String {
        var text = open(title: title, id: prefix, isAlone: isAlone)
        if isAlone {
            text += "<style>\(Self.style)</style>\n<rect class=\"f-ground\" width=\"100%\" height=\"100%\"/>\n"
        }
        text += "<defs>\n"
        for number in edges.indices { text += arrow(number) }
        text += "<g id=\"\(prefix)l\">\n" + edges.indices.map(label).joined() + "</g>\n"
        text += "<g id=\"\(prefix)n\">\n" + drawing.nodes.indices.map(node).joined() + "</g>\n"
        text += "</defs>\n<g id=\"\(prefix)b\">\n"
        text += start()
        for (number, edge) in edges.enumerated() {
            let look = missed.contains(edge.edge) ? " class=\"f-missed\"" : ""
            text += "<use href=\"#\(prefix)e\(number)\"\(look)/>"
        }
        return text + "\n<use href=\"#\(prefix)l\"/><use href=\"#\(prefix)n\"/>\n</g>\n</svg>\n"
    }

    /// The flow with one way through it. Needs the whole picture on the same page.
    ///
    /// - Parameters:
    ///   - id: tells the paths of a flow apart.
    ///   - isBroken: the run failed in the last state.
    package func path(_ way: [FlowDrawing.Edge], id: String, title: String, isBroken: Bool) -> String {
        let taken = Set(way)
        var text = open(title: title, id: "\(prefix)\(id)", isAlone: false)
        text += start() + "<g>"
        for number in edges.indices { text += "<use href=\"#\(prefix)e\(number)\"/>" }
        text += "</g>\n<g class=\"f-way\">"
        for (number, edge) in edges.enumerated() where taken.contains(edge.edge) {
            let route = layout.routes[number]
            let isLoop = edge.source == edge.target
            text += "<path class=\"f-wide\" d=\"\(curve(route.shortened(isLoop ? 0 : 8), isLoop))\"/>"
            text += "<path class=\"f-head\" d=\"\(head(route, isLoop, width: 7, length: 11))\"/>"
        }
        text += "</g>\n<use href=\"#\(prefix)l\"/><use href=\"#\(prefix)n\"/>\n"
        return text + badges(way, isBroken: isBroken) + "</svg>\n"
    }

    private func open(title: String, id: String, isAlone: Bool) -> String {
        let (width, height) = (layout.size.width.pixels, layout.size.height.pixels)
        let space = isAlone ? " xmlns=\"http://www.w3.org/2000/svg\"" : ""
        return "<svg\(space) class=\"flow\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\" "
            + "style=\"--width:\(width)px\" "
            + "role=\"img\" aria-labelledby=\"\(id)t\">\n<title id=\"\(id)t\">\(Markup.text(title.cut(to: 300)))</title>\n"
    }

    // MARK: Parts

    /// The sign of where a run begins: a dot on the box of the first state.
    private func start() -> String {
        let center = layout.centers[drawing.initial]
        let top = center.y - boxes[drawing.initial].size.height / 2
        return "<circle cx=\"\(center.x.pixels)\" cy=\"\((top - 6).pixels)\" r=\"4\" class=\"f-head\"/>\n"
    }

    private func node(_ number: Int) -> String {
        let node = drawing.nodes[number]
        let box = boxes[number]
        let center = layout.centers[number]
        let (left, top) = (center.x - box.size.width / 2, center.y - box.size.height / 2)
        // Waits and choices are known by their shape.
        let corner = node.isFinal ? box.size.height / 2 : node.kind == .wait ? 12 : node.kind == .choose ? 0 : 4
        var text = "<g class=\"f-\(node.kind.rawValue)\">"
        if box.isCut { text += "<title>\(Markup.text(node.name.cut(to: 300)))</title>" }
        if node.kind == .choose {
            text += "<path class=\"f-box\" d=\"M\(left.pixels) \(center.y.pixels)l9 \((-box.size.height / 2).pixels)"
            text +=
                "h\((box.size.width - 18).pixels)l9 \((box.size.height / 2).pixels)l-9 \((box.size.height / 2).pixels)"
            text += "h\((-(box.size.width - 18)).pixels)z\"/>"
        } else {
            text += "<rect class=\"f-box\" x=\"\(left.pixels)\" y=\"\(top.pixels)\" width=\"\(box.size.width.pixels)\" "
            text += "height=\"\(box.size.height.pixels)\" rx=\"\(corner.pixels)\"/>"
        }
        for (line, words) in box.lines.enumerated() {
            let y = top + 18 + Double(line) * 15
            let look = line < box.nameLines ? "f-name" : "f-words"
            text += "<text class=\"\(look)\" x=\"\(center.x.pixels)\" y=\"\(y.pixels)\" text-anchor=\"middle\">"
            text += "\(Markup.text(words))</text>"
        }
        return text + "</g>\n"
    }

    private func label(_ number: Int) -> String {
        let label = labels[number]
        guard !label.lines.isEmpty else { return "" }
        let center = layout.routes[number].label
        let (left, top) = (center.x - label.size.width / 2, center.y - label.size.height / 2)
        var text = "<g class=\"\(label.isMissed ? "f-never" : "f-label")\">"
        if label.isCut { text += "<title>\(Markup.text(label.whole.cut(to: 1000)))</title>" }
        text +=
            "<rect class=\"f-ground\" x=\"\(left.pixels)\" y=\"\(top.pixels)\" width=\"\(label.size.width.pixels)\" "
        text += "height=\"\(label.size.height.pixels)\"/>"
        for (line, words) in label.lines.enumerated() {
            let y = top + 12 + Double(line) * Label.lineHeight
            text +=
                "<text x=\"\(center.x.pixels)\" y=\"\(y.pixels)\" text-anchor=\"middle\">\(Markup.text(words))</text>"
        }
        return text + "</g>\n"
    }

    private func arrow(_ number: Int) -> String {
        let route = layout.routes[number]
        let isLoop = edges[number].source == edges[number].target
        return "<g id=\"\(prefix)e\(number)\"><path class=\"f-line\" d=\"\(curve(route, isLoop))\"/>"
            + "<path class=\"f-head\" d=\"\(head(route, isLoop))\"/></g>\n"
    }

    private func curve(_ route: LayeredLayout.Route, _ isLoop: Bool) -> String {
        let points = route.points
        func at(_ point: LayeredLayout.Point) -> String { "\(point.x.pixels) \(point.y.pixels)" }
        var text = "M\(at(points[0]))"
        if isLoop {
            let (far, last) = (points[1].x + 8, points[points.count - 1])
            return text + "C\(far.pixels) \((points[0].y - 6).pixels) \(far.pixels) \((last.y + 6).pixels) \(at(last))"
        }
        for (number, (from, to)) in zip(points, points.dropFirst()).enumerated() {
            if number % 2 == 1 || from.x == to.x {
                text += "L\(at(to))"
            } else {
                let middle = ((from.y + to.y) / 2).pixels
                text += "C\(from.x.pixels) \(middle) \(to.x.pixels) \(middle) \(at(to))"
            }
        }
        return text
    }

    /// Arrows come to their boxes from above, from below, or, the loops, from the right.
    private func head(_ route: LayeredLayout.Route, _ isLoop: Bool, width: Int = 4, length: Int = 8) -> String {
        let tip = route.points[route.points.count - 1]
        let before = route.points[route.points.count - 2]
        let (x, y) = (tip.x.pixels, tip.y.pixels)
        if isLoop { return "M\(x) \(y)l9 -2l-3 7z" }
        return "M\(x) \(y)l-\(width) \(before.y < tip.y ? -length : length)h\(2 * width)z"
    }

    /// In which order a path came to its states.
    private func badges(_ way: [FlowDrawing.Edge], isBroken: Bool) -> String {
        let first = drawing.nodes[drawing.initial].name
        let last = way.last?.target ?? first
        var visits: [String: [Int]] = [first: [1]]
        for (number, edge) in way.enumerated() { visits[edge.target, default: []].append(number + 2) }
        var text = ""
        for (number, node) in drawing.nodes.enumerated() {
            guard let orders = visits[node.name] else { continue }
            let shown =
                orders.count > 4
                ? orders.prefix(2).map(String.init) + ["…", String(orders[orders.count - 1])]
                : orders.map(String.init)
            let fails = isBroken && node.name == last
            let words = shown.joined(separator: "·") + (fails ? " ✗" : "")
            let width = Double(words.unicodeScalars.count) * 6.7 + 10
            let center = layout.centers[number]
            let left = center.x - boxes[number].size.width / 2 - 8
            let top = center.y - boxes[number].size.height / 2 - 8
            text +=
                "<rect class=\"\(fails ? "f-broken" : "f-badge")\" x=\"\(left.pixels)\" y=\"\(top.pixels)\" width=\"\(width.pixels)\" height=\"16\" rx=\"8\"/>"
            text += "<text class=\"f-order\" x=\"\((left + width / 2).pixels)\" y=\"\((top + 12).pixels)\" "
            text += "text-anchor=\"middle\">\(words)</text>\n"
        }
        return text
    }
}

/// A state's words in lines, and the room that they need.
private struct Box {
    let lines: [String]
    let nameLines: Int
    let isCut: Bool
    let size: LayeredLayout.Size

    private static let columns = 34

    init(_ node: FlowDrawing.Node) {
        let name = PictureText.lines(node.name, columns: Self.columns, atMost: 2)
        let words =
            node.words.isEmpty
            ? (lines: [], isCut: false)
            : PictureText.lines(node.words, columns: 32, atMost: 2)
        lines = name.lines + words.lines
        nameLines = name.lines.count
        isCut = name.isCut || words.isCut
        let width = max(
            name.lines.map { PictureText.width(of: $0, size: 13) }.max() ?? 0,
            words.lines.map { PictureText.width(of: $0, size: 11) }.max() ?? 0)
        size = .init(
            width: max(60, width + (node.isFinal || node.kind == .choose ? 34 : 22)),
            height: Double(lines.count) * 15 + 12)
    }
}

/// An edge's words in lines, and the room that they need.
private struct Label {
    let lines: [String]
    let whole: String
    let isMissed: Bool
    let isCut: Bool
    let size: LayeredLayout.Size

    static let lineHeight = 14.0

    init(_ texts: [String], isMissed: Bool) {
        self.isMissed = isMissed
        whole = texts.joined(separator: "\n")
        var lines: [String] = []
        var isCut = texts.count > 4
        for text in texts.prefix(4) {
            let (parts, cut) = PictureText.lines(text, columns: 32, atMost: 3)
            lines += parts
            isCut = isCut || cut
        }
        if texts.count > 4 { lines.append("… and \(texts.count - 4) more") }
        if isMissed, !lines.isEmpty { lines[0] = "✗ " + lines[0] }
        self.lines = lines
        self.isCut = isCut
        let width = lines.map { PictureText.width(of: $0, size: 11) }.max() ?? 0
        size = .init(width: width + 8, height: Double(lines.count) * Self.lineHeight + 4)
    }
}

/// Text in a font whose letters are of one width.
private enum PictureText {
    /// Of a letter, in parts of the font's size; a little more than fonts need.
    private static let letter = 0.61

    static func width(of text: String, size: Double) -> Double {
        Double(TerminalText.width(of: text)) * size * letter
    }

    /// Broken at spaces where there are any, else within words.
    static func lines(_ text: String, columns: Int, atMost limit: Int) -> (lines: [String], isCut: Bool) {
        let text = TerminalText.safe(text.cut(to: 400))
        var lines: [String] = []
        for line in TerminalText.wrap(text, width: columns) {
            var rest = line[...]
            repeat {
                var used = 0
                let part = rest.prefix { character in
                    used += TerminalText.width(of: String(character))
                    return used <= columns
                }
                var taken = part.isEmpty ? rest.prefix(1) : part
                // Names fall apart at their joints, if at all.
                if taken.endIndex < rest.endIndex, let joint = taken.lastIndex(where: { "._-/([?".contains($0) }),
                    taken.distance(from: taken.startIndex, to: joint) > columns / 3
                {
                    taken = rest[...joint]
                }
                lines.append(String(taken))
                rest = rest[taken.endIndex...]
            } while !rest.isEmpty
        }
        guard lines.count > limit else { return (lines, false) }
        lines = Array(lines.prefix(limit))
        lines[limit - 1] = String(lines[limit - 1].prefix(columns - 1)) + "…"
        return (lines, true)
    }
}

extension LayeredLayout.Route {
    /// The same with its tip so far before where it was.
    fileprivate func shortened(_ length: Double) -> Self {
        var route = self
        let last = points.count - 1
        route.points[last].y += points[last - 1].y < points[last].y ? -length : length
        return route
    }
}

extension Double {
    /// With one decimal at the most: `12`, `12.5`.
    fileprivate var pixels: String {
        let tenths = Int((self * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, part) = abs(tenths).quotientAndRemainder(dividingBy: 10)
        return part == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(part)"
    }
}
