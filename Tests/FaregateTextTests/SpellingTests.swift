// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateText

@Suite struct SpellingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let word: String, candidates: [String], closest: String?
        var testDescription: String { word }
    }

    static let cases = [
        Case(word: "proces", candidates: ["processing", "process", "paid"], closest: "process"),
        Case(word: "amuont", candidates: ["amount", "currency"], closest: "amount"),
        Case(word: "requires-action", candidates: ["requires_action", "requires_capture"], closest: "requires_action"),
        Case(word: "SUCCEEDED", candidates: ["succeeded"], closest: "succeeded"),
        Case(word: "cancelled", candidates: ["canceled"], closest: "canceled"),
        Case(word: "tagret", candidates: ["target"], closest: "target"),
        Case(word: "on", candidates: ["in", "no", "if"], closest: "in"),
        Case(word: "x", candidates: ["completely", "other"], closest: nil),
        Case(word: "x", candidates: ["a", "y"], closest: nil),
        Case(word: "X", candidates: ["a", "x"], closest: "x"),
        Case(word: "", candidates: ["completely"], closest: nil),
        Case(word: "paid", candidates: [], closest: nil),
        Case(word: "bat", candidates: ["hat", "cat"], closest: "cat"),
    ]

    @Test(arguments: cases) func suggestsTheClosestWordOrNone(_ c: Case) {
        #expect(Spelling.closest(to: c.word, among: c.candidates) == c.closest)
        #expect(Spelling.closest(to: c.word, among: c.candidates.reversed()) == c.closest)
    }

    @Test func neighboursSwappedCountOnce() {
        func distance(_ a: String, _ b: String) -> Int {
            Spelling.distance(Array(a.unicodeScalars), Array(b.unicodeScalars))
        }
        #expect(distance("ab", "ba") == 1)
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("", "abc") == 3)
        #expect(distance("ca", "abc") == 3)
    }
}
