// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The examples are what readers copy: they must be right.
@Suite(.enabled(if: Tool.program != nil, "the program is not built beside the tests"))
struct ExampleEndToEndTests {
    private static let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "examples").path(percentEncoded: false)

    @Test(arguments: ["policy-as-config", "contract-test-swift/flows"]) func holds(_ example: String) throws {
        let tool = try Tool()
        let folder = "\(Self.examples)/\(example)"
        let check = try tool("check", folder, "--deny", "warnings")
        #expect(check.status == 0, "\(check.output)")
        let test = try tool("test", folder)
        #expect(test.status == 0, "\(test.output)")
    }

    @Test func goesByTheConfigurationOfTheExample() throws {
        let tool = try Tool()
        let folder = "\(Self.examples)/policy-as-config"
        #expect(try tool("check", folder, "--config", "\(folder)/faregate.yaml").status == 0)
        let run = try tool(
            "run", "\(folder)/flows/checkout.yaml", "--input", "amount=60000", "--input", "most_at_once=100000")
        #expect(run.status == 0, "\(run.error)")
    }
}
