// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import Testing

@testable import FaregateSpec

/// A mistake put into a shipped flow: what the check must say of it, and where.
struct SeededMistake: Sendable, CustomTestStringConvertible {
    let flow: String
    let id: String
    /// What to replace, all of it, by what.
    let edits: [(old: String, new: String)]
    let code: CheckCode
    var severity = Finding.Severity.error
    /// The finding stands in the first line with the second text behind the first line with the first one.
    let place: (state: String, text: String)
    var testDescription: String { "\(flow): \(id)" }
}

@Suite struct SeededMistakeTests {
    @Test func theFlowsAsShippedAreClean() throws {
        let files = try Beside.names(in: "flows").map { (path: $0, text: try Beside.text("flows/\($0)")) }
        #expect(files.count >= Beside.flows.count)
        for (number, file) in files.enumerated() {
            // Each one in turn first: the others are there to be run by it.
            let checked = try Checked([file] + files[..<number] + files[(number + 1)...])
            #expect(checked.reading.isEmpty)
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            let serious = checked.report.findings.filter { finding in
                let isAllowed = lines[finding.span.start.line - 1].contains("# faregate: allow \(finding.code)")
                return finding.severity != .note && !(finding.file == file.path && isAllowed)
            }
            #expect(serious.isEmpty, "\(checked.text)")
            #expect(checked.report.verdict == .proven)
            print("\(file.path): \(checked.report.configurations) configurations")
        }
    }

    @Test(arguments: Beside.flows) func theSameFlowGivesTheSameReport(_ name: String) throws {
        let text = try Beside.text("flows/\(name).yaml")
        #expect(try Checked(text).report == Checked(text).report)
    }

    @Test(arguments: mistakes) func isFound(_ mistake: SeededMistake) throws {
        var text = try Beside.text("flows/\(mistake.flow).yaml")
        for edit in mistake.edits {
            #expect(text.contains(edit.old), "the flow has changed: '\(edit.old)' is gone")
            text = text.replacing(edit.old, with: edit.new)
        }
        let checked = try Checked(text)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let state = try #require(lines.firstIndex { $0.hasPrefix("  \(mistake.place.state):") })
        let line = try #require(lines[state...].firstIndex { $0.contains(mistake.place.text) }) + 1
        let expected = "\(line): \(mistake.code.rawValue) \(mistake.severity.rawValue)"
        #expect(
            checked.lines(of: checked.report.findings).contains(expected), "\(expected) is missing\n\(checked.text)")
    }

    static let charge = "setup-then-charge"
    static let redirect = "direct-redirect"
    static let detach = "detach"

    static let mistakes = [
        SeededMistake(
            flow: charge, id: "the late success of a setup is not caught",
            edits: [("    catch: {setup_intent_unexpected_state: read_setup}", "")], code: .unhandledError,
            place: ("give_up", "setup.cancel")),
        SeededMistake(
            flow: charge, id: "the wait for the customer has no end", edits: [("    after: {24h: give_up}\n", "")],
            code: .endlessWait, place: ("customer_authorizes", "wait:")),
        SeededMistake(
            flow: charge, id: "nobody looks after a refusal at the wallet",
            edits: [("        assert: [setup.mandate != null]\n      requires_payment_method: not_saved\n", "")],
            code: .unhandledStatus, place: ("customer_authorizes", " on:")),
        SeededMistake(
            flow: charge, id: "a declined charge has no edge",
            edits: [
                (
                    "      succeeded: forget_wallet\n      requires_payment_method: declined\n\n  declined",
                    "      succeeded: forget_wallet\n\n  declined"
                )
            ],
            code: .unhandledStatus, place: ("charge", " on:")),
        SeededMistake(
            flow: charge, id: "a second payment instead of a retry",
            edits: [
                (
                    "    call: payment.confirm\n    with: {payment_method: $wallet.id, off_session: true}",
                    "    call: payment.create\n    with: {customer: $customer.id, payment_method: $wallet.id, payment_method_types: [$method], amount: $amount, currency: usd, confirm: true, off_session: true}"
                )
            ], code: .leftBehind, severity: .warning, place: ("retry", "payment.create")),
        SeededMistake(
            flow: charge, id: "retries without a bound",
            edits: [("      - {guard: visits.declined > 2, target: stop}\n", "")],
            code: .unboundedRetry, severity: .warning, place: ("declined", "declined:")),
        SeededMistake(
            flow: charge, id: "retries without a pause",
            edits: [
                (
                    "      - {guard: visits.declined > 2, target: stop}\n      - {target: wait_a_day}",
                    "      - {target: retry}"
                )
            ],
            code: .endlessLoop, place: ("declined", "declined:")),
        SeededMistake(
            flow: charge, id: "the wallet is detached before the charge",
            edits: [
                ("        target: charge\n", "        target: forget_wallet\n"),
                ("    on: {detached: paid}", "    on: {detached: charge}"),
                ("      succeeded: forget_wallet\n", "      succeeded: paid\n"),
            ], code: .deadReference, place: ("charge", "payment_method: $wallet.id")),
        SeededMistake(
            flow: charge, id: "a method that sends nobody away",
            edits: [("one_of: [amazon_pay, cashapp, paypal]", "one_of: [amazon_pay, cashapp, paypal, card]")],
            code: .unhandledStatus, place: ("confirm_setup", " on:")),
        SeededMistake(
            flow: charge, id: "a cancel after the success",
            edits: [
                (
                    "    call: wallet.detach\n    events: [payment_method.detached, mandate.updated]     # both must be sent, in any order\n    on: {detached: paid}",
                    "    call: payment.cancel\n    on: {canceled: paid}"
                )
            ], code: .neverAllowed, place: ("forget_wallet", "payment.cancel")),
        SeededMistake(
            flow: charge, id: "confirmed by the create already",
            edits: [("      usage: $usage\n", "      usage: $usage\n      confirm: true\n")], code: .unhandledStatus,
            place: ("create_setup", " on:")),
        SeededMistake(
            flow: charge, id: "an id that is not known yet",
            edits: [("      payment_method_data: {type: $method}\n", "      payment_method: $wallet.id\n")],
            code: .unboundObject, place: ("create_setup", "$wallet.id")),
        SeededMistake(
            flow: charge, id: "a wait for the wrong object", edits: [("    wait: setup\n", "    wait: payment\n")],
            code: .unboundObject, place: ("customer_authorizes", "wait:")),
        SeededMistake(
            flow: charge, id: "the read after the cancel forgets the success",
            edits: [
                (
                    "    call: setup.retrieve\n    on: {succeeded: charge}\n",
                    "    call: setup.retrieve\n    on: {canceled: not_saved}\n"
                )
            ],
            code: .unhandledStatus, place: ("read_setup", " on:")),
        SeededMistake(
            flow: charge, id: "money is held and never captured",
            edits: [("capture_method: automatic", "capture_method: manual")], code: .unhandledStatus,
            place: ("charge", " on:")),
        SeededMistake(
            flow: charge, id: "one confirmation too many is not expected",
            edits: [("      canceled: not_paid        # too many confirmations: the intent cancels itself\n", "")],
            code: .unhandledStatus, severity: .warning, place: ("retry", " on:")),
        SeededMistake(
            flow: charge, id: "an assertion the wrong way round",
            edits: [("setup.mandate != null", "setup.mandate == null")],
            code: .assertionFails, place: ("customer_authorizes", "setup.mandate")),
        SeededMistake(
            flow: charge, id: "an edge that no method takes",
            edits: [
                (
                    "    on:\n      requires_action:\n        target: customer_authorizes\n",
                    "    on:\n      succeeded: charge\n      requires_action:\n        target: customer_authorizes\n"
                )
            ],
            code: .deadEdge, severity: .warning, place: ("confirm_setup", "succeeded")),
        SeededMistake(
            flow: detach, id: "a charge after the detach, in good faith",
            edits: [("    catch: {invalid_request_error: tidy_up}", "    on: {succeeded: tidy_up}")],
            code: .deadReference,
            place: ("try_again", "payment_method: ")),
        SeededMistake(
            flow: detach, id: "nobody expects the customer to end the mandate",
            edits: [("on: {active: forget, inactive: ended}", "on: {active: forget}")],
            code: .unhandledStatus, severity: .warning, place: ("read_mandate", " on:")),
        SeededMistake(
            flow: detach, id: "the mandate is expected to outlive the method",
            edits: [("on: {inactive: try_again}", "on: {active: try_again}")], code: .unhandledStatus,
            place: ("mandate_is_over", " on:")),
        SeededMistake(
            flow: detach, id: "a capture instead of a cancel",
            edits: [
                (
                    "    call: payment.cancel\n    with: {cancellation_reason: abandoned}\n    on: {canceled: forgotten}",
                    "    call: payment.capture\n    on: {succeeded: forgotten}"
                )
            ],
            code: .neverAllowed, place: ("tidy_up", "payment.capture")),
        SeededMistake(
            flow: redirect, id: "a card among the wallets",
            edits: [("one_of: [amazon_pay,", "one_of: [card, amazon_pay,")],
            code: .unhandledStatus, place: ("pay", " on:")),
        SeededMistake(
            flow: redirect, id: "the customer was faster, and nobody thought of it",
            edits: [("    catch: {payment_intent_unexpected_state: look_again}     # the customer was faster\n", "")],
            code: .unhandledError, place: ("give_up", "payment.cancel")),
        SeededMistake(
            flow: redirect, id: "cancel again and again",
            edits: [("payment_intent_unexpected_state: look_again", "payment_intent_unexpected_state: give_up")],
            code: .endlessLoop, place: ("give_up", "give_up")),
        SeededMistake(
            flow: redirect, id: "the second look does not know of settling",
            edits: [
                (
                    "    call: payment.retrieve\n    on:\n      succeeded: fulfil\n      processing: settling\n",
                    "    call: payment.retrieve\n    on:\n      succeeded: fulfil\n"
                )
            ],
            code: .unhandledStatus, place: ("look_again", " on:")),
        SeededMistake(
            flow: redirect, id: "a settlement that fails",
            edits: [("on: {succeeded: fulfil, requires_payment_method: not_paid}", "on: {succeeded: fulfil}")],
            code: .unhandledStatus, place: ("settling", " on:")),
        SeededMistake(
            flow: redirect, id: "the browser may never come back",
            edits: [
                (
                    "          target: wrong_return\n        - target: show_pending    # redirect_status is a hint for the page, never a reason to fulfil\n    after: {1h: give_up}",
                    "          target: wrong_return\n        - target: show_pending"
                )
            ],
            code: .endlessWait, severity: .warning, place: ("customer_away", "wait:")),
        SeededMistake(
            flow: redirect, id: "the cancel's own success is forgotten",
            edits: [("    on: {canceled: not_paid}\n", "    on: {succeeded: not_paid}\n")],
            code: .unhandledStatus, place: ("give_up", " on:")),
    ]
}
