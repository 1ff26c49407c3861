// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSpec
import FaregateStripe
import FaregateText
import FaregateValues
import FaregateVerify
import FaregateWire
import Testing

struct Typo: Sendable, CustomTestStringConvertible {
    let id: String, flow: String, old: String, new: String, code: String
    var testDescription: String { id }
}

@Suite struct SeededFaultTests {
    static let typos = [
        Typo(
            id: "a misspelt status", flow: "detach", old: "on: {detached: mandate_is_over}",
            new: "on: {detachd: mandate_is_over}", code: "FG0105"),
        Typo(
            id: "a misspelt target", flow: "detach", old: "on: {active: save}", new: "on: {active: sav}", code: "FG0113"
        ),
        Typo(
            id: "a misspelt operation", flow: "detach", old: "call: wallet.detach", new: "call: wallet.detatch",
            code: "FG0106"),
        Typo(
            id: "a misspelt object", flow: "detach", old: "call: wallet.detach", new: "call: walet.detach",
            code: "FG0104"),
        Typo(
            id: "a misspelt input", flow: "detach", old: "payment_method_data: {type: $method}",
            new: "payment_method_data: {type: $methd}", code: "FG0104"),
        Typo(
            id: "a misspelt event", flow: "detach", old: "- mandate.updated:", new: "- mandate.updatd:", code: "FG0118"),
        Typo(
            id: "a misspelt key", flow: "detach", old: "after: {24h: not_saved}", new: "aftr: {24h: not_saved}",
            code: "FG0101"),
        Typo(
            id: "a misspelt actor", flow: "detach", old: "actors: {customer: refuses}",
            new: "actors: {custmer: refuses}", code: "FG0401"),
        Typo(
            id: "a misspelt choice", flow: "detach", old: "actors: {customer: refuses}",
            new: "actors: {customer: refuse}", code: "FG0402"),
        Typo(
            id: "an unknown scenario input", flow: "detach", old: "inputs: {method: $method}",
            new: "inputs: {metod: $method}", code: "FG0403"),
        Typo(
            id: "two verbs", flow: "detach", old: "call: wallet.detach", new: "call: wallet.detach\n    wait: setup",
            code: "FG0109"),
        Typo(
            id: "a text with a bare name", flow: "direct-redirect", old: "pay-$(order)", new: "pay-$order",
            code: "FG0110"),
        Typo(
            id: "a default of another type", flow: "direct-redirect", old: "default: 1000", new: "default: lots",
            code: "FG0111"),
    ]

    @Test(arguments: typos) func checkNamesFileLineAndReason(_ typo: Typo) {
        let text = Shipped.text(typo.flow)
        #expect(text.contains(typo.old))
        let changed = text.replacing(typo.old, with: typo.new, maxReplacements: 1)
        let findings = Shipped(changed, path: "flows/\(typo.flow).yaml").findings
        let line = text[..<text.firstRange(of: typo.old)!.lowerBound].filter { $0 == "\n" }.count + 1
        let found = findings.first { $0.code == typo.code }
        #expect(found != nil, "\(findings.map { "\($0.code) \($0.message)" })")
        #expect(found?.file == "flows/\(typo.flow).yaml")
        #expect(abs((found?.span.start.line ?? 0) - line) <= 1)
    }

    @Test func aRemovedRowMakesTheRunFail() {
        let lifecycles = StripePack.lifecycles.map { lifecycle in
            var lifecycle = lifecycle
            lifecycle.rows.removeAll { $0.id == "S20" }
            return lifecycle
        }
        let shipped = Shipped(named: "setup-then-charge", pack: StripePack(lifecycles: lifecycles))
        let result = shipped.run()
        #expect(!result.passed)
        #expect(result.findings[0].file == "flows/setup-then-charge.yaml")
    }

    @Test func anEventThatIsNotSentMakesTheRunFail() {
        let lifecycles = StripePack.lifecycles.map { lifecycle in
            var lifecycle = lifecycle
            for number in lifecycle.rows.indices where lifecycle.rows[number].id == "M03" {
                lifecycle.rows[number].events.removeAll { $0 == "mandate.updated" }
            }
            return lifecycle
        }
        // The flow is read with the documented events; only the mock forgets one.
        let honest = Shipped(named: "detach")
        let silent = Shipped(named: "detach", pack: StripePack(lifecycles: lifecycles))
        let driver = TestDriver(interpreter: honest.interpreter, simulator: silent.simulator)
        let result = honest.run(driver)
        #expect(result.findings.map(\.code) == ["FG0705"])
        #expect(result.findings[0].message.contains("mandate.updated"))
        #expect(result.findings[0].span.start.line > 1)
    }

    /// The answers of a mock that lies, from some request on.
    private func lying(_ shipped: Shipped, _ lie: @escaping @Sendable (Request, Response) -> Response) -> CaseResult {
        var driver = shipped.driver
        driver.tamper = lie
        return shipped.run(driver)
    }

    @Test func anUndocumentedStatusNamesTheRow() {
        let result = lying(Shipped(named: "direct-redirect")) { request, response in
            guard request.method == "POST", case .map(var body) = response.body else { return response }
            body["status"] = "succeeded"
            var lie = response
            lie.body = .map(body)
            return lie
        }
        #expect(result.findings.map(\.code) == ["FG0701"])
        let finding = result.findings[0]
        #expect(finding.message.contains("succeeded"))
        #expect(finding.notes.contains { $0.contains("P12a") && $0.contains("requires_action") })
        #expect(finding.span.start.line > 1 && finding.file == "flows/direct-redirect.yaml")
    }

    @Test func aStatusThatNobodyKnowsIsAFinding() {
        let result = lying(Shipped(named: "direct-redirect")) { _, response in
            guard case .map(var body) = response.body else { return response }
            body["status"] = "sideways"
            return Response(status: 200, body: .map(body), requestID: response.requestID)
        }
        #expect(result.findings.map(\.code) == ["FG0701"])
    }

    @Test func aStaleReadIsAFinding() {
        // After `succeeded` was read, nothing leads back to `requires_action`.
        let flow = """
            flow: stale
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 1000, currency: usd, payment_method_types: [card], payment_method: pm_card_visa, confirm: true}
                on: {succeeded: read, requires_action | requires_payment_method: lost}
              read:
                call: payment.retrieve
                on: {succeeded: paid, requires_action: lost}
              paid: {final: success}
              lost: {final: failure}
            scenarios:
              it passes: {final: paid}
            """
        let shipped = Shipped(flow)
        #expect(shipped.findings.isEmpty)
        #expect(shipped.run().passed)
        let result = lying(shipped) { request, response in
            guard request.method == "GET", case .map(var body) = response.body else { return response }
            body["status"] = "requires_action"
            return Response(status: 200, body: .map(body), requestID: response.requestID)
        }
        #expect(result.findings.map(\.code) == ["FG0701"])
        #expect(result.findings[0].message.contains("from succeeded"))
    }

    @Test func aStaleRepeatedAnswerIsReadAgainBeforeItCounts() {
        // The answer to the confirmation is lost; its repeat gives the stored, old one, while the customer has finished.
        let shipped = Shipped(named: "direct-redirect")
        var item = shipped.cases.first { $0.title == "authorizes and closes the browser" }!
        item.scripts.append(
            .init(actor: "network", lines: [.init(words: ChoiceWords(name: "loses", argument: "answer"))]))
        item.scripts[0].lines = [.init(words: ChoiceWords(name: "authorizes"))]
        let result = shipped.run(nil, item)
        #expect(result.passed, "\(result.findings.map(\.message))")
        let replayed = result.result.trace.facts.contains {
            if case .answered(_, _, _, _, _, _, replayed: true) = $0.fact { true } else { false }
        }
        #expect(replayed)
    }

    @Test func aChoiceThatNobodyAsksForIsAFinding() {
        let text = Shipped.text("detach").replacing(
            "actors: {customer: refuses}", with: "actors: {customer: refuses, bank: returns}")
        let shipped = Shipped(text)
        let scenario = shipped.flow.scenarios.first { $0.name == "the customer refuses at the wallet" }!
        let item = shipped.cases.first { $0.scenario.name == scenario.name }!
        let findings = ScenarioRunner.unasked(scenario, in: shipped.flow, taken: [shipped.run(nil, item).result.taken])
        #expect(findings.map(\.code) == ["FG0406"])
    }
}
