// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateText

@Suite struct ScalarMapTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let id: String, marked: String
        var testDescription: String { id }
    }

    /// « stands before the first character of TARGET's place in the file.
    static let cases = [
        Case(id: "plain", marked: "a: x + «TARGET"),
        Case(id: "plain, behind wide characters", marked: "a: 😀é + «TARGET"),
        Case(id: "plain over lines", marked: "a: x +\n   y +\n\n     «TARGET"),
        Case(id: "plain over CRLF lines", marked: "a: x +\r\n   y +\r\n\r\n     «TARGET\r\n"),
        Case(id: "single quotes", marked: "a: '''x'' == «TARGET'"),
        Case(id: "single quotes over lines", marked: "a: ' x\n\n   ''y \n  «TARGET'"),
        Case(id: "double quotes", marked: #"a: "\"x\" == «TARGET""#),
        Case(id: "double quotes, long escapes", marked: #"a: "\x41\u00e9\U0001F600\n«TARGET""#),
        Case(id: "double quotes over lines", marked: "a: \"x\n\n   y \n  «TARGET\""),
        Case(id: "double quotes, escaped line break", marked: "a: \"x\\\n   y \\\n\n  «TARGET\""),
        Case(id: "literal", marked: "a: |\n  x\n    y\n\n  «TARGET\nb: 1"),
        Case(id: "literal, blank lines first", marked: "a: |\n\n \n   x «TARGET\n"),
        Case(id: "literal with its indentation told", marked: "a: |2-\n     x\n   «TARGET\n"),
        Case(id: "literal in a list, CRLF", marked: "- - |+ # why\r\n    x\r\n    «TARGET\r\n\r\n- 1"),
        Case(id: "folded", marked: "a: >\n  x\n  y\n\n  z\n  «TARGET\n"),
        Case(id: "folded with deeper lines", marked: "a: >-\n  x\n    y\n\n    z\n\n\n  «TARGET\n\n"),
        Case(id: "behind an anchor", marked: "a: &x # why\n  'x «TARGET'"),
    ]

    private func scalars(of node: YAMLNode) -> [(node: YAMLNode, text: String)] {
        switch node.kind {
        case .scalar(let scalar): [(node, scalar.text)]
        case .sequence(let items): items.flatMap(scalars)
        case .mapping(let entries): entries.flatMap { scalars(of: $0.key) + scalars(of: $0.value) }
        }
    }

    @Test(arguments: cases) func aCharacterOfTheTextIsFoundInTheFile(_ c: Case) throws {
        let marked = MarkedText(c.marked)
        let source = SourceText(path: "f", text: marked.text)
        let root = try #require(YAMLReader.read(source).root)
        let found = try #require(scalars(of: root).first { $0.text.contains("TARGET") })
        let start = try #require(found.text.firstRange(of: "TARGET")?.lowerBound)
        let offset = found.text.unicodeScalars.distance(from: found.text.startIndex, to: start)
        #expect(found.node.point(atScalarOffset: offset, in: source) == marked.span.start)
        let span = found.node.span(ofScalars: offset..<offset + 6, in: source)
        #expect(source.text(of: span) == "TARGET")
        try expectWholeMap(found.node, in: source)
    }

    /// What the map reads is what the parser read.
    private func expectWholeMap(_ node: YAMLNode, in source: SourceText) throws {
        let scalar = try #require(node.scalar)
        let map = ScalarMap(scalar, at: source.range(of: node.span), in: source)
        #expect(map.text == Array(scalar.text.unicodeScalars))
        #expect(map.offsets.count == map.text.count + 1)
        #expect(zip(map.offsets, map.offsets.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func theEndAndWhatLiesBeyondAreDrawnToTheEndOfTheText() throws {
        let source = SourceText(path: "f", text: "a: 'xy'\nb: xy\nc:")
        let root = try #require(YAMLReader.read(source).root)
        #expect(root["a"]?.point(atScalarOffset: 2, in: source) == Span.Point(line: 1, column: 7))
        #expect(root["a"]?.point(atScalarOffset: 99, in: source) == Span.Point(line: 1, column: 7))
        #expect(root["b"]?.point(atScalarOffset: 2, in: source) == Span.Point(line: 2, column: 6))
        #expect(root["c"]?.point(atScalarOffset: 0, in: source) == Span.Point(line: 3, column: 3))
        #expect(root.point(atScalarOffset: 5, in: source) == root.span.start)
    }

    @Test func randomScalarsOfAllStylesMapToTheParsersText() throws {
        var random = FixedRandom(state: 7)
        let pieces = ["x", "é", "😀", " ", "  ", "\n  ", "\n\n  ", "\n    ", "''", "y", "\r\n  ", "\t"]
        var mapped = 0
        for _ in 0..<6_000 {
            let body = (0..<Int.random(in: 1...9, using: &random)).map { _ in pieces.randomElement(using: &random)! }
                .joined()
            let head = ["- ", "- '", "- \"", "- |\n  ", "- >\n  ", "- |-\n  ", "- >+\n  ", "- |1\n  ", "- >2\n  "]
                .randomElement(using: &random)!
            let tail = head.hasSuffix("'") ? "'" : head.hasSuffix("\"") ? "\\\n  \\t\"\n" : "\n"
            let source = SourceText(path: "f", text: head + body + tail)
            guard let node = YAMLReader.read(source).root?.sequence?.first, node.scalar != nil, !node.isEmptyValue
            else {
                continue
            }
            mapped += 1
            try expectWholeMap(node, in: source)
        }
        #expect(mapped > 3_000)
    }
}
