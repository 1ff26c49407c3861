// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateText

@Suite struct FindingListTests {
    private func finding(_ code: String, _ file: String, _ line: Int, _ severity: Finding.Severity = .error) -> Finding
    {
        let point = Span.Point(line: line, column: 1)
        return Finding(code, severity, in: file, at: Span(start: point, end: point), "m")
    }

    @Test func sortsByFileThenPlaceThenCode() {
        let wanted = [
            finding("FG0009", "a", 2), finding("FG0001", "a", 10), finding("FG0002", "a", 10),
            finding("FG0001", "b", 1),
        ]
        #expect(Array(wanted.reversed() + wanted).sorted() == wanted)
    }

    @Test func warningsAreLeftOutBeforeErrors() {
        let list = [finding("FG0001", "a", 1, .warning), finding("FG0002", "a", 2), finding("FG0003", "a", 3, .note)]
        #expect(list.arranged(cap: 1).shown.map(\.code) == ["FG0002"])
        #expect(list.arranged(cap: 2).shown.map(\.code) == ["FG0001", "FG0002"])
        #expect(list.arranged(cap: 2).left == 1)
        #expect(list.arranged().left == 0)
        #expect(list.arranged(cap: 0).left == 3)
    }

    @Test func theSummaryCountsBySeverity() {
        let list = [
            finding("FG0001", "a", 1), finding("FG0001", "b", 2), finding("FG0001", "c", 3, .warning),
        ]
        #expect(list.summary() == "2 errors, 1 warning in 3 files")
        #expect(list.summary(files: 5) == "2 errors, 1 warning in 5 files")
        #expect([Finding]().summary(files: 1) == "no findings in 1 file")
    }
}
