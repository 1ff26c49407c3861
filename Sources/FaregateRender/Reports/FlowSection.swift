// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// One flow on the page: its picture with what nobody took, its scenarios with their ways through it.
struct FlowSection {
    let flow: FlowRecord
    let number: Int
    private let picture: FlowPicture?
    private let missed: [FlowDrawing.Edge]

    init(flow: FlowRecord, number: Int) {
        self.flow = flow
        self.number = number
        let taken = flow.taken
        missed = flow.drawing.edges.map(\.edge).filter { !taken.contains($0) }
        picture = FlowPicture(flow.drawing, prefix: "g\(number)", missed: Set(missed))
    }

    /// - Parameter failure: the number of a case's failure on the page.
    func text(_ failure: (CaseRecord) -> Int?) -> String {
        var text = "<section class=\"flow-part\" aria-labelledby=\"flow\(number)\">\n"
        text += "<h2 id=\"flow\(number)\">\(HTML.name(flow.name))</h2>\n"
        if !flow.title.isEmpty { text += "<p>\(HTML.name(flow.title))</p>\n" }
        text += "<p class=\"facts\"><code>\(HTML.name(flow.file))</code>"
        if !flow.docs.isEmpty { text += " · follows \(HTML.link(flow.docs))" }
        text += "</p>\n" + diagram() + "<h3>Scenarios</h3>\n"
        text += flow.scenarios.enumerated().map { scenario($1, $0, failure) }.joined()
        return text + "</section>\n"
    }

    // MARK: The picture

    private func diagram() -> String {
        let count = flow.drawing.edges.count
        var text = "<figure>\n"
        if let picture {
            text += Self.frame(picture.whole(title: "State diagram of \(flow.name)"), label: "State diagram")
        } else {
            text += "<p>The flow is too large for a picture.</p>\n"
        }
        text += "<figcaption>\(count - missed.count) of \(count.counted("edge")) taken."
        if !missed.isEmpty { text += " A broken line with ✗: nobody took it." }
        text += "</figcaption>\n</figure>\n"
        if !missed.isEmpty {
            text += "<details>\n<summary>\(missed.count.counted("edge")) that nobody took</summary>\n<ul>\n"
            for edge in missed { text += "<li><code>\(HTML.name(edge.name))</code></li>\n" }
            text += "</ul>\n</details>\n"
        }
        return text
    }

    /// A picture that scrolls by itself where it is wider than the screen.
    private static func frame(_ picture: String, label: String) -> String {
        "<div class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"\(Markup.text(label))\">\n\(picture)</div>\n"
    }

    /// The way of a case through the flow.
    ///
    /// - Parameter id: of its own among the ways through this flow.
    func path(of item: CaseRecord, id: String) -> String {
        guard let picture else { return "" }
        let states = [flow.drawing.nodes[flow.drawing.initial].name] + item.edges.map(\.target)
        let words = "The way of \(item.title.cut(to: 200)): \(states.prefix(60).joined(separator: ", "))"
        let isBroken = item.failure != nil && item.final == nil
        return Self.frame(
            picture.path(item.edges, id: id, title: words, isBroken: isBroken), label: "The way through the flow")
    }

    // MARK: Scenarios

    private func scenario(_ scenario: ScenarioRecord, _ place: Int, _ failure: (CaseRecord) -> Int?) -> String {
        let cases = scenario.cases
        let status =
            cases.first { $0.failure != nil }?.status ?? cases.first { $0.whyLeftOut != nil }?.status ?? .passed
        let finals = Set(cases.compactMap(\.final)).sorted()
        var text = "<details class=\"scenario\">\n<summary>\(Sign.of(status)) <span>\(HTML.name(scenario.name))"
        if cases.count > 1 { text += " <small>\(cases.count.counted("cell"))</small>" }
        if !finals.isEmpty { text += " <small>→ \(finals.map(HTML.name).joined(separator: ", "))</small>" }
        text += "</span></summary>\n"
        if let title = scenario.title { text += "<p>\(HTML.name(title))</p>\n" }
        for (number, group) in groups(cases).enumerated() {
            text += self.group(group, id: "s\(place)w\(number)", isOnly: cases.count == 1, failure)
        }
        return text + "</details>\n"
    }

    /// The cells that went the same way, together.
    private func groups(_ cases: [CaseRecord]) -> [[CaseRecord]] {
        var groups: [[CaseRecord]] = []
        for item in cases {
            let place = groups.firstIndex {
                $0[0].status == item.status && $0[0].edges == item.edges && item.failure == nil
            }
            if let place { groups[place].append(item) } else { groups.append([item]) }
        }
        return groups
    }

    private func group(_ cases: [CaseRecord], id: String, isOnly: Bool, _ failure: (CaseRecord) -> Int?) -> String {
        let first = cases[0]
        var text = ""
        if !isOnly {
            text += "<p>" + cases.prefix(60).map { "<code>\(HTML.name($0.cell))</code>" }.joined(separator: ", ")
            text += cases.count > 60 ? " … and \(cases.count - 60) more</p>\n" : "</p>\n"
        }
        if let number = failure(first) {
            return text + "<p>\(Sign.failed) <a href=\"#failure\(number)\">What went wrong</a></p>\n"
        }
        if let reason = first.whyLeftOut { return text + "<p>Not run: \(Markup.text(reason)).</p>\n" }
        text += path(of: first, id: id)
        let time = first.duration.map { ", \($0.compact) of virtual time" } ?? ""
        text += "<p class=\"facts\">\(first.calls.counted("call")), \(first.events.counted("event"))\(time)</p>\n"
        if let story = first.story {
            text += "<details>\n<summary>Step by step</summary>\n\(HTML.story(story))</details>\n"
        }
        return text
    }
}

extension HTML {
    /// An address, to follow only if it is one of the web.
    static func link(_ address: String) -> String {
        guard address.hasPrefix("https://") || address.hasPrefix("http://") else { return name(address) }
        return "<a href=\"\(Markup.text(address))\" rel=\"noreferrer\">\(name(address))</a>"
    }
}
