// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateText
import Testing

/// Mistakes that would otherwise show in a run, or never: each is one finding, at its place.
@Suite struct StaticMistakeTests {
    private static func call(_ lines: String, with: String = "amount: 1, currency: usd") -> String {
        """
        states:
          pay:
            call: payment.create
            with: {\(with)}
            on: {requires_payment_method: done}
            \(lines)
          done: {final: success}

        """ + (lines.contains("lost") ? "  lost: {final: failure}\n" : "")
    }

    private static func scenario(_ lines: String, inputs: String = "{amount: {type: int, default: 1}}") -> String {
        """
        inputs: \(inputs)
        signals: {card.given: {number: int}}
        states:
          pay:
            call: payment.create
            with: {amount: 1000, currency: usd}
            on: {requires_payment_method: done}
          done: {final: success, outputs: {id: $payment.id}}
        scenarios:
          paid: {final: done, \(lines)}

        """
    }

    static let catches = [
        ("lost_cards", "write 'lost_card'"), ("card_eror", "write 'card_error'"), ("timeouts", "write 'timeout'"),
        ("any", "name each error, or its type"), ("declined", "write 'card_error' for any decline of a card"),
        ("network", nil), ("'402'", "write 'card_error'"), ("succeeded", "write it under 'on'"),
        ("payment_intent.succeeded", "remove it"),
    ].map { word, help in
        MistakeCase("catch of \(word)", "FG0104", call("catch: {«\(word)»: lost}"), help: help)
    }

    static let scopes = [
        MistakeCase(
            "error in a choose", "FG0104",
            MistakeCase.states(
                "  s:\n    choose:\n      - {guard: «error.code» == 'x', target: d}\n      - {target: d}\n")),
        MistakeCase(
            "event in a guard", "FG0104",
            MistakeCase.states(
                "  s:\n    choose:\n      - {guard: «event.type» == 'x', target: d}\n      - {target: d}\n")),
        MistakeCase(
            "outputs of a state that runs nothing", "FG0104",
            MistakeCase.states(
                "  s: {emit: a.b, with: {x: $«states.t.outputs.y»}, target: t}\n  t: {emit: a.b, target: d}\n")),
        MistakeCase(
            "a method by its field", "FG0303",
            MistakeCase.states("  s: {emit: a.b, with: {x: $methods.«crd».family}, target: d}\n"),
            help: "did you mean 'card'?"),
        MistakeCase(
            "a method by its name", "FG0303",
            MistakeCase.states("  s: {emit: a.b, with: {x: \"$(methods[«'crd'»].family)\"}, target: d}\n")),
        MistakeCase(
            "a column of currencies", "FG0303",
            MistakeCase.states("  s: {emit: a.b, with: {x: $currencies.usd.«decimal»}, target: d}\n"),
            help: "did you mean 'decimals'?"),
        MistakeCase(
            "omit as a guard", "FG0304",
            MistakeCase.states("  s:\n    choose:\n      - {guard: «omit», target: d}\n      - {target: d}\n")),
        MistakeCase("a word of the test", "FG0104", scenario("inputs: {amount: $«test.tokn»}")),
    ]

    static let states = [
        MistakeCase(
            "after beside a duration", "FG0112", MistakeCase.states("  s: {wait: 2h, target: d, after: {«1h»: d}}\n")),
        MistakeCase("a choice of nothing", "FG0115", "initial: s\nstates:\n  s: {choose: «[]»}\n"),
        MistakeCase(
            "a state called stay", "FG0108",
            MistakeCase.states("  s: {wait: 2h, target: stay}\n  «stay»: {wait: 1h, target: d}\n")),
        MistakeCase(
            "a wait for a text", "FG0304",
            "inputs: {order: {type: string, default: abc}}\n"
                + MistakeCase.states("  s: {wait: $«order», target: d}\n"),
            help: "declare the input with 'type: duration'"),
        MistakeCase("a wait for the past", "FG0117", MistakeCase.states("  s: {wait: «-3d», target: d}\n")),
        MistakeCase(
            "a timer in the past", "FG0117",
            call("").replacing(
                "done}\n", with: "w}\n  w: {wait: payment, on: {succeeded: done}, after: {«-5m»: done}}\n")),
    ]

    static let heads = [
        MistakeCase(
            "a default outside of one_of", "FG0111", "inputs: {amount: {type: int, one_of: [1, 2], default: «7»}}\n"),
        MistakeCase(
            "a default that fails its check", "FG0111",
            "inputs: {amount: {type: int, check: amount > 1, default: «1»}}\n"),
        MistakeCase(
            "an input with a dash", "FG0108",
            "inputs: {amount: {type: int, default: 1}, «x-y»: {type: int, default: 1}}\n"),
        MistakeCase(
            "an input that is a word of CEL", "FG0108",
            "inputs: {amount: {type: int, default: 1}, «in»: {type: int, default: 1}}\n"),
        MistakeCase("a signal without a dot", "FG0108", "signals: {«nodots»: {}}\n"),
        MistakeCase("a signal that is a status", "FG0108", "signals: {«payment.succeeded»: {}}\n"),
        MistakeCase("a signal that is an event", "FG0108", "signals: {«charge.succeeded»: {}}\n"),
        MistakeCase("a signal's field", "FG0111", "signals: {a.b: {c: «strng»}}\n", help: "write 'string'"),
        MistakeCase("retries in words", "FG0111", "options: {max_network_retries: «x»}\n"),
        MistakeCase("negative retries", "FG0111", "options: {max_network_retries: «-1»}\n"),
        MistakeCase("a timeout with a space", "FG0111", "options: {timeout: «3 s»}\n"),
        MistakeCase("a day that is none", "FG0119", "version: «2026-99-01»\n"),
        MistakeCase("a misspelt release", "FG0119", "version: «2026-07-29.dahlai»\n", help: "write 2026-07-29.dahlia"),
    ]

    static let scenarios = [
        MistakeCase(
            "an input outside of one_of", "FG0111",
            scenario("inputs: {amount: «3»}", inputs: "{amount: {type: int, default: 1, one_of: [1, 2]}}")),
        MistakeCase(
            "an input that fails its check", "FG0111",
            scenario("inputs: {amount: «0»}", inputs: "{amount: {type: int, default: 1, check: amount > 0}}")),
        MistakeCase(
            "an input without a value", "FG0411",
            scenario("title: x", inputs: "{amount: {type: int}}").replacing("paid:", with: "«paid»:")),
        MistakeCase("an output that is not there", "FG0104", scenario("outputs: {«idd»: x}"), help: "write 'id'"),
        MistakeCase("an event that is not there", "FG0118", scenario("events: [«payment_intent.suceeded»]")),
        MistakeCase(
            "a field of a signal", "FG0104", scenario("actors: {business: {card.given after 2d: {«numbr»: 1}}}")),
        MistakeCase(
            "a value of a signal", "FG0111", scenario("actors: {business: {card.given after 2d: {number: «x»}}}")),
        MistakeCase("visits below nothing", "FG0111", scenario("visits: {pay: «-1»}")),
        MistakeCase("a version", "FG0119", scenario("version: «2019-13-45»")),
        MistakeCase("a history", "FG0112", scenario("history: «x»")),
        MistakeCase("what the network loses", "FG0402", scenario("actors: {network: «loses everything»}")),
        MistakeCase("an actor without a choice", "FG0103", scenario("actors: {issuer: «[]»}")),
        MistakeCase("a misspelt decline", "FG0402", scenario("actors: {issuer: «declines insufficient_fund»}")),
        MistakeCase("an axis that crosses nothing", "FG0410", scenario("matrix: {«zz»: [1]}")),
        MistakeCase("an excluded value", "FG0410", scenario("matrix: {amount: [1, 2]}, exclude: [{amount: «3»}]")),
        MistakeCase("an empty axis", "FG0410", scenario("matrix: {amount: «[]»}")),
    ]

    static let parameters = [
        MistakeCase(
            "a misspelt parameter", "FG0101", call("", with: "«amuont»: 1000, currency: usd"), help: "write 'amount'"),
        MistakeCase("a word of a list", "FG0111", call("", with: "amount: 1, currency: usd, capture_method: «manuel»")),
        MistakeCase("a number that is none", "FG0111", call("", with: "amount: «\"12x\"», currency: usd")),
        MistakeCase(
            "a misspelt method", "FG0111", call("", with: "amount: 1, currency: usd, payment_method_types: [«crad»]")),
        MistakeCase(
            "a parameter of a parameter", "FG0101",
            call("", with: "amount: 1, currency: usd, payment_method_options: {card: {«requst_three_d_secure»: any}}")),
        MistakeCase("a flag in words", "FG0111", call("", with: "amount: 1, currency: usd, confirm: «perhaps»")),
    ]

    static let all = catches + scopes + states + heads + scenarios + parameters

    @Test(arguments: all) func isOneFindingAtItsPlace(_ item: MistakeCase) {
        let marked = MarkedText(Example(item.part).text)
        let findings = marked.findings
        #expect(
            findings.map(\.code) == [item.code],
            "\(findings.map { "\($0.span.start.line):\($0.span.start.column) \($0.message)" })")
        #expect(findings.first?.span == marked.marks.first, "\(findings.map(\.message))")
        if let help = item.help { #expect(findings.first?.help == help) }
    }

    @Test func aDeclineThatNobodyKnowsIsAWarning() {
        let findings = MarkedText(Example(Self.call("catch: {quite_new_reason: lost}")).text).findings
        #expect(findings.map(\.code) == ["FG0208"])
        #expect(findings.map(\.severity) == [.warning])
    }

    @Test func whoCatchesAParameterErrorMeansIt() {
        let part = Self.call("catch: {parameter_unknown: lost}", with: "amuont: 1000, currency: usd")
        #expect(!MarkedText(Example(part).text).findings.contains { $0.code == "FG0101" })
    }

    // MARK: One mistake, one finding

    static let cascades = [
        MistakeCase(
            "a misspelt status", "FG0105",
            MistakeCase.states(
                "  s: {call: payment.create, with: {amount: 1, currency: usd}, on: {«requires_payment_metod»: v}}\n  v: {emit: x.y, target: d}\n"
            )),
        MistakeCase(
            "a misspelt target", "FG0113",
            MistakeCase.states("  s: {emit: x.y, target: «vv»}\n  v: {emit: x.y, target: d}\n")),
        MistakeCase(
            "a misspelt lifecycle", "FG0107",
            "objects: {payment: «paymnt_intent»}\n"
                + MistakeCase.states(
                    "  s: {call: payment.create, with: {amount: 1}, on: {requires_payment_method: d}, assert: [payment.x == 1]}\n"
                )),
        MistakeCase(
            "a misspelt verb", "FG0101",
            MistakeCase.states(
                "  s: {«cal»: payment.create, on: {requires_payment_method: v}}\n  v: {emit: x.y, target: d}\n")),
        MistakeCase(
            "an unreadable guard", "FG0301",
            MistakeCase.states(
                "  s:\n    choose:\n      - {guard: 1 +«», target: v}\n      - {target: d}\n  v: {emit: x.y, target: d}\n"
            )),
    ]

    @Test(arguments: cascades) func oneMistakeIsToldOnce(_ item: MistakeCase) {
        let marked = MarkedText(Example(item.part).text)
        #expect(marked.findings.map(\.code) == [item.code], "\(marked.findings.map(\.message))")
        #expect(marked.findings.first?.span == marked.marks.first)
    }

    @Test func aMistakeElsewhereDoesNotMakeAllowCommentsIdle() {
        let part = """
            states:
              pay:
                call: payment.create
                with: {amount: 1, currency: usd}
                on: {succeeded: done}       # faregate: allow FG0203 because the team decided so
              done: {final: success, tilte: x}

            """
        #expect(MarkedText(Example(part).text).findings.map(\.code) == ["FG0101"])
    }
}
