// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateText
import FaregateValues
import Testing

@testable import FaregateRender

@Suite struct FindingReportTests {
    static let finding = Finding(
        "FG0303", .warning, in: "flows/naïve flow.yaml",
        at: Span(start: .init(line: 3, column: 5), end: .init(line: 3, column: 9)),
        "100% wrong: a, b\nand more", label: "here", notes: ["why"], help: "write 'x'")

    private func sarif(_ findings: [Finding]) throws -> Value {
        try JSON.read(SARIF(findings: findings, toolVersion: "1.2.3").text())
    }

    @Test func sarifNamesTheRuleThePlaceAndTheUnitOfColumns() throws {
        let run = try #require(try sarif([Self.finding])["runs"]?.list?.first)
        #expect(run["columnKind"] == "unicodeCodePoints")
        let rule = try #require(run[path: "tool.driver"]?["rules"]?.list?.first)
        #expect(rule["id"] == "FG0303")
        #expect(rule[path: "help.text"]?.string?.isEmpty == false)
        let result = try #require(run["results"]?.list?.first)
        #expect(result["ruleIndex"] == 0)
        #expect(result["level"] == "warning")
        let place = try #require(result["locations"]?.list?.first?["physicalLocation"])
        #expect(place[path: "artifactLocation.uri"] == "flows/na%C3%AFve%20flow.yaml")
        #expect(place["region"] == ["startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 9])
    }

    @Test func sarifOfNothingIsValidAndSaysSo() throws {
        let run = try #require(try sarif([])["runs"]?.list?.first)
        #expect(run["results"] == [])
    }

    @Test func sarifKeepsAbsolutePathsAbsolute() {
        #expect(SARIF.artifact("/tmp/a b.yaml") == ["uri": "file:///tmp/a%20b.yaml"])
        #expect(SARIF.artifact("./a.yaml") == ["uri": "a.yaml", "uriBaseId": "ROOT"])
    }

    @Test func annotationsAreEscapedByTheRulesOfGitHub() {
        #expect(
            GitHubAnnotations.text(for: [Self.finding])
                == "::warning file=flows/naïve flow.yaml,line=3,col=5,endColumn=8,title=FG0303::"
                + "100%25 wrong: a, b%0Aand more%0Ahere%0Awhy%0Ahelp: write 'x'\n")
        var finding = Self.finding
        finding.file = "a:b,c.yaml"
        finding.severity = .note
        finding.span.end.line = 5
        #expect(
            GitHubAnnotations.text(for: [finding]).hasPrefix(
                "::notice file=a%3Ab%2Cc.yaml,line=3,endLine=5,title=FG0303::"))
    }

    @Test func jsonHasTheShapeThatIsDocumented() throws {
        let report = try JSON.read(FindingsJSON.text(for: [Self.finding], files: 2, toolVersion: "1.2.3"))
        #expect(report["version"] == 1)
        #expect(report["files"] == 2)
        #expect(report["summary"] == ["error": 0, "warning": 1, "note": 0])
        let finding = try #require(report["findings"]?.list?.first)
        #expect(finding["start"] == ["line": 3, "column": 5])
        #expect(finding["help"] == "write 'x'")
        #expect(finding["title"] == "a field that the object does not have")
    }

    @Test func fileNamesTellTheirFormat() {
        #expect(FindingFormat(path: "a.sarif") == .sarif)
        #expect(FindingFormat(path: "a.sarif.json") == .sarif)
        #expect(FindingFormat(path: "a.json") == .json)
        #expect(FindingFormat(path: "a.txt") == .text)
        #expect(FindingFormat(path: "a") == nil)
    }
}
