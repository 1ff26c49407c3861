// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Something wrong in a user's file.
///
/// Findings are collected, sorted by place and printed; they are never thrown.
public struct Finding: Sendable, Hashable {
    /// How much a finding weighs. Errors make a file unusable.
    public enum Severity: String, Sendable, CaseIterable, Comparable {
        case note, warning, error

        public static func < (a: Severity, b: Severity) -> Bool {
            allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
        }
    }

    /// A second place that the finding speaks of: where the other of two keys stands.
    public struct Mark: Sendable, Hashable {
        public var file: String
        public var span: Span
        public var label: String

        public init(in file: String, at span: Span, label: String) {
            self.file = file
            self.span = span
            self.label = label
        }
    }

    /// Stable for ever, one page of docs each: `FG0203`.
    public var code: String
    public var severity: Severity
    /// The file's path as the user gave it.
    public var file: String
    public var span: Span
    public var message: String
    /// What to say right under the marked place; may be empty.
    public var label: String
    /// Other places to show, in this file or in another.
    public var related: [Mark]
    /// Further facts, each one line: why this is so, the story that leads here.
    public var notes: [String]
    /// What to change, as an order: "write 'processing'".
    ///
    /// Further lines that begin with a space are shown as they are: text to paste.
    public var help: String?

    public init(
        _ code: String, _ severity: Severity = .error, in file: String, at span: Span, _ message: String,
        label: String = "", related: [Mark] = [], notes: [String] = [], help: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.file = file
        self.span = span
        self.message = message
        self.label = label
        self.related = related
        self.notes = notes
        self.help = help
    }
}
