// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// Marks that say more than a colour.
enum Sign {
    static let passed = "<span class=\"sign passed\" role=\"img\" aria-label=\"passed\">✓</span>"
    static let failed = "<span class=\"sign failed\" role=\"img\" aria-label=\"failed\">✗</span>"
    static let notRun = "<span class=\"sign left\" role=\"img\" aria-label=\"not run\">–</span>"

    static func of(_ status: CaseRecord.Status) -> String {
        switch status {
        case .passed: passed
        case .failed, .couldNotRun: failed
        case .notRun, .skipped: notRun
        }
    }
}

/// Small parts of the page.
enum HTML {
    /// A name that may run in any direction and be of any length.
    static func name(_ text: String) -> String {
        let shown = Markup.text(text.cut(to: 240))
        return text.unicodeScalars.allSatisfy(\.isASCII) ? shown : "<bdi>\(shown)</bdi>"
    }

    static func finding(_ finding: Finding) -> String {
        let place = "\(finding.file):\(finding.span.start.line):\(finding.span.start.column)"
        var text = "<div class=\"finding\">\n<p class=\"place\"><code>\(Markup.text(finding.code))</code> "
        text += "<code>\(name(place))</code></p>\n"
        text += "<p class=\"message\">\(paragraph(finding.message))</p>\n"
        if !finding.label.isEmpty { text += "<p>\(paragraph(finding.label))</p>\n" }
        if !finding.notes.isEmpty {
            text += "<ul>\n" + finding.notes.map { "<li>\(paragraph($0))</li>\n" }.joined() + "</ul>\n"
        }
        if let help = finding.help { text += "<p><b>Help:</b> \(paragraph(help))</p>\n" }
        return text + "</div>\n"
    }

    private static func paragraph(_ text: String) -> String { Markup.lines(text.cut(to: 4000)) }

    /// Lines that a reader may scroll.
    static func code(_ text: String, label: String) -> String {
        "<pre tabindex=\"0\" role=\"region\" aria-label=\"\(Markup.text(label))\">\(Markup.lines(text.cut(to: 60_000)))</pre>\n"
    }

    static func story(_ story: Story) -> String {
        var text =
            "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"The story\">\n<table class=\"story\">\n"
        text +=
            "<thead><tr><th scope=\"col\">time</th><th scope=\"col\">state</th><th scope=\"col\">what happened</th></tr></thead>\n<tbody>\n"
        for line in story.lines.prefix(400) {
            text += "<tr><td>\(Markup.text(line.time))</td><td>\(name(line.state))</td><td>"
            for piece in line.words.pieces {
                let words = Markup.text(piece.text.cut(to: 400))
                text += piece.tone == .plain ? words : "<span class=\"\(piece.tone.rawValue)\">\(words)</span>"
            }
            text += "</td></tr>\n"
        }
        text += "</tbody>\n</table>\n</div>\n"
        if story.lines.count > 400 { text += "<p>… \(story.lines.count - 400) more lines</p>\n" }
        return text
    }
}
