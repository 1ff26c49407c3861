// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText

/// What a finding means and how to mend it: one page for each code.
public struct FindingPage: Sendable, Hashable {
    /// `FG0104`
    public var code: String
    /// A few words, without a capital or a full stop.
    public var title: String
    /// Two to four sentences.
    public var meaning: String
    /// Part of a file that has this finding.
    public var wrong: String
    /// The same part without it.
    public var right: String
    public var mend: String
    /// The file stays usable with such an error, so its severity may be lowered.
    public var isLowerable: Bool
}

extension FindingPage {
    /// All pages, in the order of their codes.
    public static let all: [FindingPage] =
        EmbeddedText.files.filter { $0.name.hasPrefix("findings-") }
        .flatMap { read($0.text, path: $0.name) }.sorted { $0.code < $1.code }

    private static let byCode = Dictionary(all.map { ($0.code, $0) }) { first, _ in first }

    /// The page of a code; nil where no finding has it.
    public static func page(for code: String) -> FindingPage? { byCode[code] }

    /// The page that somebody asks for: `FG0104`, `fg104` or `104`.
    public static func page(asked text: String) -> FindingPage? {
        let text = text.uppercased()
        let digits = text.hasPrefix("FG") ? text.dropFirst(2) : text[...]
        guard (1...4).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return page(for: "FG" + String(repeating: "0", count: 4 - digits.count) + digits)
    }

    /// The code that somebody most likely meant.
    public static func closest(to text: String) -> String? {
        if let page = page(asked: text) { return page.code }
        let text = text.uppercased()
        return Spelling.closest(to: text.hasPrefix("FG") ? text : "FG" + text, among: all.map(\.code))
    }

    /// Where the documentation is published; nil until it is.
    private static let site: String? = nil

    /// The page on the web.
    public var address: String? { Self.site.map { "\($0)\(code).md" } }

    /// What codes begin with that need the whole graph.
    static let graphPrefix = "FG02"

    /// What the codes are about, by their first digits, in order.
    public static let chapters: [(prefix: String, title: String)] = [
        ("FG00", "Files as text"), ("FG01", "Names and shapes"),
        (graphPrefix, "The graph, held against the lifecycles"),
        ("FG03", "Expressions"), ("FG04", "Scenarios"), ("FG05", "Lifecycles"),
        ("FG06", "Policies"), ("FG07", "Runs"),
    ]

    private static func read(_ text: String, path: String) -> [FindingPage] {
        let root = YAMLReader.read(SourceText(path: path, text: text)).root
        return (root?.mapping ?? []).compactMap { entry in
            guard let code = entry.key.text, let title = entry.value["title"]?.text,
                let meaning = entry.value["meaning"]?.text, let mend = entry.value["mend"]?.text
            else { return nil }
            return FindingPage(
                code: code, title: title, meaning: meaning, wrong: entry.value["wrong"]?.text ?? "",
                right: entry.value["right"]?.text ?? "", mend: mend,
                isLowerable: entry.value["lowerable"]?.text == "true")
        }
    }
}
