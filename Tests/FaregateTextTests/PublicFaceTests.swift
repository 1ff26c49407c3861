// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import Testing

/// What users of the library see of this module, without `@testable`.
@Suite struct PublicFaceTests {
    @Test func findingsAreValues() {
        let span = Span(start: Span.Point(line: 1, column: 2), end: Span.Point(line: 1, column: 4))
        let mark = Finding.Mark(in: "b.yaml", at: span, label: "there")
        let finding = Finding("FG0001", .warning, in: "a.yaml", at: span, "message", related: [mark], help: "help")
        #expect(finding == finding)
        #expect(finding.severity < .error && finding.severity > .note)
        #expect(finding.related == [mark] && finding.notes.isEmpty && finding.label.isEmpty)
        #expect(span.start < span.end)
    }
}
