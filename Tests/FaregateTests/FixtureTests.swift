// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateRender
import FaregateSpec
import FaregateText
import FaregateVerify
import Foundation
import Testing

/// Wrong files, one folder for each code: the place of the mistake is marked in the file, and what is printed lies beside it.
///
/// `FAREGATE_RECORD=1` writes `expected.txt` anew; look at the difference before it is committed.
@Suite struct FixtureTests {
    static let folder = "\(Package.root)/Tests/FaregateTests/Fixtures"

    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix("FG") }.sorted()

    /// Every code that a file can cause.
    static let codes: [String] =
        ReadingCode.allCases.map(\.rawValue) + SpecCode.allCases.map(\.rawValue) + RuleCode.allCases.map(\.rawValue)
        + CheckCode.allCases.map(\.rawValue) + TypeCode.allCases.map(\.rawValue) + ScenarioCode.allCases.map(\.rawValue)

    /// Codes that no fixture can show, each with the reason.
    static let unshown = [
        "FG0001": "a text file of the repository is UTF-8",
        "FG0002": "the file would have megabytes",
        "FG0020": "the file would have hundreds of thousands of values",
        "FG0022": "the file would have megabytes",
        "FG0155": "stands in faregate.yaml, which is no flow",
    ]

    @Test func everyCodeHasAFixture() {
        let shown = Set(Self.names.map { String($0.prefix(6)) })
        #expect(Set(Self.codes).subtracting(shown).subtracting(Self.unshown.keys) == [], "no fixture")
        #expect(shown.intersection(Self.unshown.keys) == [], "there is a fixture after all")
        #expect(shown.subtracting(Self.codes) == [], "no such code")
    }

    @Test(arguments: names) func isFoundWhereItIsMarked(_ name: String) async throws {
        let marked = try String(contentsOfFile: "\(Self.folder)/\(name)/flow.yaml", encoding: .utf8)
        let text = marked.replacing("«", with: "").replacing("»", with: "")
        let code = String(name.prefix(6))
        let findings = await Self.findings(text).filter { $0.code == code }
        let before = try #require(marked.firstIndex(of: "«").map { marked[..<$0] }, "mark the place with «…»")
        let line = before.filter { $0 == "\n" }.count + 1
        let column = before.unicodeScalars.reversed().prefix { $0 != "\n" }.count + 1
        let found = findings.first { $0.span.start.line == line && $0.span.start.column == column }
        let places = findings.map { "\($0.span.start.line):\($0.span.start.column) \($0.message)" }
        let finding = try #require(found, "\(line):\(column) is marked, found: \(places)")
        let printer = FindingPrinter(sources: [SourceText(path: "flow.yaml", text: text)], width: 100)
        let printed = printer.text(for: [finding])
        let path = "\(Self.folder)/\(name)/expected.txt"
        if ProcessInfo.processInfo.environment["FAREGATE_RECORD"] != nil {
            try printed.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOfFile: path, encoding: .utf8)
        #expect(printed == expected)
    }

    static func findings(_ text: String) async -> [Finding] {
        let library = FlowLibrary(files: [("flow.yaml", text)])
        if library.isBroken || !text.contains("scenarios:") { return library.findings }
        let report = await library.test()
        return library.findings + report.findings + report.outcomes.flatMap(\.findings)
    }

    /// `FAREGATE_RECORD=pages` makes a fixture of each page's wrong example that has none yet.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["FAREGATE_RECORD"] == "pages"))
    func recordPages() async throws {
        for page in FindingPage.all where Self.codes.contains(page.code) {
            if Self.names.contains(where: { $0.hasPrefix(page.code) }) { continue }
            let text = Example(page.wrong).text
            guard let finding = await Self.findings(text).first(where: { $0.code == page.code }) else {
                print("\(page.code): no finding")
                continue
            }
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let (start, end) = (finding.span.start, finding.span.end)
            func offset(_ point: Span.Point) -> Int {
                lines.prefix(point.line - 1).reduce(0) { $0 + $1.unicodeScalars.count + 1 } + point.column - 1
            }
            var scalars = Array(text.unicodeScalars)
            let to = min(max(offset(start), offset(end)), scalars.count)
            scalars.insert("»", at: to)
            scalars.insert("«", at: min(offset(start), scalars.count))
            var marked = String.UnicodeScalarView()
            marked.append(contentsOf: scalars)
            let words = page.title.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
            let folder = "\(Self.folder)/\(page.code)-\(words)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try String(marked).write(toFile: "\(folder)/flow.yaml", atomically: true, encoding: .utf8)
        }
    }
}
