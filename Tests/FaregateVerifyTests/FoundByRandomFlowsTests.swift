// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateText
import FaregateValues
import FaregateVerify
import FaregateWire
import Testing

/// What random flows have brought to light, each in the smallest flow that shows it.
@Suite struct FoundByRandomFlowsTests {
    /// A flow of these states, and of those of the ends 'done' and 'failed' that they name.
    private func flow(_ states: String, objects: String = "payment: payment_intent") -> String {
        var text = "flow: found\nobjects: {\(objects)}\ninitial: \(states.prefix { $0 != ":" })\nstates:\n"
        for line in states.split(separator: "\n") { text += "  \(line)\n" }
        for (name, kind) in [("done", "success"), ("failed", "failure")] where states.contains(name) {
            text += "  \(name): {final: \(kind)}\n"
        }
        return text
    }

    private func compare(
        _ states: String, objects: String = "payment: payment_intent", limit: Int = 20_000
    ) throws -> Comparison {
        try #require(Comparison([flow(states, objects: objects)], visits: 2, limit: limit))
    }

    private static let amount = "amount: 1000, currency: usd"
    private static let page = "return_url: 'https://x.example/'"
    /// What sends a customer to a page at once.
    private static let redirect =
        "\(amount), payment_method_types: [amazon_pay], payment_method_data: {type: amazon_pay}, confirm: true, \(page)"
    private static let both = "payment: payment_intent, own: payment_method"

    @Test func fieldsThatWereReadBeforeAMoveAreNotHeldAgainstAnAnswer() throws {
        // The customer refuses after the first answer: the intent has an error that the run has not read, and may end
        // with the next attempt.
        let states = """
            pay:
              call: payment.create
              with: {\(Self.redirect)}
              on: {requires_action: again}
            again:
              call: payment.confirm
              with: {payment_method_data: {type: amazon_pay}, \(Self.page)}
              on: {requires_action: failed, canceled: done}
              catch: {payment_intent_unexpected_state: failed}
            """
        let comparison = try compare(states)
        #expect(comparison.disagreements == [])
        #expect(comparison.outcome.finals == ["done", "failed"])
    }

    @Test func aBankAccountMadeByACallIsNotVerified() throws {
        let states = """
            make:
              call: own.create
              with: {type: us_bank_account}
              on: {unattached: pay}
            pay:
              call: payment.create
              with:
                {\(Self.amount), payment_method_types: [us_bank_account], payment_method: $own.id, confirm: true,
                 mandate_data: {customer_acceptance: {type: offline}}}
              on: {requires_action: done}
            """
        let comparison = try compare(states, objects: Self.both)
        #expect(comparison.disagreements == [])
        #expect(comparison.outcome.finals == ["done"])
    }

    @Test func aMethodThatAnotherPaymentMayHaveUsedUpIsNotHeldAgainstAnAnswer() throws {
        let states = """
            make:
              call: own.create
              with: {type: ideal}
              on: {unattached: pay}
            pay:
              call: payment.create
              with:
                {amount: 1000, currency: eur, payment_method_types: [ideal], payment_method: $own.id, confirm: true,
                 \(Self.page)}
              on: {requires_action: sort}
              catch: {invalid_request_error: failed}
            sort:
              choose:
                - {guard: visits.sort > 1, target: done}
                - {target: pay}
            """
        let comparison = try compare(states, objects: Self.both)
        #expect(comparison.disagreements == [])
        #expect(comparison.outcome.finals == ["done", "failed"])
    }

    @Test func aMistakeElsewhereDoesNotHideAStatusThatAWaitHasNoEdgeFor() throws {
        // No run comes to the wait by 'confirm', which is refused; the status comes while the wait lasts.
        let states = """
            pay:
              call: payment.create
              with: {\(Self.redirect)}
              on: {requires_action: away, requires_capture: again}
            again:
              call: payment.confirm
              on: {succeeded: away}
            away:
              wait: payment
              on: {requires_payment_method: done}
              after: {24h: look}
            look:
              call: payment.retrieve
              on: {succeeded: after, requires_payment_method | requires_action: done}
            after:
              call: payment.capture
              on: {succeeded: away}
            """
        let comparison = try compare(states)
        #expect(comparison.disagreements == [])
        #expect(comparison.findings(.unhandledStatus, in: "away").count == 1)
    }

    @Test func aStatusThatAWaitRarelyBeginsInIsWaitedThroughLikeAnyOther() throws {
        // A payment that was refused too often is canceled on confirmation; a hold that nobody captures is as well.
        let states = """
            pay:
              call: payment.create
              with: {\(Self.redirect), capture_method: manual}
              on: {requires_action: again}
            again:
              call: payment.confirm
              with: {payment_method_data: {type: amazon_pay}, \(Self.page)}
              on: {requires_action | canceled: away}
              catch: {payment_intent_unexpected_state: failed}
            away:
              wait: payment
              on: {requires_capture: stay, requires_payment_method: done}
              after: {24h: failed}
            """
        let comparison = try compare(states)
        #expect(comparison.disagreements == [])
        #expect(comparison.findings(.unhandledStatus, in: "away").isEmpty)
    }

    @Test func aPaymentThatWasLeftBehindStillUsesUpItsMethod() throws {
        // Its customer authorizes it while the second one is confirmed again.
        let states = """
            make:
              call: own.create
              with: {type: amazon_pay}
              on: {unattached: first}
            first:
              call: payment.create
              with: &pay
                {\(Self.amount), payment_method_types: [amazon_pay], payment_method: $own.id, confirm: true, \(Self.page)}
              on: {requires_action: second}
            second:
              call: payment.create
              with: *pay
              on: {requires_action: again}
              catch: {invalid_request_error: failed}
            again:
              call: payment.confirm
              with: {\(Self.page)}
              on: {requires_action: done}
              catch: {payment_intent_unexpected_state: failed}
            """
        let comparison = try compare(states, objects: Self.both, limit: 800)
        #expect(comparison.disagreements == [])
        let finding = try #require(comparison.findings(.unhandledError, in: "again").first)
        #expect(Comparison.subject(of: finding) == "invalid_request_error")
        #expect(finding.notes[0].contains("the customer authorizes (P20, for a payment_intent left behind)"))
        #expect(comparison.outcome.problems.keys.contains { $0.kind == .error && $0.state == "again" })
    }

    @Test func aRefusedCallLeavesTheErrorOfAnEarlierAttempt() throws {
        // The customer refuses, a confirmation without a method is refused, and the next one is one too many.
        let comparison = try compare(
            """
            pay:
              call: payment.create
              with: {\(Self.redirect)}
              on: {requires_action: again}
            again:
              call: payment.confirm
              with: {\(Self.page)}
              on: {requires_action: failed}
              catch: {payment_intent_unexpected_state: retry}
            retry:
              call: payment.confirm
              with: {payment_method_data: {type: amazon_pay}, \(Self.page)}
              on: {requires_action: failed, canceled: done}
              catch: {payment_intent_unexpected_state: failed}
            """)
        #expect(comparison.disagreements == [])
        #expect(comparison.outcome.finals == ["done", "failed"])
    }

    @Test func aFlowWithoutStatesIsCheckedForNothing() {
        let flow = Shipped("flow: empty\nstates: nothing\n").flow
        let report = FlowChecker(flows: FlowSet([flow]), catalog: Comparison.pack.catalog).check(0)
        #expect(report.findings.isEmpty)
    }

    @Test func newsThatComesWhileAReadIsOnItsWayIsReadAgain() throws {
        let shipped = Shipped(
            flow(
                """
                pay:
                  call: payment.create
                  with: {\(Self.redirect)}
                  on: {requires_action: away}
                away:
                  wait: payment
                  poll: never
                  on: {succeeded: done, requires_payment_method: failed}
                  after: {24h: failed}
                """))
        #expect(shipped.findings.isEmpty)
        var world = World(seed: "x", now: TestDriver.epoch, accountVersion: shipped.interpreter.catalog.version)
        var (run, step) = shipped.interpreter.start(.init(flow: 0, id: "x", at: TestDriver.epoch))
        let decide = { (decision: Decision) in ChoiceWords(name: decision.offers[0]) }
        guard case .call(let create) = step.action else { throw Unexpected() }
        let made = shipped.simulator.handle(create.request, &world, decide: decide)
        step = shipped.interpreter.resume(&run, Reply(.answer(made), at: world.now))
        // A look is on its way; then the customer is done, and the news is faster than the old answer.
        step = shipped.interpreter.resume(&run, Reply(.look, at: world.now))
        guard case .call(let look) = step.action else { throw Unexpected() }
        let old = shipped.simulator.handle(look.request, &world, decide: decide)
        _ = world.takeEvents()
        shipped.simulator.advance(&world, to: try #require(world.nextMove), decide: decide)
        for event in world.takeEvents() { step = shipped.interpreter.resume(&run, Reply(.event(event), at: world.now)) }
        step = shipped.interpreter.resume(&run, Reply(.answer(old), at: world.now))
        guard case .call(let again) = step.action else { throw Unexpected() }
        let new = shipped.simulator.handle(again.request, &world, decide: decide)
        step = shipped.interpreter.resume(&run, Reply(.answer(new), at: world.now))
        guard case .finish(let end) = step.action else { throw Unexpected() }
        #expect(end.final == "done")
    }

    private struct Unexpected: Error {}
}
