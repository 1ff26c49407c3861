// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateText

/// Whatever the bytes: no crash, no endless work, and a finding with a place inside the file if there is no tree.
@Suite struct HostileInputTests {
    static let valid = """
        flow: a # comment
        title: 'it''s'
        inputs:
          amount:   {type: int, default: 1000, check: amount > 0}
          method: {one_of: [x, "y\\u00e9\\n", 😀]}
        states:
          pay: &pay
            call: payment.create
            text: |2-
                 deep
               less
            more: >+
              folded
              text

            on:
              requires_action | canceled: end
              succeeded:
                target: end
                assert:
                  - a.b == 'c'
                  - "!has(x)"
          again: *pay
        """

    private func demand(_ bytes: [UInt8], _ what: @autoclosure () -> String) {
        let source = SourceText(path: "f", bytes: bytes)
        let document = YAMLReader.read(source)
        if document.root == nil, document.findings.isEmpty { Issue.record("nothing found: \(what())") }
        for finding in document.findings {
            for span in [finding.span] + finding.related.map(\.span) {
                let isInside = span.start <= span.end && inside(span.start, source) && inside(span.end, source)
                if !isInside { Issue.record("outside of the file: \(what()) \(finding)") }
            }
        }
        let text = FindingPrinter(sources: [source]).text(for: document.findings)
        if text.unicodeScalars.contains(where: { $0 != "\n" && TerminalText.isUnsafe($0) }) {
            Issue.record("raw control characters: \(what())")
        }
        if let root = document.root { walk(root, source) }
    }

    private func inside(_ point: Span.Point, _ source: SourceText) -> Bool {
        point.line >= 1 && point.line <= source.lineCount && point.column >= 1
            && point.column <= source.lineRange(point.line).count + 1
    }

    private func walk(_ node: YAMLNode, _ source: SourceText) {
        if !(inside(node.span.start, source) && inside(node.span.end, source) && node.span.start <= node.span.end) {
            Issue.record("a node outside of the file: \(node.span)")
        }
        switch node.kind {
        case .scalar(let scalar):
            _ = node.point(atScalarOffset: scalar.text.unicodeScalars.count / 2, in: source)
            _ = node.span(ofScalars: 0..<scalar.text.unicodeScalars.count, in: source)
        case .sequence(let items): items.forEach { walk($0, source) }
        case .mapping(let entries):
            for entry in entries {
                walk(entry.key, source)
                walk(entry.value, source)
            }
        }
    }

    @Test func theValidFileIsValid() {
        #expect(read(Self.valid).findings.isEmpty)
        #expect(read(Self.valid).root != nil)
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func everyTruncationOfAValidFile(_ lineBreak: String) {
        let bytes = Array(Self.valid.replacing("\n", with: lineBreak).utf8)
        for count in 0...bytes.count { demand(Array(bytes[..<count]), "first \(count) bytes") }
    }

    @Test func randomBytes() {
        var random = FixedRandom(state: 1)
        for run in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            demand(bytes, "run \(run)")
        }
    }

    @Test func randomYAMLSigns() {
        var random = FixedRandom(state: 2)
        let signs = Array("{}[]:,-?&*!|>'\"%@`# \t\n\r\n  ab1~<=$(\\)é😀\u{2028}\u{FEFF}".unicodeScalars)
        for run in 0..<20_000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...40, using: &random) { text.append(signs.randomElement(using: &random)!) }
            demand(Array(String(text).utf8), "run \(run): \(String(text).debugDescription)")
        }
    }

    @Test func mutatedValidFiles() {
        var random = FixedRandom(state: 3)
        let valid = Array(Self.valid.utf8)
        let signs = Array("{}[]:,-?&*!|>'\"%@# \t\n\\$()".utf8)
        for run in 0..<4_000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(signs.randomElement(using: &random)!, at: place)
                case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
                default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
                }
            }
            demand(bytes, "run \(run)")
        }
    }

    @Test(arguments: [
        "[", "{a: ", "- ", "? ", "{? ", "[a, ", "((", "{", "!", "&a ", "'", "\"", "\\", "a: ", ": ", "a:\n", "*a ",
    ])
    func deepNesting(_ piece: String) {
        for count in [63, 64, 65, 1_000, 100_000] {
            demand(Array(String(repeating: piece, count: count).utf8), "\(count) times \(piece)")
        }
    }

    @Test func nestingHasALimit() {
        let fits = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(read(fits).findings.isEmpty)
        #expect(read("[\(fits)]").findings.map(\.code) == ["FG0021"])
        #expect(read("a: &x \(fits.dropFirst(2).dropLast(2))\nb: [*x]").findings.isEmpty)
        #expect(read("a: &x \(fits.dropFirst(2).dropLast(2))\nb: [[*x]]").findings.map(\.code) == ["FG0021"])
    }

    @Test func aliasBombsAreFoundBeforeTheyGrow() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...40 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let document = read(text)
        #expect(document.root == nil)
        #expect(document.findings.map(\.code) == ["FG0020"])
        #expect(document.findings.first?.span.start.line == 6)
    }

    @Test func aliasesAndTextsHaveLimits() {
        var limits = YAMLLimits()
        limits.aliases = 2
        #expect(read("[&a x, *a, *a]", limits: limits).findings.isEmpty)
        #expect(read("[&a x, *a, *a, *a]", limits: limits).findings.map(\.code) == ["FG0020"])
        limits.scalarLength = 5
        #expect(read("abcde", limits: limits).findings.isEmpty)
        #expect(read("a: abcdef", limits: limits).findings.map(\.code) == ["FG0022"])
        limits.nodes = 4
        #expect(read("[a, b, c]", limits: limits).findings.isEmpty)
        #expect(read("[a, b, c, d]", limits: limits).findings.map(\.code) == ["FG0020"])
    }

    @Test(arguments: [
        "x", "é ", "x: ", "(", "(,", "[(,", "'", "a #b", "\n", " ", "\t", "{x}: ", "f(a, b), ", "\u{301}",
    ])
    func hugeFilesOfOneLine(_ piece: String) {
        let body = String(repeating: piece, count: 150_000 / piece.utf8.count)
        demand(Array("a: \(body)".utf8), "plain \(piece)")
        demand(Array("a: [\(body)".utf8), "flow \(piece)")
        demand(Array("a: [\(body)]".utf8), "closed flow \(piece)")
        demand(Array("a: \"\(body)".utf8), "quoted \(piece)")
    }
}
