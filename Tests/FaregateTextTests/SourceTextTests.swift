// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateText

@Suite struct SourceTextTests {
    @Test func linesEndAtLFAndCRLFAndCRAlone() {
        let source = SourceText(path: "f", text: "a\nbc\r\nd\re")
        #expect((1...source.lineCount).map { source.line($0) } == ["a", "bc", "d", "e"])
        #expect(source.point(at: 5) == Span.Point(line: 3, column: 1) || source.lineCount == 4)
        #expect(source.line(9).isEmpty && source.line(0).isEmpty)
    }

    @Test func offsetsAndPointsAreInverse() {
        let source = SourceText(path: "f", text: "é😀\r\n\r\nxyz\n")
        for offset in 0...source.scalars.count where source.scalars[..<offset].last != "\r" {
            #expect(source.offset(of: source.point(at: offset)) == offset)
        }
    }

    @Test func byteOrderMarkIsNotPartOfTheText() {
        let source = SourceText(path: "f", bytes: [0xEF, 0xBB, 0xBF] + Array("a: 1".utf8))
        #expect(source.findings.isEmpty)
        #expect(source.line(1) == "a: 1")
        #expect(YAMLReader.read(source).root?.span.start == Span.Point(line: 1, column: 1))
    }

    @Test func bytesThatAreNotUTF8AreFoundWhereTheyStand() {
        let source = SourceText(path: "f", bytes: Array("a: 1\nb: ".utf8) + [0xE9, 0x0A])
        let document = YAMLReader.read(source)
        #expect(document.root == nil)
        #expect(document.findings.map(\.code) == ["FG0001"])
        #expect(document.findings.first?.span.start == Span.Point(line: 2, column: 4))
        #expect(source.line(2) == "b: \u{FFFD}")
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61], [0x61, 0, 0x3A, 0, 0x20, 0, 0x31, 0],
            [0, 0x61, 0, 0x3A, 0, 0x20, 0, 0x31],
        ] as [[UInt8]])
    func utf16IsNamed(_ bytes: [UInt8]) {
        let source = SourceText(path: "f", bytes: bytes)
        #expect(source.findings.map(\.message) == ["the file is UTF-16"])
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x61], [0x61, 0, 0, 0, 0x3A, 0, 0, 0],
        ] as [[UInt8]])
    func utf32IsNamed(_ bytes: [UInt8]) {
        let source = SourceText(path: "f", bytes: bytes)
        #expect(source.findings.map(\.message) == ["the file is UTF-32"])
    }

    @Test func overlongAndSurrogateBytesAreNotUTF8() {
        for bytes in [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]] {
            #expect(SourceText(path: "f", bytes: bytes).findings.first?.code == "FG0001")
        }
    }

    @Test func filesBeyondTheLimitAreNotRead() {
        let source = SourceText(path: "f", bytes: Array("a: 1234".utf8), limit: 6)
        #expect(source.findings.map(\.code) == ["FG0002"])
        #expect(YAMLReader.read(source).root == nil)
        #expect(SourceText(path: "f", bytes: Array("a: 123".utf8), limit: 6).findings.isEmpty)
    }

    @Test(arguments: ["\u{0}", "\u{7}", "\u{1B}", "\u{7F}", "\u{85}", "\u{9B}", "\u{2028}", "\u{FEFF}", "\u{FFFE}"])
    func forbiddenCharactersAreFoundWhereTheyStand(_ character: String) {
        let document = read("a: 1\nb: x\(character)y")
        #expect(document.root == nil)
        #expect(document.findings.map(\.code) == ["FG0004"])
        #expect(document.findings.first?.span.start == Span.Point(line: 2, column: 5))
    }

    @Test func charactersThatTurnTheTextAreWarnedOf() {
        let document = read("a: x\u{202E}y")
        #expect(document.root != nil)
        #expect(document.findings.map(\.code) == ["FG0027"])
        #expect(document.findings.first?.severity == .warning)
    }

    @Test func binaryFilesDoNotGiveOneFindingAByte() {
        #expect(SourceText(path: "f", bytes: Array(repeating: 0, count: 1_000)).findings.count == 10)
    }
}
