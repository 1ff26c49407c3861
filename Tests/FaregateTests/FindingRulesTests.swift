// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import Testing

@Suite struct FindingRulesTests {
    /// A flow whose line 10 reads a field that does not exist.
    static let flow = Example(
        """
        states:
          pay:
            call: payment.create
            with: {amount: $amount, currency: usd}
            on: {requires_payment_method: done}
            assert: [payment.fresh == null]
          done: {final: success}

        """
    ).text

    private func codes(_ text: String, _ configuration: String? = nil) -> [String] {
        let library = FlowLibrary(
            files: [("flow.yaml", text)], configuration: configuration.map { ("faregate.yaml", $0) })
        return library.findings.map { "\($0.severity) \($0.code)" }
    }

    @Test func aCodeInSmallLettersIsTheCodeMeant() {
        let library = FlowLibrary(files: [], configuration: ("faregate.yaml", "rules: {fg0214: off}"))
        #expect(library.findings.map(\.label) == ["did you mean 'FG0214'?"])
    }

    @Test func rulesThatStandTwiceHideNothing() {
        #expect(codes(Self.flow, "rules: {FG0303: off, FG0303: note}") == ["error FG0010", "error FG0303"])
    }

    @Test func changeTheWeightOfWhatLeavesAFileUsable() {
        #expect(codes(Self.flow) == ["error FG0303"])
        #expect(codes(Self.flow, "rules: {FG0303: warning}") == ["warning FG0303"])
        #expect(codes(Self.flow, "rules: {FG0303: note}") == ["note FG0303"])
        #expect(codes(Self.flow, "rules: {FG0303: off}") == [])
        let lowered = FlowLibrary(files: [("flow.yaml", Self.flow)], configuration: ("f", "rules: {FG0303: warning}"))
        #expect(!lowered.isBroken)
    }

    @Test func neverMakeAnUnusableFileUsable() {
        let broken = Self.flow.replacing("assert:", with: "asert:")
        #expect(codes(broken, "rules: {FG0101: off}") == ["error FG0152", "error FG0101"])
    }

    @Test func mistakesInTheConfigurationHaveAPlace() {
        let library = FlowLibrary(
            files: [("flow.yaml", Self.flow)],
            configuration: ("faregate.yaml", "rules:\n  FG0330: off\n  FG0303: of\nruls: {}\n"))
        let own = library.findings.filter { $0.file == "faregate.yaml" }
        #expect(own.map(\.code) == ["FG0151", "FG0155", "FG0101"])
        #expect(own.map(\.span.start.line) == [2, 3, 4])
        #expect(own.first?.label == "did you mean 'FG0303'?")
        #expect(library.report().contains(" --> faregate.yaml:2:3"))
    }

    static let reason = "# faregate: allow FG0303 because the field is new"

    @Test func aCommentAllowsAFindingOfItsLineOrOfTheNext() {
        let line = "    assert: [payment.fresh == null]\n"
        #expect(codes(Self.flow.replacing(line, with: line.dropLast() + "   \(Self.reason)\n")) == [])
        #expect(codes(Self.flow.replacing(line, with: "    \(Self.reason)\n\n    # why\n\(line)")) == [])
        // Two lines off.
        #expect(
            codes(Self.flow.replacing("    with:", with: "    \(Self.reason)\n    with:"))
                == ["warning FG0154", "error FG0303"])
    }

    @Test func aCommentNeedsAReasonAndKnownCodes() {
        func with(_ comment: String) -> [String] {
            codes(Self.flow.replacing("null]\n", with: "null] # faregate: \(comment)\n"))
        }
        #expect(with("allow FG0303") == ["error FG0303", "error FG0153"])
        #expect(with("allow FG0303 because ") == ["error FG0303", "error FG0153"])
        #expect(with("allow because it is fine") == ["error FG0303", "error FG0153"])
        #expect(with("ignore FG0303 because it is fine") == ["error FG0303", "error FG0153"])
        #expect(with("allow FG0303, FG9999 because it is fine") == ["error FG0151"])
        #expect(with("allow FG0303 FG0201 because it is fine") == ["warning FG0154"])
    }

    @Test func aCommentAllowsNoErrorThatLeavesNothingToWorkWith() {
        let broken = Self.flow.replacing(
            "assert: [payment.fresh == null]", with: "asert: x # faregate: allow FG0101 because why not")
        #expect(codes(broken) == ["error FG0101", "error FG0152"])
    }

    @Test func whatOnlyLooksLikeACommentIsNone() {
        let text = Self.flow.replacing("flow: example", with: "flow: example\ntitle: \"a # faregate: allow FG0303\"")
        #expect(codes(text) == ["error FG0303"])
    }
}
