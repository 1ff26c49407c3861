// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText

extension FindingPage {
    /// The page for a terminal.
    public func text(width: Int = 80, isColored: Bool = false) -> String {
        let style = TextStyle(isColored: isColored)
        func paragraph(_ text: String) -> String {
            TerminalText.wrap(text, width: max(20, width - 2)).map { "  \($0)\n" }.joined()
        }
        func example(_ text: String) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0)
                .map { $0.isEmpty ? "\n" : "    \(TerminalText.safe(String($0)))\n" }.joined()
        }
        return
            "\(style.bold("\(code): \(title)"))\n\n\(paragraph(meaning))\n\(style.red("wrong:"))\n\n\(example(wrong))"
            + "\n\(style.green("right:"))\n\n\(example(right))\n\(style.bold("what to do:"))\n\n\(paragraph(mend))"
            + (isLowerable ? "\n" + paragraph(Self.lowerableNote) : "")
    }

    private static let lowerableNote =
        "The file stays usable with it: faregate.yaml may make it a warning or a note, and a comment may allow it."

    /// All codes with their titles, chapter by chapter.
    public static func list(isColored: Bool = false) -> String {
        let style = TextStyle(isColored: isColored)
        let parts = chapters.map { chapter in
            let pages = all.filter { $0.code.hasPrefix(chapter.prefix) }
            return style.bold(chapter.title) + "\n" + pages.map { "  \($0.code)  \($0.title)\n" }.joined()
        }
        return parts.joined(separator: "\n")
    }

    // MARK: Markdown

    /// The page as a file of the documentation.
    public var markdown: String {
        let note = isLowerable ? "\n\(Self.lowerableNote)\n" : ""
        return """
            # \(code): \(title)

            \(meaning)

            Wrong:

            ```yaml
            \(Self.trimmed(wrong))
            ```

            Right:

            ```yaml
            \(Self.trimmed(right))
            ```

            ## What to do

            \(mend)
            \(note)
            """
    }

    /// The list of all pages, as a file of the documentation.
    public static var markdownIndex: String {
        var text = """
            # Findings

            Each finding has a code that never changes its meaning, and a page. `faregate explain FG0104` prints a page on the command line.

            """
        for chapter in chapters {
            text += "\n## \(chapter.title)\n\n| code | |\n| --- | --- |\n"
            for page in all where page.code.hasPrefix(chapter.prefix) {
                text += "| [\(page.code)](\(page.code).md) | \(page.title) |\n"
            }
        }
        return text
    }

    /// All files of the documentation, by name.
    public static var files: [(name: String, text: String)] {
        [("README.md", markdownIndex)] + all.map { ("\($0.code).md", $0.markdown) }
    }

    /// Without the last line break, and without characters that nobody can see.
    private static func trimmed(_ text: String) -> String {
        let lines = text.hasSuffix("\n") ? text.dropLast() : text[...]
        return lines.split(separator: "\n", omittingEmptySubsequences: false)
            .map { TerminalText.safe(String($0)) }.joined(separator: "\n")
    }
}
