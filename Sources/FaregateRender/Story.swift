// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
package import FaregateValues

/// A run as lines for people: when, in which state, what happened.
package struct Story: Sendable, Hashable {
    package struct Line: Sendable, Hashable {
        /// Since the run's start.
        package var after: Duration?
        /// The state that begins here, with the way to its sub-run; empty where the last one goes on.
        package var state: String
        package var words: Words

        /// `1h`; empty where the time is not known.
        package var time: String { after?.compact ?? "" }
    }

    package var lines: [Line] = []
}

/// Text in pieces, each with what it means to the reader.
package struct Words: Sendable, Hashable {
    package enum Tone: String, Sendable, Hashable {
        case plain, faint, good, bad, notable, verb
    }

    package struct Piece: Sendable, Hashable {
        package var text: String
        package var tone: Tone
    }

    package var pieces: [Piece]

    /// - Parameter text: may be a peer's: it is shortened, and does nothing to a terminal.
    package init(_ text: String, _ tone: Tone = .plain) {
        pieces = text.isEmpty ? [] : [Piece(text: TerminalText.fit(TerminalText.safe(text), Self.longest), tone: tone)]
    }

    private static let longest = 300

    package static func + (a: Words, b: Words) -> Words {
        var both = a
        both.pieces += b.pieces
        return both
    }

    package static func + (a: Words, b: String) -> Words { a + Words(b) }

    package var text: String { pieces.map(\.text).joined() }
    package var isEmpty: Bool { pieces.isEmpty }
}

extension TextStyle {
    package func paint(_ words: Words) -> String {
        words.pieces.map { piece in
            switch piece.tone {
            case .plain: piece.text
            case .faint: dim(piece.text)
            case .good: green(piece.text)
            case .bad: red(piece.text)
            case .notable: yellow(piece.text)
            case .verb: cyan(piece.text)
            }
        }.joined()
    }
}
