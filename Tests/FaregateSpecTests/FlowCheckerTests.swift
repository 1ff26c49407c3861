// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import Foundation
import Testing

@testable import FaregateSpec

struct CheckCaseText: Sendable, CustomTestStringConvertible {
    let id: String
    /// Each line that a finding is about ends with `#~ CODE severity word`; the word stands where the finding begins.
    let flow: String
    var testDescription: String { id }
}

@Suite struct FlowCheckerTests {
    @Test(arguments: cases) func reportsExactlyWhatIsMarked(_ item: CheckCaseText) throws {
        let checked = try Checked(item.flow)
        var expected: [String] = []
        var places: [String] = []
        for (number, line) in item.flow.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let mark = line.range(of: "#~ ") else { continue }
            for words in line[mark.upperBound...].split(separator: ";").map({
                $0.split(separator: " ").map(String.init)
            }) {
                expected.append("\(number + 1): \(words[0]) \(words[1])")
                if words.count > 2 { places.append("\(number + 1): \(words[0]) \(words[2])") }
            }
        }
        #expect(checked.lines(of: checked.report.findings).sorted() == expected.sorted(), "\(checked.text)")
        let lines = item.flow.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        for place in places {
            let words = place.split(separator: " ").map(String.init)
            let isThere = checked.report.findings.contains { finding in
                let start = finding.span.start
                var rest = String.UnicodeScalarView()
                rest.append(contentsOf: lines[start.line - 1][(start.column - 1)...])
                return "\(start.line):" == words[0] && finding.code == words[1] && String(rest).hasPrefix(words[2])
            }
            #expect(isThere, "\(place): \(checked.text)")
        }
    }

    static func intent(_ create: String, _ states: String) -> String {
        """
        flow: small
        inputs:
          amount: {type: int, default: 2000}
          fast: {type: bool, default: true}
        objects:
          payment: payment_intent
          saved: {lifecycle: payment_method, id: $payment.payment_method}
        signals:
          go:
        initial: pay
        states:
          pay:
            call: payment.create
            with: {amount: $amount, currency: usd, \(create)}
        \(states)
          done: {final: success}
          failed: {final: failure}
        """
    }

    static let wallet = "payment_method_types: [paypal], payment_method_data: {type: paypal}, confirm: true"
    static let held =
        "payment_method_types: [paypal], payment_method_data: {type: paypal}, confirm: true, capture_method: manual"
    static let open = "payment_method_types: [card]"

    static let cases = [
        CheckCaseText(
            id: "nothing is wrong",
            flow: intent(
                wallet,
                """
                    on: {requires_action: away}
                  away:
                    wait: payment
                    on: {succeeded: done, requires_payment_method: failed}
                    after: {1h: give_up}
                  give_up:
                    call: payment.cancel
                    on: {canceled: failed}
                    catch: {payment_intent_unexpected_state: done}
                """)),
        CheckCaseText(
            id: "a status without an edge, in a call and in a wait",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: confirm}
                  confirm:
                    call: payment.confirm
                    with: {payment_method: pm_card_visa}
                    on: {succeeded: done, requires_action: away} #~ FG0203 error on
                  away:
                    wait: payment
                    on: {succeeded: done} #~ FG0203 error on
                    after: {1h: failed}
                """)),
        CheckCaseText(
            id: "an error that comes in the last second is not caught",
            flow: intent(
                wallet,
                """
                    on: {requires_action: away}
                  away:
                    wait: payment
                    on: {succeeded: done, requires_payment_method: failed}
                    after: {1h: give_up}
                  give_up:
                    call: payment.cancel #~ FG0204 error payment.cancel
                    on: {canceled: failed}
                """)),
        CheckCaseText(
            id: "a call that is never allowed",
            flow: intent(
                "payment_method_types: [paypal]",
                """
                    on: {requires_payment_method: grab}
                  grab:
                    call: payment.capture #~ FG0205 error payment.capture
                    on: {succeeded: done}
                """)),
        CheckCaseText(
            id: "a call that is refused on purpose",
            flow: intent(
                "payment_method_types: [paypal]",
                """
                    on: {requires_payment_method: grab}
                  grab:
                    call: payment.capture
                    catch: {payment_intent_unexpected_state: done}
                """
            )
            .replacing("  failed: {final: failure}\n", with: "")),
        CheckCaseText(
            id: "a method that was used up is used again",
            flow: intent(
                wallet,
                """
                    on: {requires_action: away}
                  away:
                    wait: payment
                    on: {succeeded: again, requires_payment_method: failed}
                    after: {1h: failed}
                  again:
                    call: second.create
                    with:
                      amount: 100
                      currency: usd
                      payment_method: $saved.id #~ FG0206 error saved.id
                      confirm: true
                    on: {succeeded: done}
                """
            ).replacing("objects:", with: "objects:\n  second: payment_intent")),
        CheckCaseText(
            id: "edges, catches and states that are never reached",
            flow: intent(
                wallet,
                """
                    on:
                      requires_action: away
                      succeeded: done #~ FG0207 warning succeeded
                    catch: {resource_missing: failed}
                  away:
                    wait: payment
                    on: {succeeded: sort, requires_payment_method: failed}
                    after: {1h: sort}
                  sort:
                    choose:
                      - {guard: payment.id == null, target: nowhere}
                      - {guard: fast, target: done}
                      - {guard: fast, target: failed} #~ FG0207 warning failed
                      - {target: done}
                  nowhere: {final: failure} #~ FG0202 error nowhere
                """
            ).replacing("guard: fast, target: failed}", with: "target: failed, guard: fast}")),
        CheckCaseText(
            id: "a catch of what never comes",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: drop}
                  drop:
                    call: payment.cancel
                    on: {canceled: done}
                    catch:
                      payment_intent_unexpected_state: failed #~ FG0208 warning payment_intent_unexpected_state
                      timeout: failed
                """)),
        CheckCaseText(
            id: "a wait without end",
            flow: intent(
                wallet,
                """
                    on: {requires_action: away}
                  away:
                    wait: payment #~ FG0209 error payment
                    on: {succeeded: done, requires_payment_method: failed}
                """)),
        CheckCaseText(
            id: "a clock ends a wait",
            flow: intent(
                "payment_method_types: [amazon_pay], payment_method_data: {type: amazon_pay}, confirm: true",
                """
                    on: {requires_action: away}
                  away:
                    wait: payment
                    on: {succeeded: done, requires_payment_method: failed}
                """)),
        CheckCaseText(
            id: "a bank may take its time",
            flow: intent(
                "payment_method_types: [sepa_debit], payment_method_data: {type: sepa_debit}, mandate_data: {customer_acceptance: {type: offline}}, confirm: true",
                """
                    on: {processing: settling}
                  settling:
                    wait: payment #~ FG0209 note payment
                    on: {succeeded: done, requires_payment_method: failed}
                """)),
        CheckCaseText(
            id: "a loop without a wait",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: confirm}
                  confirm: #~ FG0210 error confirm
                    call: payment.confirm
                    with: {payment_method: pm_card_visa, off_session: true}
                    on: {succeeded: done, requires_payment_method: confirm, canceled: failed}
                """)),
        CheckCaseText(
            id: "a retry without a bound",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: confirm}
                  confirm: #~ FG0211 warning confirm
                    call: payment.confirm
                    with: {payment_method: pm_card_visa, off_session: true}
                    on: {succeeded: done, requires_payment_method: rest, canceled: failed}
                  rest: {wait: 24h, target: confirm}
                """)),
        CheckCaseText(
            id: "a counted retry",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: confirm}
                  confirm:
                    call: payment.confirm
                    with: {payment_method: pm_card_visa, off_session: true}
                    on: {succeeded: done, requires_payment_method: sort, canceled: failed}
                  sort:
                    choose:
                      - {guard: visits.confirm >= 3, target: failed}
                      - {target: rest}
                  rest: {wait: 24h, target: confirm}
                """)),
        CheckCaseText(
            id: "no way to an end",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: listen}
                  listen: {wait: go, target: tell} #~ FG0212 error listen; FG0209 warning go
                  tell: {emit: told, target: listen}
                """
            ).replacing("  done: {final: success}\n  failed: {final: failure}", with: "")),
        CheckCaseText(
            id: "money is held at the end",
            flow: intent(
                held,
                """
                    on: {requires_action: away}
                  away:
                    wait: payment
                    on: {requires_capture: done, requires_payment_method: failed}
                    after: {1h: failed}
                """
            ).replacing("  done: {final: success}", with: "  done: {final: success} #~ FG0213 warning done")),
        CheckCaseText(
            id: "a second payment is made while the first is open",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: again}
                  again:
                    call: payment.create #~ FG0214 warning payment.create
                    with: {amount: 1, currency: usd, payment_method_types: [card]}
                    on: {requires_payment_method: done}
                """
            ).replacing("  failed: {final: failure}\n", with: "")),
        CheckCaseText(
            id: "a name that stands for nothing yet",
            flow: intent(
                "payment_method_types: [card], description: $saved.id",
                #"    on: {requires_payment_method: drop} #~ none"#
            ).replacing(" #~ none", with: "").replacing(
                "$saved.id}", with: "$saved.id} #~ FG0215 error saved.id"
            ).replacing(
                "  done: {final: success}",
                with: """
                      drop:
                        call: saved.detach #~ FG0215 error saved.detach
                        on: {detached: done}
                      done: {final: success}
                    """)),
        CheckCaseText(
            id: "a wait for what is there",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: look}
                  look:
                    wait: payment #~ FG0216 note payment
                    on: {requires_payment_method: done}
                    after: {1h: failed}
                """)),
        CheckCaseText(
            id: "an assertion that cannot hold",
            flow: intent(
                open,
                """
                    assert: [payment.status == 'succeeded'] #~ FG0217 error payment.status
                    on: {requires_payment_method: done}
                """)),
        CheckCaseText(
            id: "the same condition over inputs decides the same way later on",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: one}
                  one:
                    choose:
                      - {guard: amount > 100, target: two}
                      - {target: done}
                  two:
                    choose:
                      - {guard: amount > 100, target: done}
                      - {target: failed}
                """
            ).replacing("  failed: {final: failure}", with: "  failed: {final: failure} #~ FG0202 error failed")),
        CheckCaseText(id: "a wait that looks at too much at a time", flow: SearchLimitTests.crowd),
        CheckCaseText(
            id: "an assertion and a guard that read a field of null",
            flow: intent(
                "payment_method_types: [card], payment_method: pm_card_visa, confirm: true",
                """
                    on: {succeeded: sort, requires_action: sort, requires_payment_method: sort}
                    assert: [payment.next_action.type == 'redirect_to_url'] #~ FG0217 error payment.next_action
                  sort:
                    choose:
                      - {guard: payment.last_payment_error != null && payment.last_payment_error.code == 'x', target: failed}
                      - {guard: payment.last_payment_error.code == 'card_declined', target: failed} #~ FG0217 error payment.last
                      - {target: done}
                """)),
        CheckCaseText(
            id: "more is captured than is held",
            flow: intent(
                "payment_method_types: [card], payment_method: pm_card_visa, off_session: true, confirm: true, capture_method: manual",
                """
                    on: {requires_capture: take, requires_payment_method: failed}
                  take:
                    call: payment.capture #~ FG0205 error payment.capture
                    with: {amount_to_capture: 4000}
                    on: {succeeded: done, processing: failed}
                    catch: {payment_intent_unexpected_state: failed}
                """
            ).replacing("$amount", with: "1000")),
        CheckCaseText(
            id: "what is not known may be enough",
            flow: intent(
                "payment_method_types: [card], payment_method: pm_card_visa, off_session: true, confirm: true, capture_method: manual",
                """
                    on: {requires_capture: take, requires_payment_method: failed}
                  take:
                    call: payment.capture
                    with: {amount_to_capture: 4000}
                    on: {succeeded: done, processing: failed}
                    catch: {payment_intent_unexpected_state: failed}
                """)),
        CheckCaseText(
            id: "a refund of what is held only, and of more than there is",
            flow: intent(
                "payment_method_types: [card], payment_method: pm_card_visa, off_session: true, confirm: true, capture_method: manual",
                """
                    on: {requires_capture: too_early, requires_payment_method: failed}
                  too_early:
                    call: back.create #~ FG0205 error back.create
                    with: {payment_intent: $payment.id}
                    on: {succeeded: again}
                  again:
                    call: payment.create
                    with: {amount: 1000, currency: usd, payment_method_types: [card], payment_method: pm_card_visa, off_session: true, confirm: true}
                    on: {succeeded: some, requires_payment_method: failed}
                  some:
                    call: back.create
                    with: {payment_intent: $payment.id, amount: 400}
                    on: {succeeded | pending: most}
                  most:
                    call: back.create #~ FG0205 error back.create
                    with: {payment_intent: $payment.id, amount: 700}
                    on: {succeeded | pending: done}
                """
            ).replacing("  payment: payment_intent\n", with: "  payment: payment_intent\n  back: refund\n")),
        CheckCaseText(
            id: "a wait that never looks hears of a status when a clock has ended it",
            flow: intent(
                held,
                """
                    on: {requires_action: away}
                  away:
                    wait: payment
                    poll: never
                    on: {requires_capture: take, requires_payment_method: failed} #~ FG0203 error on
                    after: {9d: failed} #~ none
                  take:
                    call: payment.capture
                    on: {succeeded: done, processing: failed}
                    catch: {payment_intent_unexpected_state: failed}
                """
            ).replacing(" #~ none", with: "")),
        CheckCaseText(
            id: "a signal that may never come",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: silence}
                  silence:
                    wait: go #~ FG0209 warning go
                    target: failed
                """
            ).replacing("  done: {final: success}\n", with: "")),
        CheckCaseText(
            id: "a state behind the only edge, which no method takes",
            flow: intent(
                wallet,
                """
                    on: {succeeded: done} #~ FG0203 error on
                """
            ).replacing("done: {final: success}", with: "done: {final: success} #~ FG0202 error done").replacing(
                "  failed: {final: failure}", with: "")),
        CheckCaseText(
            id: "a state that a flow is prepared for",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: done, succeeded: failed}
                """
            ).replacing("failed: {final: failure}", with: "failed: {final: failure} #~ FG0202 warning failed")),
        CheckCaseText(
            id: "what is counted behind a call that is never allowed is no finding",
            flow: intent(
                open,
                """
                    on: {requires_payment_method: nap}
                  nap:
                    choose:
                      - {guard: visits.nap > 3, target: failed}
                      - {target: sleep}
                  sleep: {wait: 1d, target: again}
                  again:
                    call: payment.confirm #~ FG0205 error payment.confirm
                    with: {off_session: true}
                    on: {succeeded: done, requires_payment_method: nap, canceled: failed}
                """)),
        CheckCaseText(
            id: "a status without an edge is no wait without end as well",
            flow: intent(
                "payment_method_types: [us_bank_account], payment_method_data: {type: us_bank_account}, confirm: true, mandate_data: {customer_acceptance: {type: offline}}",
                """
                    on: {requires_action: deposits}
                  deposits:
                    wait: payment
                    on: {go: verify} #~ FG0203 error on
                  verify:
                    call: payment.verify_microdeposits #~ FG0204 error payment.verify
                    with: {descriptor_code: SM11AB}
                    on: {processing: done, requires_payment_method: failed}
                    catch: {payment_method_microdeposit_verification_descriptor_code_mismatch: deposits}
                """
            ).replacing("done: {final: success}", with: "done: {final: success} #~ FG0202 warning done")),
    ]
}

@Suite struct FlowCheckerReportTests {
    @Test func tellsTheStoryTheRowAndWhatToAdd() throws {
        let checked = try Checked(
            """
            flow: f
            inputs: {method: {type: string, default: card, one_of: [card, us_bank_account, sepa_debit]}}
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 100, currency: usd, payment_method_types: [$method], payment_method_data: {type: $method}, mandate_data: {customer_acceptance: {type: offline}}, confirm: true, off_session: true}
                on: {succeeded: done, requires_payment_method: done, requires_action: done}
              done: {final: success}
            """)
        let finding = try #require(checked.report.findings.first { $0.message.contains("'processing'") })
        #expect(finding.code == "FG0203")
        #expect(finding.message == "'pay' does not say what happens on 'processing'")
        #expect(finding.label == "handles succeeded, requires_payment_method, requires_action")
        #expect(
            finding.notes == [
                "because method may be sepa_debit (line 2), and payment_intent.create then answers 'processing' (P13)",
                "story: pay -> processing",
            ], "\(checked.text)")
        #expect(finding.help == "add    processing: <state>")
        #expect(checked.report.verdict == .proven)
    }

    @Test func namesTheProfileThatMakesTheDifference() throws {
        let checked = try Checked(
            """
            flow: f
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 100, currency: eur, payment_method_types: [sepa_debit], payment_method_data: {type: sepa_debit}, mandate_data: {customer_acceptance: {type: offline}}, confirm: true}
                on: {processing: stop}
              stop:
                call: payment.cancel
                on: {succeeded: done}
                catch: {payment_intent_unexpected_state: done}
              done: {final: success}
            """)
        let finding = try #require(
            checked.report.findings.first { $0.message.contains("'canceled'") && $0.code == "FG0203" })
        // From `processing` only one profile lets a debit of this kind be canceled; a failed debit may be canceled in both.
        #expect(finding.severity == .error, "\(checked.text)")
    }

    @Test func namesTheProfileOfAReason() throws {
        let checked = try Checked(
            """
            flow: f
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 100, currency: eur, payment_method_types: [sepa_debit], payment_method_data: {type: sepa_debit}, mandate_data: {customer_acceptance: {type: offline}}, confirm: true}
                on: {processing: stop}
              stop:
                call: payment.cancel
                on: {requires_capture: done}
                catch: {payment_intent_unexpected_state: done}
              done: {final: success}
            """)
        let finding = try #require(checked.report.findings.first { $0.code == "FG0203" })
        #expect(finding.notes.contains("this way only in the profile 'documented'"), "\(checked.text)")
    }

    /// A hold lapses after a week, and the flow has waited an hour.
    @Test func saysWhatTakesLongerThanTheFlowWaits() throws {
        let checked = try Checked(
            """
            flow: f
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 1000, currency: usd, payment_method_types: [card], payment_method: pm_card_visa, capture_method: manual, confirm: true}
                on: {requires_capture: stop, requires_action: away, requires_payment_method: lost}
              away:
                wait: payment
                on: {requires_capture: stop, requires_payment_method: lost}
                after: {1h: stop}
              stop:
                call: payment.cancel
                on: {canceled: lost}
              lost: {final: failure}
            """)
        let finding = try #require(checked.report.findings.first { $0.code == "FG0204" })
        #expect(finding.notes.contains("assumes: 7d are over by then (P55)"), "\(checked.text)")
        #expect(finding.severity == .error)
    }

    @Test func tellsAllMovesThatLedToAStatus() throws {
        let checked = try Checked(
            """
            flow: f
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 1000, currency: eur, payment_method_types: [sofort], payment_method_data: {type: sofort}, confirm: true}
                on: {requires_action: away}
              away:
                wait: payment
                on: {processing: lost, requires_payment_method: lost}
                after: {1h: lost}
              lost: {final: failure}
            """)
        let finding = try #require(checked.report.findings.first { $0.code == "FG0203" })
        #expect(
            finding.notes.first
                == "because the customer authorizes (P22), and the bank settles (P40) and 'payment' becomes 'succeeded'"
        )
    }

    @Test func lowersItsVoiceWhenItHasToMerge() throws {
        let text = try Beside.text("flows/setup-then-charge.yaml")
        let checked = try Checked(text, limits: .init(configurations: 20))
        #expect(checked.report.verdict == .notProven(reason: "more than 20 configurations"))
        #expect(checked.report.findings.allSatisfy { $0.severity < .error })
    }

    @Test func knowsWhatASubFlowComesTo() throws {
        let checked = try Checked([
            (
                "outer.yaml",
                """
                flow: outer
                inputs: {method: {type: string, default: paypal, one_of: [paypal, amazon_pay]}}
                initial: first
                states:
                  first:
                    run: inner
                    with: {method: $method}
                    on:
                      paid: done
                      unpaid: failed
                      broken: failed
                  done: {final: success}
                  failed: {final: failure}
                """
            ),
            (
                "inner.yaml",
                """
                flow: inner
                inputs: {method: {type: string, default: card}}
                objects: {payment: payment_intent}
                initial: pay
                states:
                  pay:
                    call: payment.create
                    with: {amount: 100, currency: usd, payment_method_types: [$method], payment_method_data: {type: $method}, confirm: true}
                    on: {requires_action: away, succeeded: broken}
                  away:
                    wait: payment
                    on: {succeeded: paid, requires_payment_method: unpaid}
                    after: {1h: unpaid}
                  paid: {final: success}
                  unpaid: {final: failure}
                  broken: {final: failure}
                """
            ),
        ])
        #expect(checked.lines(of: checked.report.findings) == ["11: FG0207 warning"], "\(checked.text)")
    }

    @Test func everyCodeHasAMeaningAndACase() {
        let shown = FlowCheckerTests.cases.map(\.flow).joined()
        for code in CheckCode.allCases {
            #expect(!code.meaning.isEmpty)
            #expect(
                shown.contains("#~ \(code.rawValue)") || shown.contains("; \(code.rawValue)"),
                "no case shows \(code.rawValue)")
        }
        #expect(Set(CheckCode.allCases.map(\.rawValue)).count == CheckCode.allCases.count)
        #expect(SpecCode.allCases.allSatisfy { code in !CheckCode.allCases.contains { $0.rawValue == code.rawValue } })
    }
}
