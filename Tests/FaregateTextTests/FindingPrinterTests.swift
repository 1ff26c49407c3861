// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateText

@Suite struct FindingPrinterTests {
    private func show(
        _ marked: String, label: String = "", notes: [String] = [], help: String? = nil, width: Int = 80,
        colored: Bool = false, message: String = "wrong"
    ) -> String {
        let marked = MarkedText(marked)
        let source = SourceText(path: "flows/a.yaml", text: marked.text)
        let finding = Finding(
            "FG0203", in: source.path, at: marked.span, message, label: label, notes: notes, help: help)
        return FindingPrinter(sources: [source], width: width, isColored: colored).text(for: finding)
    }

    @Test func theFrameIsThatOfTheDesign() {
        let before = String(repeating: "#\n", count: 48)
        let text = show(
            before + "    «on»:\n", label: "handles requires_action, succeeded",
            notes: [
                "because method may be us_bank_account (line 8)", "story: create_customer, save, confirm -> processing",
            ],
            help: "add    processing: <state>", message: "'confirm' does not say what happens on 'processing'")
        #expect(
            text == """
                error[FG0203]: 'confirm' does not say what happens on 'processing'
                  --> flows/a.yaml:49:5
                   |
                49 |     on:
                   |     ^^ handles requires_action, succeeded
                   |
                   = because method may be us_bank_account (line 8)
                   = story: create_customer, save, confirm -> processing
                   = help: add    processing: <state>
                """)
    }

    @Test func aLongMessageGoesOnInFurtherLines() {
        let name = String(repeating: "x", count: 200)
        let text = show("«a»: b\n", width: 40, message: "the state with this name has no edge for '\(name)' at all")
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.count <= 40 })
        #expect(lines[..<2] == ["error[FG0203]: the state with this name", "    has no edge for"])
    }

    struct Frame: Sendable, CustomTestStringConvertible {
        let id: String, marked: String, line: String, marks: String
        var testDescription: String { id }
    }

    static let frames = [
        Frame(id: "tabs are expanded", marked: "\ta:\t«b»\n", line: "    a:  b", marks: "        ^"),
        Frame(id: "a tab itself", marked: "a«\t»b", line: "a   b", marks: " ^^^"),
        Frame(id: "wide characters take two columns", marked: "料金: «支払い» x", line: "料金: 支払い x", marks: "      ^^^^^^"),
        Frame(id: "emoji take two columns", marked: "😀 👩‍👩‍👧 🇫🇷 ❤️: «x»", line: "😀 👩‍👩‍👧 🇫🇷 ❤️: x", marks: "             ^"),
        Frame(
            id: "combining characters take none", marked: "e\u{301}a\u{308}: «x»", line: "e\u{301}a\u{308}: x",
            marks: "    ^"),
        Frame(id: "CRLF is not shown", marked: "a: «b»\r\nc: d\r\n", line: "a: b", marks: "   ^"),
        Frame(id: "the end of a line can be marked", marked: "a: b«»\r\nc", line: "a: b", marks: "    ^"),
        Frame(id: "an empty range has one mark", marked: "a: «»b", line: "a: b", marks: "   ^"),
        Frame(id: "more lines: the first one is marked", marked: "a: «b c\n  d»", line: "a: b c", marks: "   ^^^"),
        Frame(
            id: "control characters become pictures", marked: "a\u{1B}[31m: «x\u{7}»", line: "a␛[31m: x␇",
            marks: "        ^^"),
        Frame(id: "turned text is told", marked: "a: «\u{202E}»b", line: "a: <U+202E>b", marks: "   ^^^^^^^^"),
    ]

    @Test(arguments: frames) func marksStandUnderTheirText(_ c: Frame) {
        let lines = show(c.marked).split(separator: "\n").map(String.init)
        #expect(Array(lines[2...]) == ["  |", "1 | " + c.line, "  | " + c.marks])
    }

    @Test func longLinesAreCutToAWindow() {
        let left = String(repeating: "0123456789", count: 30)
        let right = String(repeating: "9876543210", count: 30)
        let text = show(left + "«MARK»" + right, width: 60)
        for line in text.split(separator: "\n") { #expect(TerminalText.width(of: String(line)) <= 60) }
        let window = Self.window(text)
        #expect(window.hasPrefix("…") && window.hasSuffix("…") && window.count == 56)
        let before = window.prefix { $0 != "M" }
        #expect(Self.marks(text) == String(repeating: " ", count: before.count) + "^^^^")
    }

    @Test func theStartOfALongLineIsNotCutWhenItIsMarked() {
        let text = show("«MARK»" + String(repeating: "9876543210", count: 300), width: 30)
        #expect(Self.window(text) == "MARK98765432109876543210…")
        #expect(Self.marks(text) == "^^^^")
    }

    private static func window(_ text: String) -> String {
        String(text.split(separator: "\n")[3].dropFirst(4))
    }

    private static func marks(_ text: String) -> String {
        String(text.split(separator: "\n")[4].dropFirst(4))
    }

    @Test(arguments: [30, 40, 57, 80, 200]) func noLineIsWiderThanAsked(_ width: Int) {
        let line = String(repeating: "支払い x ", count: 100)
        for place in [0, 1, 7, 250, 498, 499] {
            var marked = Array(line)
            marked.insert("»", at: min(place + 2, marked.count))
            marked.insert("«", at: place)
            let text = show(
                String(marked), label: "a label that is too long to stand behind its marks in a narrow terminal",
                notes: ["a note of many words that must go on in the next line, and the next"],
                help: "words and more words",
                width: width)
            for line in text.split(separator: "\n") { #expect(TerminalText.width(of: String(line)) <= width) }
        }
    }

    @Test func labelsWithoutRoomStandUnderTheMarks() {
        let text = show("      «on»:", label: "handles requires_action, requires_payment_method", width: 40)
        #expect(
            text.split(separator: "\n").dropFirst(4).joined(separator: "\n") == """
                  |       ^^
                  | handles requires_action,
                  | requires_payment_method
                """)
    }

    @Test func notesAndHelpWrapButTextToPasteDoesNot() {
        let text = show(
            "«a»", notes: ["one two three four five six seven"],
            help: "eight nine ten eleven twelve thirteen:\n    guard: \"a line of some length to paste\"", width: 30)
        #expect(
            text.hasSuffix(
                """
                  |
                  = one two three four five
                    six seven
                  = help: eight nine ten
                          eleven twelve
                          thirteen:
                              guard: "a line of some length to paste"
                """))
    }

    @Test func relatedPlacesOfTheFileAreShownInOrder() {
        let source = SourceText(path: "a", text: "x: 1\n\n\nx: 2\nx: 3")
        func span(_ line: Int) -> Span { Span(start: .init(line: line, column: 1), end: .init(line: line, column: 2)) }
        let finding = Finding(
            "FG0010", in: "a", at: span(4), "twice", label: "again",
            related: [
                .init(in: "a", at: span(1), label: "first"), .init(in: "b", at: span(1), label: "elsewhere"),
                .init(in: "a", at: span(5), label: "and again"),
            ])
        let other = SourceText(path: "b", text: "y: 1")
        #expect(
            FindingPrinter(sources: [source, other]).text(for: finding) == """
                error[FG0010]: twice
                 --> a:4:1
                  |
                1 | x: 1
                  | - first
                ...
                4 | x: 2
                  | ^ again
                5 | x: 3
                  | - and again
                 ::: b:1:1
                  |
                1 | y: 1
                  | - elsewhere
                """)
    }

    @Test func findingsWithoutASourceOrALineAreStillTold() {
        let finding = Finding("FG0001", .warning, in: "gone", at: .top, "no file", help: "look")
        let text = "warning[FG0001]: no file\n --> gone:1:1\n  |\n  = help: look"
        #expect(FindingPrinter(sources: []).text(for: finding) == text)
        var beyond = finding
        beyond.span.start.line = 7
        #expect(FindingPrinter(sources: [SourceText(path: "gone", text: "")]).text(for: beyond).contains(":7:1"))
    }

    @Test func nothingIsObeyedByTheTerminal() {
        let evil = "\u{1B}[2J\r\u{9B}\u{202E}"
        let finding = Finding(
            evil, in: "f" + evil, at: .top, evil, label: evil, notes: [evil], help: evil + "\n  " + evil)
        let source = SourceText(path: "f" + evil, text: "a " + evil)
        let text = FindingPrinter(sources: [source]).text(for: [finding])
        #expect(!text.unicodeScalars.contains { $0 != "\n" && TerminalText.isUnsafe($0) })
    }

    @Test func coloursAreOnlyWhatIsAdded() {
        let plain = show("«a»: b", label: "l", notes: ["n"], help: "h")
        let colored = show("«a»: b", label: "l", notes: ["n"], help: "h", colored: true)
        #expect(colored.contains("\u{1B}[1;31m") && !plain.contains("\u{1B}"))
        #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
    }

    @Test func aListIsSortedAndCapped() {
        let source = SourceText(path: "a", text: "x\ny\nz")
        let findings = (1...3).reversed().map { line in
            Finding(
                "FG0001", in: "a", at: Span(start: .init(line: line, column: 1), end: .init(line: line, column: 2)), "m"
            )
        }
        let text = FindingPrinter(sources: [source]).text(for: findings + findings, cap: 2)
        #expect(text.split(separator: "\n").filter { $0.contains("-->") } == [" --> a:1:1", " --> a:2:1"])
        #expect(text.hasSuffix("\nand 1 more\n"))
        #expect(FindingPrinter(sources: []).text(for: []) == "")
    }
}
