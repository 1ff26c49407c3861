// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateText
import FaregateValues
import Testing

@testable import FaregateRender

/// Names and values that try to break out of a report.
@Suite struct HostileReportTests {
    static let names = [
        "]]>", "<script>alert(1)</script>", "a\u{1}b\u{8}c\u{1B}[31md\u{7F}e\u{85}f", "\u{202E}evil\u{2066}",
        "\u{FEFF}\u{200B}",
        "\"><img src=x onerror=alert(1)>", "it's `$(rm -rf)` \\ \"quoted\"", "# SKIP all # TODO none",
        "a\nb\r\n::error::c",
        "%0A::error::d", "\u{FFFF}\u{FFFE}", "e" + String(repeating: "\u{301}", count: 5000),
        String(repeating: "long ", count: 2000), "日本語のシナリオ名", "--flag", "&lt;&amp;&#x41;",
    ]

    static func library(_ name: String) -> FlowLibrary {
        let text = FailingFlow.text.replacing("  dear ones:", with: "  ? \(quoted(name))\n  :")
            .replacing("  an assertion that does not hold:", with: "  ? \(quoted(name + " too"))\n  :")
        return FlowLibrary(files: [("flows/\(name.unicodeScalars.first == "-" ? "x" : "h").yaml", text)])
    }

    /// In double quotes, with an escape for all but letters.
    static func quoted(_ name: String) -> String {
        let parts = name.unicodeScalars.map { scalar -> String in
            if scalar.isASCII, scalar.properties.isAlphabetic || scalar == " " { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
        }
        return "\"\(parts.joined())\""
    }

    @Test(arguments: names.indices) func namesBreakNothing(_ number: Int) async throws {
        let name = Self.names[number]
        let library = Self.library(name)
        try #require(!library.isBroken, "\(library.report())")
        let report = await FailingFlow.report(of: library)
        #expect(report.outcomes.count == 6)
        for format in ReportFormat.allCases {
            let text = report.text(format, for: library, toolVersion: "")
            for scalar in text.unicodeScalars where scalar != "\n" && format != .json {
                #expect(!TerminalText.isUnsafe(scalar), "\(format) has U+\(String(scalar.value, radix: 16))")
            }
        }
        let junit = try MarkupReader.read(report.text(.junit, for: library, toolVersion: ""))
        #expect(junit.all("testcase").count == 6)
        let page = try MarkupReader.read(report.text(.html, for: library, toolVersion: ""), isHTML: true)
        #expect(page.all("script").isEmpty && page.all("img").isEmpty)
        let json = try JSON.read(report.text(.json, for: library, toolVersion: ""))
        let cases = json["flows"]?.list?.first?["scenarios"]?.list?.compactMap { $0["name"]?.string }
        #expect(cases?.contains { $0.unicodeScalars.elementsEqual(name.unicodeScalars) } == true)
        let tap = report.text(.tap, for: library, toolVersion: "").split(separator: "\n")
        #expect(tap.count { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") } == 6)
        #expect(!tap.contains { $0.hasPrefix("ok ") && $0.contains(" # SKIP") })
        let commands = report.text(.github, for: library, toolVersion: "").split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(commands.count == 6 && commands.prefix(4).allSatisfy { $0.hasPrefix("::error file=") })
        for line in report.text(for: library).split(separator: "\n")
        where !line.contains("faregate test") && !line.hasPrefix("error[") {
            #expect(TerminalText.width(of: String(line)) <= 80)
        }
    }

    @Test(arguments: ["\u{1b}]0;x\u{7}", "a\u{202E}b", "it's", "a b", "", "$x `y`", "\u{10FFFF}", "back\\slash\n"])
    func commandLinesAreOneWord(_ word: String) {
        let quoted = Rerun.quoted(word)
        #expect(!quoted.unicodeScalars.contains { TerminalText.isUnsafe($0) })
        #expect(quoted.hasPrefix("'") || quoted.hasPrefix("$'"))
    }

    @Test func plainWordsNeedNoQuotes() {
        #expect(Rerun.line(file: "a.yaml", title: "x", seed: "1", with: []) == "faregate test a.yaml:x --seed 1")
        #expect(
            Rerun.line(file: "a.yaml", title: "it's", seed: "1", with: ["b c.yaml"])
                == #"faregate test 'a.yaml:it'\''s' --with 'b c.yaml' --seed 1"#)
    }

    // MARK: Secrets

    @Test func secretsReachNoReport() async {
        let report = await FailingFlow.report()
        for format in ReportFormat.allCases {
            let text = report.text(format, for: FailingFlow.library, toolVersion: "")
            for secret in ["hunter2", "sk_test_abc", "4242424242424242", "_secret_"] {
                #expect(!text.contains(secret), "\(format) tells \(secret)")
            }
            #expect(text.contains("[redacted]") || format == .tap || format == .github, "\(format)")
        }
    }

    /// The value of a condition's part has no name of its own.
    @Test func aSecretIsHiddenAsTheValueOfAnExpressionToo() async throws {
        let json = try JSON.read(await FailingFlow.text(.json))
        var values: [String: String] = [:]
        func collect(_ condition: Value) {
            values[condition["text"]?.string ?? ""] = condition["value"]?.string
            condition["parts"]?.list?.forEach(collect)
        }
        let failure = json["flows"]?.list?.first?["scenarios"]?.list?.first?["cases"]?.list?.first?["failure"]
        failure?["conditions"]?.list?.forEach(collect)
        #expect(values["payment.client_secret"] == "[redacted]")
        #expect(values["password"]?.contains("[redacted]") == true)
        #expect(values["payment.amount"] == "1000")
    }

    @Test func shortSecretsAreHiddenWhereTheyStandAlone() {
        let redactor = Redactor(secrets: ["12", "abcdefgh"])
        #expect(
            redactor.redact(["a": 12, "b": 1200, "c": "12", "d": "x abcdefgh y"])
                == ["a": "[redacted]", "b": 1200, "c": "[redacted]", "d": "x [redacted] y"])
    }

    // MARK: Size

    @Test func aFlowThatIsTooLargeForAPictureHasNone() async {
        let count = 1200
        var text = "flow: large\ninitial: s0\nstates:\n"
        for number in 0..<count {
            // Each jumps to the end, too: far more helper points than a picture may have.
            text +=
                "  s\(number): {choose: [{guard: 'visits.s\(number) > 1', target: end}, {target: \(number + 1 < count ? "s\(number + 1)" : "end")}]}\n"
        }
        text += "  end: {final: success}\nscenarios:\n  it ends: {final: end}\n"
        let library = FlowLibrary(files: [("large.yaml", text)])
        #expect(!library.isBroken, "\(library.report())")
        #expect(library.diagram(.svg, flow: "large") == nil)
        #expect(library.diagram(.mermaid, flow: "large")?.contains("s1199") == true)
    }
}
