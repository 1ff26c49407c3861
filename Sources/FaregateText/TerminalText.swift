// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Text as a terminal shows it: how wide it is, and without anything that the terminal would obey.
package enum TerminalText {
    /// Columns of one character: 2 for East Asian wide characters and emoji, 0 for what joins the character before.
    static func width(of character: Character) -> Int {
        let scalars = character.unicodeScalars
        // U+FE0F asks for the coloured picture, which is wide.
        if scalars.count > 1, scalars.contains("\u{FE0F}") { return 2 }
        return scalars.reduce(0) { max($0, width(of: $1)) }
    }

    package static func width(of text: String) -> Int { text.reduce(0) { $0 + width(of: $1) } }

    /// As much of a text as fits into so many columns, with a sign where something is left out.
    package static func fit(_ text: String, _ columns: Int) -> String {
        if text.utf8.count <= columns || width(of: text) <= columns { return text }
        var used = 1
        return text.prefix { character in
            used += width(of: character)
            return used <= columns
        } + "…"
    }

    static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // The second and third letters of a Hangul syllable.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return wide.contains { $0.contains(scalar.value) } || scalar.properties.isEmojiPresentation ? 2 : 1
    }

    /// Blocks of East Asian Width W and F; single wide symbols are emoji and known by that.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
        0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
    ]

    /// Control characters become pictures, invisible ones their names: `␛`, `<U+202E>`.
    package static func safe(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) { safe += picture(of: scalar) } else { safe.unicodeScalars.append(scalar) }
        }
        return safe
    }

    package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F: false
        case 0..<0xA0, 0x2028...0x202E, 0x2060...0x206F, 0x200B, 0x200E, 0x200F, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0xE0000...0xE007F: true
        default: false
        }
    }

    static func picture(of scalar: Unicode.Scalar) -> String {
        switch scalar.value {
        case 0..<0x20: String(Unicode.Scalar(0x2400 + scalar.value)!)
        case 0x7F: "\u{2421}"
        default: "<\(scalar.codePoint)>"
        }
    }

    /// Breaks at spaces so that no line is wider than `width`, if its words allow it. Spaces within a line stay.
    ///
    /// - Parameter first: how wide the first line may be, if not as wide as the others.
    package static func wrap(_ text: String, width: Int, first: Int? = nil) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        var gap = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let length = self.width(of: String(word))
            if used > 0, !word.isEmpty, used + gap.count + length > (lines.isEmpty ? first ?? width : width) {
                lines.append(line)
                (line, used, gap) = ("", 0, "")
            }
            line += gap + word
            used += gap.count + length
            gap = " "
        }
        lines.append(line)
        return lines.map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
