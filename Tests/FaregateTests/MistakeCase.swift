// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateText

/// A file in which « and » mark what is wrong.
struct MarkedText {
    var text = ""
    var marks: [Span] = []

    init(_ marked: String) {
        var open: Span.Point?
        var point = Span.Point(line: 1, column: 1)
        for scalar in marked.unicodeScalars {
            switch scalar {
            case "«": open = point
            case "»": marks.append(Span(start: open ?? point, end: point))
            default:
                text.unicodeScalars.append(scalar)
                point =
                    scalar == "\n"
                    ? .init(line: point.line + 1, column: 1) : .init(line: point.line, column: point.column + 1)
            }
        }
    }

    var findings: [Finding] { FlowLibrary(files: [("flow.yaml", text)]).findings }
}

/// A part of a flow with one mistake.
struct MistakeCase: Sendable, CustomStringConvertible {
    var description: String
    var code: String
    var part: String
    var help: String?

    init(_ description: String, _ code: String, _ part: String, help: String? = nil) {
        (self.description, self.code, self.part, self.help) = (description, code, part, help)
    }

    /// A flow that begins with these lines under `states:`.
    static func states(_ lines: String) -> String { "initial: s\nstates:\n\(lines)  d: {final: success}\n" }
}
