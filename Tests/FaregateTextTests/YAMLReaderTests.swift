// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateText

@Suite struct YAMLReaderTests {
    struct Plain: Sendable, CustomTestStringConvertible {
        let text: String, summary: String
        var testDescription: String { text }
    }

    static let plain = [
        ("NO", "'NO'"), ("yes", "'yes'"), ("on", "'on'"), ("1_000", "'1_000'"), ("2019-02-11", "'2019-02-11'"),
        ("12:30:45", "'12:30:45'"), ("0b11", "'0b11'"), ("0x", "'0x'"), ("0o8", "'0o8'"), ("-0x1", "'-0x1'"),
        ("+", "'+'"), (".", "'.'"), ("1e", "'1e'"), ("e3", "'e3'"), ("1.2.3", "'1.2.3'"), ("tRUE", "'tRUE'"),
        ("~", "null"), ("null", "null"), ("NULL", "null"), ("nULL", "'nULL'"), ("true", "bool true"),
        ("FALSE", "bool false"), ("0", "int 0"), ("-0", "int 0"), ("+5", "int 5"), ("007", "int 7"),
        ("0o17", "int 15"), ("0x1F", "int 31"), ("9223372036854775807", "int 9223372036854775807"),
        ("-9223372036854775808", "int -9223372036854775808"), ("1e3", "double 1000.0"), ("1.", "double 1.0"),
        (".5", "double 0.5"), ("-1.5E-1", "double -0.15"), (".inf", "double inf"), ("-.INF", "double -inf"),
        (".nan", "double nan"), ("'1'", "'1'"), ("\"true\"", "'true'"), ("''", "''"),
    ].map { Plain(text: $0.0, summary: $0.1) }

    @Test(arguments: plain) func plainScalarsFollowTheCoreSchema(_ c: Plain) {
        let document = read("a: \(c.text)")
        #expect(document.root?["a"]?.summary == c.summary)
        #expect(document.findings.isEmpty)
    }

    @Test func blockScalarsAreStrings() {
        #expect(read("a: |\n  1\nb: >-\n  true").root?.summary == "{a: '1\n', b: 'true'}")
    }

    @Test func keysAreTexts() {
        let root = read("1: a\ntrue: b\n99999999999999999999: c\nnull: d").root
        #expect(root?.mapping?.compactMap(\.key.text) == ["1", "true", "99999999999999999999", "null"])
        #expect(root?["true"]?.text == "b")
    }

    @Test func emptyValuesAreMarkedAndLeftToTheDecoder() throws {
        let text = "signals:\n  goods.ready:\n  paid: null\ndescription:\nflow: {a, b: }\n"
        let document = read(text)
        #expect(document.findings.isEmpty)
        let root = try #require(document.root)
        let signals = try #require(root["signals"])
        #expect(signals["goods.ready"]?.isEmptyValue == true && signals["goods.ready"]?.isNull == true)
        #expect(signals["paid"]?.isEmptyValue == false && signals["paid"]?.isNull == true)
        #expect(root["flow"]?["a"]?.isEmptyValue == true)
        let source = SourceText(path: "flow.yaml", text: text)
        let entry = try #require(root.mapping?[1])
        let finding = entry.value.emptyValueFinding(key: entry.key, in: source)
        #expect(finding.code == "FG0014" && finding.span == entry.key.span)
        #expect(finding.help?.contains("'' unsets") == true)
    }

    struct Place: Sendable, CustomTestStringConvertible {
        let id: String, marked: String, path: [String]
        var testDescription: String { id }
    }

    static let places = [
        Place(id: "plain", marked: "a: «x y»  # c\n", path: ["a"]),
        Place(id: "plain over lines", marked: "a: «x\n  y»\n\nb: 1", path: ["a"]),
        Place(id: "quoted", marked: "a: «\"x \"» # c", path: ["a"]),
        Place(id: "after wide characters", marked: "{\"😀é\": 1, b: «2»}", path: ["b"]),
        Place(id: "literal", marked: "a: «|\n  x\n\n  y»\n\nb: 1", path: ["a"]),
        Place(id: "folded, empty", marked: "a: «>»\nb: 1", path: ["a"]),
        Place(id: "block mapping", marked: "a:\n  «b: 1\n  c: 2» # c\n\n# c\nd: 1", path: ["a"]),
        Place(id: "block mapping, empty end", marked: "a:\n  «b:»\n\n\nd: 1", path: ["a"]),
        Place(id: "block list", marked: "a:\n  «- b\n  - - c»\n\n\nd: 1", path: ["a"]),
        Place(id: "flow mapping", marked: "a: «{b: 1,\n  c: 2 }» # c", path: ["a"]),
        Place(id: "behind an anchor", marked: "a: &x «y»", path: ["a"]),
        Place(id: "block behind an anchor", marked: "a: &x # why\n  «b: c»\nd: 1", path: ["a"]),
        Place(id: "of an alias: where it is written", marked: "a: &x «[1]»\nb: *x", path: ["b"]),
        Place(id: "with CRLF", marked: "a:\r\n  b: «c»\r\nd: 1\r\n", path: ["a", "b"]),
        Place(id: "with CR alone", marked: "a: 1\rb: «c»\rd: 1\r", path: ["b"]),
    ]

    @Test(arguments: places) func everyNodeKnowsStartAndEnd(_ c: Place) {
        let marked = MarkedText(c.marked)
        let node = c.path.reduce(read(marked.text).root) { $0?[$1] }
        #expect(node?.span == marked.span)
    }

    @Test func aliasesAreWrittenOutAndRemembered() {
        let document = read("on: &outcome {paid: done}\nagain:\n  on: *outcome\n")
        #expect(document.findings.isEmpty)
        let node = document.root?["again"]?["on"]
        #expect(node?.summary == "{paid: 'done'}")
        #expect(
            node?.alias == Span(start: .init(line: 3, column: 7), end: .init(line: 3, column: 15)))
        #expect(document.root?["on"]?.alias == nil)
    }

    @Test func documentMarkersAreAllowedOnce() {
        #expect(read("%YAML 1.2\n---\na: 1\n...\n").root?.summary == "{a: int 1}")
    }

    @Test(arguments: ["", "\n\n", "# only a comment", "---\n", "---\n...\n", "\u{FEFF}"])
    func filesThatSayNothingAreFound(_ text: String) {
        let document = read(text)
        #expect(document.root == nil)
        #expect(document.findings.map(\.code) == ["FG0003"])
    }

    @Test func everyCodeIsUniqueAndOfTheRangeForReading() {
        let codes = ReadingCode.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("FG00") && $0.count == 6 })
        #expect(Set(ReadingCode.allCases.map(\.meaning)).count == codes.count)
    }
}
