// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText

/// Text as the content or an attribute of XML and HTML.
enum Markup {
    /// Escapes what means something, and shows what nobody could see or XML cannot hold: `␛`, `<U+202E>`.
    static func text(_ text: String) -> String {
        var escaped = ""
        for scalar in TerminalText.safe(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Several lines.
    static func lines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { Self.text(String($0)) }
            .joined(separator: "\n")
    }
}

extension String {
    /// At most so many Unicode scalars, the last one a sign that something is left out.
    func cut(to length: Int) -> String {
        guard let end = unicodeScalars.index(startIndex, offsetBy: length, limitedBy: endIndex), end < endIndex else {
            return self
        }
        return String(unicodeScalars.prefix(max(0, length - 1))) + "…"
    }
}
