// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateText
import Testing

@Suite struct PolicyMistakeTests {
    private static func rule(_ lines: String) -> String { "rules:\n  - {id: A-1, \(lines)}\n" }

    static let cases = [
        MistakeCase(
            "a field that the object does not have", "FG0303",
            rule("always: object.«amout» > 3, at: {call: payment_intent.create}"), help: "did you mean 'amount'?"),
        MistakeCase(
            "a field that no object has", "FG0303", rule("always: object.«amout» > 3"), help: "did you mean 'amount'?"),
        MistakeCase(
            "a rule that is a number", "FG0304", rule("always: «object.amount», at: {call: payment_intent.create}")),
        MistakeCase(
            "a pattern's condition that is a number", "FG0304",
            rule("never: {call: payment_intent.create, when: «object.amount»}")),
        MistakeCase(
            "what it is counted by", "FG0303", rule("at_most: 1, of: {emit: a.b}, per: [object.«amuont», order]")),
        MistakeCase("a misspelt error", "FG0104", rule("never: {error: «timeot»}"), help: "write 'timeout'"),
        MistakeCase(
            "a time in the past", "FG0117", rule("after: {emit: a.b}, then: {emit: c.d}, within: «-3d»")),
        MistakeCase("a time without a beginning", "FG0112", rule("never: {emit: a.b}, within: «3d»")),
        MistakeCase("a day that is none", "FG0103", rule("never: {emit: a.b}, as_of: «2026-13-45»")),
        MistakeCase(
            "a time that is no field", "FG0303",
            rule("after: {emit: a.b}, then: {emit: c.d}, within: $object.«capture_befor»")),
    ]

    @Test(arguments: cases) func isOneFindingAtItsPlace(_ item: MistakeCase) {
        let marked = MarkedText(Example(item.part).text)
        #expect(marked.findings.map(\.code) == [item.code], "\(marked.findings.map(\.message))")
        #expect(marked.findings.first?.span == marked.marks.first)
        if let help = item.help { #expect(marked.findings.first?.help == help) }
    }

    @Test func whatNoPolicyHasIsToldWhereThereArePolicies() {
        let flow = Example("scenarios:\n  paid: {final: done, violates: [RET-99]}\n").text
        let policy = Example(Self.rule("never: {emit: a.b}")).text
        #expect(FlowLibrary(files: [("a.yaml", flow)]).findings.isEmpty)
        let findings = FlowLibrary(files: [("a.yaml", flow), ("b.yaml", policy)]).findings
        #expect(findings.map(\.message) == ["no policy has the rule 'RET-99'"])
    }
}
