// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateText
import Testing

@Suite struct FormattedFileTests {
    private func formatted(_ text: String) -> String? {
        guard case .formatted(let text) = YAMLFormatter.format(SourceText(path: "a.yaml", text: text)) else {
            return nil
        }
        return text
    }

    /// The same tree, and nothing more to do the second time.
    private func check(_ text: String, _ name: String) {
        let source = SourceText(path: name, text: text)
        guard let root = YAMLReader.read(source).root else { return }
        guard let result = formatted(text) else {
            Issue.record("\(name) is left alone")
            return
        }
        let after = YAMLReader.read(SourceText(path: name, text: result)).root
        let isSame = after?.saysTheSame(as: root) == true
        #expect(isSame, "\(name) says something else")
        let again = formatted(result)
        #expect(again == result, "\(name) changes again")
        let words = { (text: String) in text.split { $0.isWhitespace || "{}[],'\"".contains($0) }.joined(separator: " ")
        }
        let isWhole = words(text) == words(result)
        #expect(isWhole, "\(name) loses something")
    }

    /// Other ways to write the same lines.
    private static let manglers: [(name: String, mangle: @Sendable (String) -> String)] = [
        ("as it is", { $0 }),
        ("four spaces", { indented($0) { $0 * 2 } }),
        ("one space", { indented($0) { $0 / 2 } }),
        ("deep lists", { $0.replacing("\n      - ", with: "\n      -   ") }),
        ("blanks at line ends", { $0.replacing("\n", with: "   \n") }),
        ("Windows", { $0.replacing("\n", with: "\r\n") }),
        ("many empty lines", { $0.replacing("\n\n", with: "\n\n\n\n\n") + "\n\n\n" }),
        ("no line break at the end", { String($0.reversed().drop { $0 == "\n" }.reversed()) }),
        ("blanks in brackets", { $0.replacing("{", with: "{ ").replacing("}", with: " }") }),
    ]

    private static func indented(_ text: String, _ width: (Int) -> Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(repeating: " ", count: width(line.prefix { $0 == " " }.count)) + line.drop { $0 == " " }
        }.joined(separator: "\n")
    }

    private static let files =
        (Package.yaml(in: "flows") ?? []) + (Package.samples ?? [])
        + (Package.yaml(in: "Sources/FaregateStripe/lifecycles") ?? [])
        + (Package.yaml(in: "Sources/FaregateRender/data") ?? [])

    @Test(arguments: manglers.indices) func neverChangesWhatAFileSays(_ number: Int) {
        let mangler = Self.manglers[number]
        #expect(!Self.files.isEmpty)
        for file in Self.files { check(mangler.mangle(file.text), "\(file.path), \(mangler.name)") }
    }

    @Test func givesTwoSpacesALevelAndOneAfterAColon() {
        let text = """
            flow:    a
            states:
                # goes with pay
                pay:
                    choose:
                    -   guard: '!x'
                        target:   b
                    - { guard: 'y == ''z''',target: b }

                # at the end
            """
        let expected = """
            flow: a
            states:
              # goes with pay
              pay:
                choose:
                  - guard: "!x"
                    target: b
                  - {guard: "y == 'z'", target: b}

              # at the end

            """
        #expect(formatted(text) == expected)
    }

    @Test func givesOneBlankAfterAColonInBracketsUnlessRowsMakeATable() {
        #expect(formatted("a: {final:   success, b: c}\n") == "a: {final: success, b: c}\n")
        let table = "a: {x: 1,  y:   2}\nb: {x: 10, y:   3}\n"
        #expect(formatted(table) == table)
    }

    @Test func keepsColumnsThatTheAuthorAligned() {
        let text = "paid:     {final: success}\nnot_paid: {final: failure}\nmode:   1\n"
        #expect(formatted(text) == text.replacing("mode:   1", with: "mode: 1"))
    }

    @Test func textsOfSeveralLinesMoveAsAWhole() {
        let text =
            "a:\n    b: |\n        one\n          two  \n\n        three\n    c: >-\n      x\n      y\n    d: \"p \n      q\"\n"
        let expected =
            "a:\n  b: |\n      one\n        two  \n\n      three\n  c: >-\n    x\n    y\n  d: \"p \n    q\"\n"
        #expect(formatted(text) == expected)
    }

    @Test func whatCannotBeReadIsNotTouched() {
        let outcome = YAMLFormatter.format(SourceText(path: "a.yaml", text: "a: {b\n"))
        guard case .unreadable(let findings) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(findings.first?.code == "FG0009")
    }

    @Test func differencesAreUnified() {
        let diff = LineDiff(["a", "b", "c", "d", "e", "f"], ["a", "b", "c", "D", "e", "f", "g"])
        #expect(diff.text("x") == "--- x\n+++ x\n@@ -1,6 +1,7 @@\n a\n b\n c\n-d\n+D\n e\n f\n+g\n")
        #expect(LineDiff(["a"], ["a"]).text("x") == "")
    }
}
