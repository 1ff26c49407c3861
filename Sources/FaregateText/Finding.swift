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

    /// Stable for ever, one page of docs each: `FG0203`.
    public var code: String
    public var severity: Severity
    /// The file's path as the user gave it.
    public var file: String
    public var span: Span
    public var message: String
    /// What to say right under the marked place; may be empty.
    public var label: String
    /// Further facts, each one line: why this is so, the story that leads here.
    public var notes: [String]
    /// What to change, as an order: "write 'processing'".
    public var help: String?

    public init(
        _ code: String, _ severity: Severity = .error, in file: String, at span: Span, _ message: String,
        label: String = "", notes: [String] = [], help: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.file = file
        self.span = span
        self.message = message
        self.label = label
        self.notes = notes
        self.help = help
    }
}
