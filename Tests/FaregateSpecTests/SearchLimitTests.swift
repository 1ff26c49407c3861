// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import Testing

@testable import FaregateSpec

/// What the search costs, counted in configurations, and what it says where it would cost too much.
@Suite struct SearchLimitTests {
    /// Payments by a redirect, all made first; then one wait for each.
    static func payments(_ count: Int, waits: String) -> String {
        let names = (0..<count).map { "p\($0)" }
        let create = names.enumerated().map { number, name in
            """
              make_\(name):
                call: \(name).create
                with: &pay {amount: 1000, currency: eur, payment_method_types: [ideal], payment_method_data: {type: ideal}, confirm: true}
                on: {requires_action: \(number + 1 < count ? "make_p\(number + 1)" : "wait_p0")}
            """.replacing("&pay {", with: number == 0 ? "&pay {" : "{")
        }
        return """
            flow: payments
            objects: {\(names.map { "\($0): payment_intent" }.joined(separator: ", "))}
            initial: make_p0
            states:
            \(create.joined(separator: "\n"))
            \(waits)
              done: {final: success}
              lost: {final: failure}
            """
    }

    static func oneByOne(_ count: Int, others: String) -> String {
        (0..<count).map { number in
            let next = number + 1 < count ? "wait_p\(number + 1)" : "done"
            return """
                  wait_p\(number):
                    wait: p\(number)
                    on: {succeeded: \(next), requires_payment_method: \(others.isEmpty ? next : others)}
                    after: {1h: \(others.isEmpty ? next : others)}
                """
        }.joined(separator: "\n")
    }

    /// A wait for so many payments at a time that what may have become of them cannot all be looked at.
    static let crowd = payments(
        8,
        waits: """
              wait_p0:
                wait: [p0, p1, p2, p3, p4, p5, p6, p7]
                on:
                  p0.succeeded | p1.succeeded: done
                  p2.succeeded | p3.succeeded | p4.succeeded | p5.succeeded | p6.succeeded | p7.succeeded: stay
                  p0.requires_payment_method | p1.requires_payment_method | p2.requires_payment_method: lost
                  p3.requires_payment_method | p4.requires_payment_method | p5.requires_payment_method: stay
                  p6.requires_payment_method | p7.requires_payment_method: stay
                after: {1h: lost}
            """
    ).replacing("flow: payments", with: "flow: payments #~ FG0218 warning payments")

    @Test(arguments: ["lost", ""]) func objectsThatNobodyLooksAtCostNothing(_ others: String) throws {
        for count in [3, 8] {
            let checked = try Checked(Self.payments(count, waits: Self.oneByOne(count, others: others)))
            #expect(checked.report.findings.isEmpty, "\(checked.text)")
            #expect(checked.report.verdict == .proven)
            #expect(checked.report.configurations <= 20 * count, "\(checked.report.configurations)")
        }
    }

    /// What became of each payment is asked again at the end.
    @Test func whatIsStillAskedForIsKept() throws {
        let text = Self.payments(
            2,
            waits: Self.oneByOne(2, others: "").replacing("done", with: "sort") + """

                  sort:
                    choose:
                      - {guard: p0.status == 'succeeded' && p1.status != 'succeeded', target: lost}
                      - {guard: p0.status == 'canceled', target: lost}
                      - {target: done}
                """)
        let checked = try Checked(text)
        #expect(checked.report.findings.map(\.code) == ["FG0207"], "\(checked.text)")
        #expect(checked.report.findings.first?.message.contains("canceled") == true)
    }

    /// A hold that was authorized while the flow waited for something else is still money held.
    @Test func moneyThatIsHeldMeanwhileIsNotForgotten() throws {
        let text = """
            flow: two
            objects: {held: payment_intent, other: payment_intent}
            initial: hold
            states:
              hold:
                call: held.create
                with: {amount: 1000, currency: usd, payment_method_types: [paypal], payment_method_data: {type: paypal}, capture_method: manual, confirm: true}
                on: {requires_action: pay}
              pay:
                call: other.create
                with: {amount: 1000, currency: eur, payment_method_types: [ideal], payment_method_data: {type: ideal}, confirm: true}
                on: {requires_action: away}
              away:
                wait: other
                on: {succeeded: done, requires_payment_method: done}
                after: {1h: done}
              done: {final: success}
            """
        let checked = try Checked(text)
        #expect(checked.report.findings.contains { $0.code == "FG0213" }, "\(checked.text)")
    }

    /// While it waits for a debit, the hold of the first payment lapses: the next look finds it so, and so does a call.
    @Test func aClockRunsWhileTheFlowLooksElsewhere() throws {
        let text = """
            flow: other
            objects: {first: payment_intent, second: payment_intent}
            initial: pay
            states:
              pay:
                call: first.create
                with: {amount: 1000, currency: usd, payment_method_types: [paypal], payment_method_data: {type: paypal}, capture_method: manual, confirm: true}
                on: {requires_action: away}
              away:
                wait: first
                on: {requires_capture: more, requires_payment_method: lost}
                after: {1h: lost}
              more:
                call: second.create
                with: {amount: 1000, currency: eur, payment_method_types: [sepa_debit], payment_method_data: {type: sepa_debit}, mandate_data: {customer_acceptance: {type: offline}}, confirm: true}
                on: {processing: settling}
              settling:
                wait: second
                on: {succeeded: look, requires_payment_method: drop}
                after: {14d: drop}
              look:
                wait: first
                on: {requires_capture: drop}
                after: {1h: drop}
              drop:
                call: first.cancel
                on: {canceled: lost}
              lost: {final: failure}
            """
        let checked = try Checked(text)
        let found = checked.lines(of: checked.report.findings.filter { $0.severity == .error })
        #expect(found == ["23: FG0203 error", "26: FG0204 error"], "\(checked.text)")
    }

    @Test func inputsAreForgottenAfterTheirLastUse() throws {
        let count = 18
        let inputs = (0..<count).map { "  b\($0): {type: bool, default: true}" }
        let states = (0..<count).map { number in
            """
              c\(number):
                choose:
                  - {guard: b\(number), target: e\(number)}
                  - {target: c\(number + 1)}
              e\(number): {emit: it.is, target: c\(number + 1)}
            """
        }
        let checked = try Checked(
            """
            flow: switches
            inputs:
            \(inputs.joined(separator: "\n"))
            initial: c0
            states:
            \(states.joined(separator: "\n"))
              c\(count): {final: success}
            """)
        #expect(checked.report.findings.isEmpty, "\(checked.text)")
        #expect(checked.report.verdict == .proven)
        #expect(checked.report.configurations < 30_000)
    }

    @Test func saysSoWhereItCouldNotLookAtEverything() throws {
        let checked = try Checked(Self.crowd)
        #expect(checked.report.verdict == .notProven(reason: "more than 200000 configurations"))
        #expect(checked.report.findings.map(\.code) == ["FG0218"], "\(checked.text)")
    }
}
