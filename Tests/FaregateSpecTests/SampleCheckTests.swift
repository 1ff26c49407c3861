// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateSpec

/// The samples that the language was designed with; they lie beside the package and are no part of it.
@Suite struct SampleCheckTests {
    static let folder = "../shared/design/samples"

    @Test(.enabled(if: Beside.exists(folder), "the samples are not beside the package (../shared/design/samples)"))
    func showsAllMistakesOfTheRefusedSampleInOneRun() throws {
        let text = try Beside.text("\(Self.folder)/10-refused.yaml")
        let checked = try Checked(text)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        func line(_ mark: String) throws -> Int { try #require(lines.firstIndex { $0.contains("#~ \(mark)") }) + 1 }
        let found = checked.lines(of: checked.reading + checked.report.findings)
        let expected = [
            "\(try line("1 ")): FG0104 error", "\(try line("2 ")): FG0203 error",
            "\(try line("3 capture")): FG0205 error",
            "\(try line("3 again")): FG0205 error", "\(try line("4 ")): FG0206 error",
            "\(try line("5 ")): FG0209 error",
            "\(try line("5b ")): FG0207 warning", "\(try line("6 ")): FG0201 error",
        ]
        for item in expected { #expect(found.contains(item), "\(item) is missing\n\(checked.text)") }
    }
}
