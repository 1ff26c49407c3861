// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.enabled(if: Tool.program != nil, "the program is not built beside the tests"))
struct CheckEndToEndTests {
    static let good = SmallFlow.text()
    static let bad = good.replacingOccurrences(of: "on: {", with: "onn: {").replacingOccurrences(
        of: "good", with: "bad")

    @Test func explainsACode() throws {
        let tool = try Tool()
        let page = try tool("explain", "FG0104")
        #expect(page.status == 0)
        #expect(page.output.hasPrefix("FG0104: a name that nobody declares\n"))
        let list = try tool("explain")
        #expect(list.output.contains("FG0715"))
        let unknown = try tool("explain", "FG0140")
        #expect(unknown.status == 2)
        #expect(unknown.error.contains("did you mean FG0104?"))
    }

    @Test func writesSeveralFormatsAtOnce() throws {
        let tool = try Tool()
        try tool.write(Self.bad, to: "bad, flow.yaml")
        let result = try tool(
            "check", "bad, flow.yaml", "--format", "github", "--output", "report.sarif", "-o", "json:report.txt")
        #expect(result.status == 2)
        #expect(result.output.contains("::error file=bad%2C flow.yaml,line=8,col=5,endColumn=7,title=FG0101::"))
        let sarif = try JSONSerialization.jsonObject(with: Data(tool.read("report.sarif").utf8)) as? [String: Any]
        #expect(sarif?["version"] as? String == "2.1.0")
        #expect(try tool.read("report.sarif").contains("bad%2C%20flow.yaml"))
        let json = try JSONSerialization.jsonObject(with: Data(tool.read("report.txt").utf8)) as? [String: Any]
        #expect((json?["findings"] as? [Any])?.count ?? 0 > 0)
    }

    @Test func tellsWhatIsWrongWithItsOptions() throws {
        let tool = try Tool()
        try tool.write(Self.good, to: "good.yaml")
        let format = try tool("check", "good.yaml", "--format", "xml")
        #expect(format.status == 2)
        #expect(format.error.contains("choose text, json, sarif, github"))
        #expect(try tool("check", "good.yaml", "--output", "report").error.contains("--output sarif:report"))
        #expect(try tool("check", "good.yaml", "--config", "none.yaml").status == 2)
        #expect(try tool("check", ".").status == 0)
    }

    @Test func goesByTheNearestConfiguration() throws {
        let tool = try Tool()
        let unused = Self.good + "# faregate: allow FG0303 because it was needed once\n"
        try tool.write(unused, to: "good.yaml")
        let warned = try tool("check", "good.yaml")
        #expect(warned.status == 0)
        #expect(warned.output.contains("warning[FG0154]"))
        #expect(try tool("check", "good.yaml", "--deny", "warnings").status == 2)
        try tool.write("rules: {FG0154: off}\n", to: "faregate.yaml")
        #expect(try tool("check", "good.yaml", "--deny", "warnings").status == 0)
        try tool.write("rules: {FG0154: quiet, FG0101: off, FG9: note}\nrule: {}\n", to: "faregate.yaml")
        let wrong = try tool("check", "good.yaml")
        #expect(wrong.status == 2)
        for code in ["FG0155", "FG0152", "FG0151", "FG0101"] { #expect(wrong.output.contains("error[\(code)]")) }
    }
}
