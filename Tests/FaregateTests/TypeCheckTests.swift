// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateSpec
import FaregateText
import Testing

/// A part of a flow in which « and » mark what is wrong.
struct TypeCase: Sendable, CustomTestStringConvertible {
    var id: String
    var part: String
    var code: TypeCode
    var message: String
    var help: String?
    var testDescription: String { id }

    init(_ id: String, _ part: String, _ code: TypeCode, _ message: String, help: String? = nil) {
        (self.id, self.part, self.code, self.message, self.help) = (id, part, code, message, help)
    }
}

@Suite struct TypeCheckTests {
    private static func call(_ lines: String) -> String {
        """
        states:
          pay:
            call: payment.create
            with: {amount: $amount, currency: usd}
            on: {requires_payment_method: done}
            \(lines)
          done: {final: success}

        """
    }

    static let cases = [
        TypeCase(
            "a misspelt field", call("assert: [payment.«amout» == 1]"), .unknownField,
            "payment_intent has no field 'amout'", help: "did you mean 'amount'?"),
        TypeCase(
            "a field of another version", call("assert: [payment.«next_source_action» == null]"), .unknownField,
            "payment_intent has no field 'next_source_action'"),
        TypeCase(
            "a number with a text", call("assert: [«payment.amount == '5'»]"), .mismatch,
            "'==' compares int with string, which are never equal"),
        TypeCase(
            "a guard that is a number",
            "states:\n  pay:\n    choose:\n      - {guard: «amount», target: done}\n      - {target: done}\n  done: {final: success}\n",
            .wrongResult, "'amount' is int, and true or false is due here", help: "compare it: … != 0"),
        TypeCase(
            "a wait for a number", "states:\n  pay: {wait: $«amount», target: done}\n  done: {final: success}\n",
            .wrongResult, "'amount' is int, and a duration or a timestamp is due here"),
        TypeCase(
            "a field of a signal",
            "signals: {card.supplied: {token: string}}\n"
                + "states:\n  pay:\n    wait: card.supplied\n    after: {1h: done}\n    target: show\n"
                + "  show: {emit: x, with: {a: $card.supplied.«tokn»}, target: done}\n  done: {final: success}\n",
            .unknownField, "card.supplied has no field 'tokn'", help: "did you mean 'token'?"),
        TypeCase(
            "a field of the error",
            call("catch: {card_error: [{guard: error.«decline_cod» == 'x', target: done}, {target: done}]}"),
            .unknownField, "error has no field 'decline_cod'"),
        TypeCase(
            "a column of the table of methods",
            "states:\n  pay: {emit: x, with: {a: \"$(methods['card'].«famly»)\"}, target: done}\n  done: {final: success}\n",
            .unknownField, "a payment method of the table has no field 'famly'", help: "did you mean 'family'?"),
        TypeCase(
            "an output", "states:\n  pay: {final: success, outputs: {a: $(«amount + 'x'»)}}\n", .mismatch,
            "'+' does not go with int and string"),
        TypeCase(
            "an input of a scenario",
            "scenarios:\n  paid: {inputs: {amount: \"$(«'1' + '2'»)\"}, final: done}\n", .wrongResult,
            "''1' + '2'' is string, and int is due here"),
    ]

    @Test(arguments: cases) func isFoundWhereItStands(_ item: TypeCase) {
        var text = ""
        var marks: [Span.Point] = []
        for line in Example(item.part).text.split(separator: "\n", omittingEmptySubsequences: false) {
            let number = text.count { $0 == "\n" } + 1
            var column = 1
            for character in line {
                if character == "«" || character == "»" {
                    marks.append(.init(line: number, column: column))
                } else {
                    text.append(character)
                    column += 1
                }
            }
            text += "\n"
        }
        let findings = FlowLibrary(files: [("flow.yaml", text)]).findings
        #expect(findings.map(\.code) == [item.code.rawValue], "\(findings.map(\.message))")
        #expect(findings.first?.message == item.message)
        #expect(marks.count == 2 && findings.first?.span == Span(start: marks[0], end: marks[1]))
        if let help = item.help { #expect(findings.first?.help == help) }
    }

    @Test func oldVersionsHaveTheirFields() {
        let old = Self.call("assert: [payment.next_source_action == null]").replacing(
            "requires_payment_method", with: "requires_source")
        #expect(FlowLibrary(files: [("a.yaml", Example("version: 2018-11-08\n" + old).text)]).findings.isEmpty)
        let charges = Self.call("assert: [payment.charges.data.size() == 0]")
        #expect(FlowLibrary(files: [("a.yaml", Example("version: 2020-08-27\n" + charges).text)]).findings.isEmpty)
        #expect(!FlowLibrary(files: [("a.yaml", Example(charges).text)]).findings.isEmpty)
    }

    private static let codes = TypeCode.allCases.map(\.rawValue)

    @Test func isSilentOnTheFlowsOfThePackage() throws {
        let files = try #require(Package.yaml(in: "flows"))
        let findings = FlowLibrary(files: files).findings.filter { Self.codes.contains($0.code) }
        #expect(findings.isEmpty, "\(findings.map { "\($0.file): \($0.message)" })")
    }

    @Test(.enabled(if: Package.samples != nil, "the samples are not here"))
    func isSilentOnTheSamples() throws {
        let findings = FlowLibrary(files: try #require(Package.samples)).findings.filter {
            Self.codes.contains($0.code)
        }
        #expect(findings.isEmpty, "\(findings.map { "\($0.file): \($0.message)" })")
    }
}
