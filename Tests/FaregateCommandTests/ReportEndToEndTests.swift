// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.enabled(if: Tool.program != nil, "the program is not built beside the tests"))
struct ReportEndToEndTests {
    static let good = SmallFlow.text(
        on: "requires_payment_method: done, succeeded: lost",
        more: """
              lost: {final: failure}
            scenarios:
              it ends: {final: done}
              it ends again: {final: done}

            """)
    static let failing = good.replacingOccurrences(of: "it ends: {final: done}", with: "it's lost: {final: lost}")
        .replacingOccurrences(of: "flow: good", with: "flow: bad")

    static func tool() throws -> Tool {
        let tool = try Tool()
        try tool.write(good, to: "good.yaml")
        try tool.write(failing, to: "bad.yaml")
        return tool
    }

    // MARK: Formats and files

    @Test func severalFormatsGoToTheirFilesAndTheTextToTheTerminal() throws {
        let tool = try Self.tool()
        let result = try tool(
            "test", "bad.yaml", "--format", "junit", "--output", "out.xml", "--format", "html", "--output",
            "report.html",
            "-o", "r.json", "-o", "tap:results")
        #expect(result.status == 1)
        #expect(result.output.contains("1 passed, 1 failed  seed 0\n"))
        #expect(
            try tool.read("out.xml").contains("<testsuites name=\"faregate\" tests=\"2\" failures=\"1\" errors=\"0\">"))
        #expect(try tool.read("report.html").hasPrefix("<!doctype html>"))
        #expect(try tool.read("results").hasPrefix("TAP version 14\n1..2\n"))
        let json = try JSONSerialization.jsonObject(with: Data(tool.read("r.json").utf8)) as? [String: Any]
        #expect(json?["version"] as? Int == 1)
    }

    @Test func oneFormatMayGoToStandardOutput() throws {
        let tool = try Self.tool()
        #expect(try tool("test", "good.yaml", "--format", "tap").output.hasPrefix("TAP version 14\n"))
        let both = try tool("test", "good.yaml", "--format", "github", "-o", "out.xml")
        #expect(both.output == "faregate: 2 passed, 0 failed  seed 0\n")
        #expect(try tool.read("out.xml").contains("<testsuites"))
        // A file whose name tells nothing takes the format that is left.
        #expect(try tool("test", "good.yaml", "--format", "tap", "--output", "results").output.contains("2 passed"))
        #expect(try tool.read("results").hasPrefix("TAP"))
    }

    @Test func reportOptionsThatDoNotFitAreRefused() throws {
        let tool = try Self.tool()
        for (arguments, message) in [
            (["--format", "juint"], "did you mean 'junit'?"), (["--output", "out"], "tells no format"),
            (["--output", "junit:"], "names no file"), (["-o", "a.xml", "-o", "a.xml"], "two reports"),
            (["--format", "tap", "--format", "html"], "cannot both go to standard output"),
            (["--shard", "5/4"], "such as 1/4"), (["--jobs", "0"], "--jobs"),
        ] {
            let result = try tool(["test", "good.yaml"] + arguments)
            #expect(result.status == 2, "\(arguments)")
            #expect(result.error.contains(message), "\(arguments): \(result.error)")
        }
        #expect(try tool("test", "good.yaml", "-o", "nowhere/out.xml").status == 3)
    }

    @Test(arguments: [
        ["-o", "w.xml", "-o", "html:./w.xml"], ["-o", "w.xml", "-o", "html:.//w.xml"],
        ["-o", "w.xml", "-o", "html:o/../w.xml"], ["-o", "o/w.xml", "-o", "html:link/w.xml"],
        ["-o", "there.xml", "-o", "html:same.xml"], ["-o", "w.xml", "-o", "html:ahead.xml"],
        ["-o", "json:w.xml", "--coverage-output", "./w.xml"], ["-o", "junit:.out"], ["-o", "junit:-"],
    ]) func twoReportsNeverGoToOneFile(_ arguments: [String]) throws {
        let tool = try Self.tool()
        let files = FileManager.default
        try files.createDirectory(at: tool.folder.appending(path: "o"), withIntermediateDirectories: false)
        try tool.write("before", to: "there.xml")
        for (link, target) in [("link", "o"), ("same.xml", "there.xml"), ("ahead.xml", "w.xml")] {
            try files.createSymbolicLink(
                atPath: tool.folder.appending(path: link).path(percentEncoded: false), withDestinationPath: target)
        }
        let result = try tool(["test", "good.yaml"] + arguments)
        #expect(result.status == 2)
        #expect(result.error.contains(arguments.contains("junit:-") ? "write ./-" : "two reports"), "\(result.error)")
        #expect(try tool.read("there.xml") == "before")
    }

    @Test func filesOfOneNameInTwoFoldersAreTwo() throws {
        let tool = try Self.tool()
        try FileManager.default.createDirectory(
            at: tool.folder.appending(path: "o"), withIntermediateDirectories: false)
        #expect(try tool("test", "good.yaml", "-o", "w.xml", "-o", "html:o/w.xml").status == 0)
        #expect(try tool("test", "good.yaml", "-o", "w.xml", "-o", "html:o/w.xml").status == 0)
        #expect(try tool.read("o/w.xml").hasPrefix("<!doctype html>"))
        #expect(try tool("check", "good.yaml", "-o", "f.json", "-o", "sarif:./f.json").error.contains("two reports"))
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"),
        arguments: [
            ["test", "good.yaml", "--format", "junit"], ["test", "good.yaml", "--coverage"], ["run", "good.yaml"],
            ["check", "good.yaml", "--format", "json"], ["diagram", "good.yaml"], ["list", "good.yaml"],
            ["fmt", "--diff", "wide.yaml"], ["schema", "flow"], ["eval", "1 + 1"], ["explain"],
            ["explain", "FG0303"], ["--help"], ["--version"],
        ])
    func outputThatIsLostIsMissed(_ arguments: [String]) throws {
        let tool = try Self.tool()
        try tool.write(Self.good.replacingOccurrences(of: "flow: good", with: "flow: good  "), to: "wide.yaml")
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let result = try tool(arguments, into: full)
        #expect(result.status == 3)
        #expect(result.error.contains("faregate: standard output cannot be written: "))
    }

    @Test func aReaderWhoGoesAwayEndsTheOutputAlone() throws {
        let tool = try Self.tool()
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let result = try tool(["test", "good.yaml", "-o", "w.xml"], into: pipe.fileHandleForWriting)
        #expect(result.status == 0)
        #expect(result.error.isEmpty)
        #expect(try tool.read("w.xml").contains("<testsuites"))
    }

    // MARK: What is run

    @Test func aFailureIsRunAgainByItsOwnLine() throws {
        let tool = try Self.tool()
        let first = try tool("test", "bad.yaml", "--seed", "abc")
        let line = try #require(first.output.split(separator: "\n").last { $0.contains("faregate test") })
        #expect(line == #"    faregate test 'bad.yaml:it'\''s lost' --seed abc"#)
        let again = try tool("test", "bad.yaml:it's lost", "--seed", "abc")
        #expect(again.status == 1)
        #expect(again.output.contains("0 passed, 1 failed  seed abc"))
    }

    @Test func filtersSelectAndExplainThemselves() throws {
        let tool = try Self.tool()
        #expect(try tool("test", "good.yaml", "bad.yaml", "--filter", "AGAIN").output.contains("2 passed, 0 failed"))
        let none = try tool("test", "good.yaml", "--filter", "agian")
        #expect(none.status == 2)
        #expect(none.error.contains("no flow or scenario has 'agian' in its name, did you mean 'again'?"))
        let unknown = try tool("test", "good.yaml:it end")
        #expect(unknown.status == 2)
        #expect(unknown.error.contains("did you mean 'it ends'?"))
    }

    @Test func failFastLeavesTheRest() throws {
        let tool = try Self.tool()
        let result = try tool("test", "bad.yaml", "good.yaml", "--fail-fast", "--jobs", "2")
        #expect(result.status == 1)
        #expect(result.output.contains("0 passed, 1 failed, 3 not run"))
    }

    @Test func shardsDivideAndAnEmptyOneSaysSo() throws {
        let tool = try Self.tool()
        var passed = 0
        var empty = 0
        for number in 1...8 {
            let result = try tool("test", "good.yaml", "--shard", "\(number)/8")
            #expect(result.status == 0)
            passed += result.output.split(separator: "\n").count { $0.hasPrefix("  ok") }
            if result.error.contains("shard \(number)/8 has no scenario") { empty += 1 }
        }
        #expect(passed == 2)
        #expect(empty >= 6)
    }

    @Test func aRandomSeedIsTold() throws {
        let tool = try Self.tool()
        let result = try tool("test", "good.yaml", "--seed", "random", "--format", "tap")
        let seed = try #require(result.error.firstMatch(of: /faregate: seed ([0-9]+)/)?.1)
        #expect(result.output.contains("# seed \(seed)\n"))
    }

    @Test func flowsThatAreRunInsideComeFromWith() throws {
        let tool = try Self.tool()
        try tool.write(
            "flow: outer\ninitial: a\nstates:\n  a: {run: good, on: {done: b, lost: b}}\n  b: {final: success}\n"
                + "scenarios:\n  it runs: {final: b}\n", to: "outer.yaml")
        let result = try tool("test", "outer.yaml", "--with", "good.yaml")
        #expect(result.status == 0, "\(result.output) \(result.error)")
        #expect(result.output.contains("1 passed"), "the flow inside is not tested itself")
    }

    @Test func whatCannotRunEndsWithThree() throws {
        let tool = try Self.tool()
        try tool.write(
            Self.good.replacingOccurrences(
                of: "objects:", with: "inputs: {amount: {type: int, default: 1, check: amount > 0}}\nobjects:"
            ).replacingOccurrences(of: "it ends: {", with: "it ends: {inputs: {amount: $(-1)}, "), to: "none.yaml")
        let result = try tool("test", "none.yaml", "-o", "out.xml")
        #expect(result.status == 3, "\(result.output) \(result.error)")
        #expect(result.output.contains("    amount > 0  false\n      amount    -1\n"))
        #expect(
            try tool.read("out.xml").contains("<testsuites name=\"faregate\" tests=\"2\" failures=\"0\" errors=\"1\">"))
        #expect(try tool.read("out.xml").contains("<error type=\"FG0713\""))
    }

    @Test func oneRunTellsWhatDecided() throws {
        let tool = try Self.tool()
        try tool.write(
            Self.good.replacingOccurrences(of: "on: {", with: "assert: [payment.amount > 2000]\n    on: {"),
            to: "less.yaml")
        let result = try tool("run", "less.yaml")
        #expect(result.status == 1)
        #expect(result.error.contains("    payment.amount > 2000  false\n      payment.amount       1000\n"))
        #expect(result.error.contains("  answer: HTTP 200\n"))
    }

    // MARK: The terminal

    @Test func nobodyWhoDoesNotWatchSeesProgress() throws {
        let tool = try Self.tool()
        let result = try tool("test", "good.yaml")
        #expect(result.error.isEmpty)
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test func progressIsOneLineThatGoesAway() throws {
        let tool = try Self.tool()
        let shown = try tool.onTerminal("test", "good.yaml", environment: ["TERM": "xterm"])
        #expect(shown.contains("\r\u{1B}[K2/2  good: it ends again"))
        #expect(shown.hasSuffix("\r\u{1B}[K"))
        #expect(!shown.contains("\n"))
        for quiet in [["TERM": "dumb"], ["TERM": "xterm", "CI": "true"]] {
            #expect(try tool.onTerminal("test", "good.yaml", environment: quiet).isEmpty)
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status"), "needs /proc"))
    func anInterruptionReportsWhatWasDone() throws {
        let tool = try Self.tool()
        // Enough for a while: the signal comes long before the end.
        let cells = (0..<9000).map(String.init).joined(separator: ", ")
        try tool.write(
            Self.good.replacingOccurrences(of: "it ends: {", with: "it ends: {matrix: {n: [\(cells)]}, "),
            to: "long.yaml")
        let result = try tool.interrupted("test", "long.yaml", "--jobs", "1", "--output", "out.tap")
        #expect(result.status == 130, "\(result.output.suffix(200)) \(result.error)")
        #expect(result.output.contains("interrupted"))
        #expect(result.output.contains(" not run"))
        #expect(try tool.read("out.tap").contains("# SKIP the test had ended before"))
    }

    // MARK: Diagrams

    @Test func diagramsShowCoverage() throws {
        let tool = try Self.tool()
        let text = try tool("diagram", "good.yaml", "--coverage")
        #expect(text.status == 0)
        #expect(text.output.contains("pay --> lost: succeeded (nobody took this)"))
        #expect(try tool("diagram", "good.yaml", "--coverage", "-o", "more.svg").status == 0)
        #expect(try tool.read("more.svg").contains("✗ succeeded"))
        #expect(try tool("diagram", "good.yaml", "--format", "png").status == 2)
    }
}
