// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
package import FaregateText
package import FaregateValues
import FaregateWire

/// Takes out of a run's record what must never reach a report: what ``Redaction`` knows, and secret inputs of the flow.
package struct Redactor: Sendable {
    /// The longest first: one may be part of another.
    private let secrets: [String]

    package init(secrets: [String]) { self.secrets = secrets.sorted { $0.utf8.count > $1.utf8.count } }

    /// A shorter secret is found only where it stands alone: `12` is part of too much.
    private static let shortestPart = 6

    /// Also what other cases hold, where it is long enough not to be found by chance.
    func adding(_ others: Redactor) -> Redactor {
        Redactor(secrets: secrets + others.secrets.filter { $0.utf8.count >= Self.shortestPart })
    }

    package func redact(_ text: String) -> String {
        if secrets.contains(text) { return Redaction.mark }
        var text = text
        for secret in secrets where secret.utf8.count >= Self.shortestPart && text.utf8.count > secret.utf8.count {
            text = text.replacing(secret, with: Redaction.mark)
        }
        return Redaction.redact(text)
    }

    package func redact(_ value: Value) -> Value { Redaction.redact(hidden(value)) }

    private func hidden(_ value: Value) -> Value {
        if secrets.isEmpty { return value }
        switch value {
        case .list(let items): return .list(items.map(hidden))
        case .map(let map):
            var clean = ValueMap()
            for (key, item) in map { clean[value: hidden(key)] = hidden(item) }
            return .map(clean)
        case .optional(let inner?): return .optional(hidden(inner))
        case .string(let text): return .string(redact(text))
        default: return secrets.contains(value.interpolated) ? .string(Redaction.mark) : value
        }
    }

    package func redact(_ finding: Finding) -> Finding {
        var finding = finding
        finding.message = redact(finding.message)
        finding.label = redact(finding.label)
        finding.notes = finding.notes.map(redact)
        finding.help = finding.help.map(redact)
        finding.related = finding.related.map { mark in
            var mark = mark
            mark.label = redact(mark.label)
            return mark
        }
        return finding
    }

    package func redact(_ drawing: FlowDrawing) -> FlowDrawing {
        var drawing = drawing
        for node in drawing.nodes.indices { drawing.nodes[node].words = redact(drawing.nodes[node].words) }
        for arrow in drawing.arrows.indices { drawing.arrows[arrow].label = redact(drawing.arrows[arrow].label) }
        return drawing
    }

    package func redact(_ story: Story) -> Story {
        var story = story
        for line in story.lines.indices {
            for piece in story.lines[line].words.pieces.indices {
                story.lines[line].words.pieces[piece].text = redact(story.lines[line].words.pieces[piece].text)
            }
        }
        return story
    }

    /// Whether an expression ends with the name of a member that holds a secret: `intent.client_secret`.
    func isSecret(lastNameOf expression: String) -> Bool {
        let name = expression.unicodeScalars.reversed().drop { $0 == " " || $0 == "]" || $0 == "'" || $0 == "\"" }
            .prefix { $0 == "_" || $0.properties.isAlphabetic }
        return Redaction.isSecret(String(String.UnicodeScalarView(name.reversed())))
    }
}
