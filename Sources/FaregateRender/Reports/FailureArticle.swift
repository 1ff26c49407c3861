// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateText
import FaregateValues

/// One failure on the page, with everything that is known of it.
struct FailureArticle {
    let item: CaseRecord
    let number: Int
    /// The way through the flow.
    let picture: String
    /// Everything is told, not the findings alone.
    let isWhole: Bool

    func text() -> String {
        var text = "<article class=\"failure\" aria-labelledby=\"failure\(number)\">\n"
        text +=
            "<h3 id=\"failure\(number)\">\(Sign.of(item.status)) \(HTML.name(item.flow)): \(HTML.name(item.title))</h3>\n"
        text += (item.failure?.findings ?? []).map(HTML.finding).joined()
        if isWhole, let failure = item.failure {
            if !failure.conditions.isEmpty {
                text +=
                    "<h4>Condition</h4>\n"
                    + failure.conditions.map { "<ul class=\"tree\">\n\(tree($0, 0))</ul>\n" }.joined()
            }
            text += rows(failure.rows)
            if let letter = failure.exchange { text += self.letter(letter) }
        }
        if isWhole { text += way() }
        text +=
            "<h4>Run it again</h4>\n<pre class=\"again\" tabindex=\"0\" role=\"region\" aria-label=\"Command line\">"
        return text + "\(Markup.text(item.rerun))</pre>\n</article>\n"
    }

    private func way() -> String {
        var text = "<h4>The way there</h4>\n<p class=\"path\">"
        text +=
            item.path.prefix(300).map(HTML.name).joined(separator: " <span aria-hidden=\"true\">→</span> ") + "</p>\n"
        text += picture
        if let story = item.story {
            text += "<details>\n<summary>Step by step</summary>\n\(HTML.story(story))</details>\n"
        }
        return text
    }

    // MARK: Conditions

    private func tree(_ condition: Failure.Condition, _ depth: Int) -> String {
        let look =
            !condition.hasValue
            ? "notable" : condition.value == "false" ? "bad" : condition.value == "true" ? "good" : "plain"
        var text = "<li><code>\(HTML.name(condition.text))</code> <span class=\"is\">is</span> "
        text += "<code class=\"\(look)\">\(Markup.text(condition.value))</code>"
        // Deeper than this nobody reads, and no browser should have to.
        if !condition.parts.isEmpty, depth < 40 {
            text += "\n<ul>\n" + condition.parts.map { tree($0, depth + 1) }.joined() + "</ul>\n"
        }
        return text + "</li>\n"
    }

    // MARK: What is documented

    private func rows(_ rows: [DocumentedRow]) -> String {
        if rows.isEmpty { return "" }
        var text = "<h4>What is documented</h4>\n<ul>\n"
        for row in rows {
            let end = row.status.map { "leads to <code>\(HTML.name($0))</code>" } ?? "is refused, nothing changes"
            text += "<li><code>\(HTML.name(row.id))</code> of <code>\(HTML.name(row.lifecycle))</code>: "
            text += "<code>\(HTML.name(row.operation))</code> \(end)"
            if let footnote = row.footnote { text += "<br>\(Markup.text(footnote))" }
            text += "</li>\n"
        }
        text += "</ul>\n"
        for docs in Set(rows.map(\.docs)).sorted() { text += "<p>\(HTML.link(docs))</p>\n" }
        return text
    }

    // MARK: Requests and answers

    private func letter(_ letter: Failure.Letter) -> String {
        let time = letter.after.map { $0.compact }.map { ", at \($0)" } ?? ""
        let attempt = letter.attempt > 1 ? ", attempt \(letter.attempt)" : ""
        var text = "<div class=\"letters\">\n<section aria-label=\"Last request\">\n<h4>Last request</h4>\n"
        text += "<p>from <code>\(HTML.name(letter.state))</code>\(time)\(attempt)</p>\n"
        var lines = "\(letter.method) \(letter.path)\nStripe-Version: \(letter.version)"
        if let key = letter.key { lines += "\nIdempotency-Key: \(key)" }
        if letter.params.map?.isEmpty == false { lines += "\n\n" + JSON.write(letter.params, pretty: true) }
        text += HTML.code(lines, label: "Request") + "</section>\n<section aria-label=\"Answer\">\n<h4>Answer</h4>\n"
        if let http = letter.http {
            let id = letter.requestID.map { ", <code>\(HTML.name($0))</code>" } ?? ""
            text += "<p>HTTP \(http)\(letter.isReplayed ? ", a stored one" : "")\(id)</p>\n"
            if let body = letter.body { text += HTML.code(JSON.write(body, pretty: true), label: "Answer") }
        } else {
            text += "<p>None: \(Markup.text(FailureText.problem(letter))).</p>\n"
        }
        return text + "</section>\n</div>\n"
    }
}
