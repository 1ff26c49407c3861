// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.enabled(if: Tool.program != nil, "the program is not built beside the tests"))
struct FormatEndToEndTests {
    static let untidy = CheckEndToEndTests.good.replacingOccurrences(of: "initial: pay", with: "initial:   pay  ")

    @Test func checksShowsAndWrites() throws {
        let tool = try Tool()
        try tool.write(Self.untidy, to: "a.yaml")
        let check = try tool("fmt", "--check", ".")
        #expect(check.status == 1)
        #expect(check.output == "a.yaml would change\n")
        let diff = try tool("fmt", "--diff", "a.yaml")
        #expect(diff.status == 0)
        #expect(diff.output.contains("-initial:   pay  \n+initial: pay\n"))
        #expect(try tool.read("a.yaml") == Self.untidy)
        #expect(try tool("fmt", "a.yaml").output == "a.yaml\n")
        #expect(try tool.read("a.yaml") == CheckEndToEndTests.good)
        let again = try tool("fmt", "--check", "a.yaml")
        #expect(again.status == 0 && again.output.isEmpty)
        let left = try FileManager.default.contentsOfDirectory(atPath: tool.folder.path(percentEncoded: false))
        #expect(left.filter { !$0.hasPrefix(".") } == ["a.yaml"])
    }

    @Test func keepsLinksAndPermissions() throws {
        let tool = try Tool()
        try tool.write(Self.untidy, to: "real.yaml")
        let path = tool.folder.appending(path: "real.yaml").path(percentEncoded: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        try FileManager.default.createSymbolicLink(
            at: tool.folder.appending(path: "link.yaml"), withDestinationURL: tool.folder.appending(path: "real.yaml"))
        #expect(try tool("fmt", "link.yaml").status == 0)
        #expect(try tool.read("real.yaml") == CheckEndToEndTests.good)
        let link = tool.folder.appending(path: "link.yaml")
        #expect(try link.resourceValues(forKeys: [.isSymbolicLinkKey]).isSymbolicLink == true)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
    }

    @Test func leavesWhatItCannotRead() throws {
        let tool = try Tool()
        try tool.write("flow: {a\n", to: "bad.yaml")
        let result = try tool("fmt", "bad.yaml")
        #expect(result.status == 2)
        #expect(result.error.contains("error[FG0009]"))
        #expect(try tool.read("bad.yaml") == "flow: {a\n")
    }

    @Test func triesExpressionsAndPrintsSchemas() throws {
        let tool = try Tool()
        try tool.write(CheckEndToEndTests.good, to: "good.yaml")
        #expect(try tool("eval", "-5 + 3").output == "-2\n")
        #expect(try tool("eval", "-x", "--bind", "x=1").output == "-1\n")
        #expect(try tool("eval", "visits.pay + 1", "--in", "good.yaml").output == "1\n")
        let wrong = try tool("eval", "payment.amount == '5'", "--in", "good.yaml", "--check")
        #expect(wrong.status == 2)
        #expect(wrong.error.contains("1 | payment.amount == '5'\n  | ^^^"))
        #expect(try tool("schema", "flow").output.hasPrefix("{"))
        #expect(try tool("schema", "flows").status == 2)
        #expect(try tool("schema").status == 2)
    }
}
