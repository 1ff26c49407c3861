// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Gives a file the house style without changing what it says: two spaces of indentation, one space after a colon
/// except where a column is aligned, no blanks at line ends, conditions in double quotes.
///
/// Comments, empty lines, anchors and the author's choice between lines and brackets stay. What comes out is read again
/// and compared: where the style would change the meaning, the file is left alone.
package enum YAMLFormatter {
    package enum Outcome: Sendable, Equatable {
        case formatted(String)
        /// The file cannot be read, so nobody knows what it says.
        case unreadable([Finding])
        /// The style would change what the file says.
        case leftAlone
    }

    package static func format(_ source: SourceText) -> Outcome {
        let document = YAMLReader.read(source)
        guard let root = document.root, !document.findings.contains(where: { $0.severity == .error }) else {
            return .unreadable(document.findings)
        }
        let original = String(decoding: source.contents, as: UTF8.self)
        let spaced = LineSpacing(source, root).text
        guard let middle = reread(spaced, source.path) else { return .leftAlone }
        let text = Indentation(middle.source, middle.root).text
        guard let result = reread(text, source.path), result.root.saysTheSame(as: root),
            bones(of: text) == bones(of: original)
        else { return .leftAlone }
        return .formatted(text)
    }

    private static func reread(_ text: String, _ path: String) -> (source: SourceText, root: YAMLNode)? {
        let source = SourceText(path: path, text: text)
        return YAMLReader.read(source).root.map { (source, $0) }
    }

    /// All that must not get lost, comments included: the text without blanks and quotes.
    private static func bones(of text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { !$0.isYAMLSpace && $0 != "'" && $0 != "\"" && $0 != "\u{FEFF}" }
    }
}

extension YAMLNode {
    /// Whether two trees mean the same, wherever they stand and however they are quoted.
    package func saysTheSame(as other: YAMLNode) -> Bool {
        switch (kind, other.kind) {
        case (.scalar(let a), .scalar(let b)):
            return a.text == b.text && a.core == b.core && isEmptyValue == other.isEmptyValue
        case (.sequence(let a), .sequence(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.saysTheSame(as: $1) }
        case (.mapping(let a), .mapping(let b)):
            return a.count == b.count
                && zip(a, b).allSatisfy { $0.key.saysTheSame(as: $1.key) && $0.value.saysTheSame(as: $1.value) }
        default: return false
        }
    }
}
