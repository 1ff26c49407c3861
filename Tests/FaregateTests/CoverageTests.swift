// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import Testing

@Suite struct CoverageTests {
    private static let flow = """
        flow: coin
        objects: {payment: payment_intent}
        initial: pay
        states:
          pay:
            call: payment.create
            with: {amount: 1000, currency: usd, payment_method_types: [card], payment_method: pm_card_visa, confirm: true, off_session: true}
            on: {succeeded: paid, requires_payment_method: declined}
          paid: {final: success}
          declined: {final: failure}
        scenarios:
          it passes: {final: paid}
        """

    @Test func whatNobodyTookIsNamed() async throws {
        let report = await FlowLibrary(files: [("coin.yaml", Self.flow)]).test()
        #expect(report.passed)
        let flow = try #require(report.coverage.flows.first)
        #expect(flow.taken == 1)
        #expect(flow.missing == ["pay -> declined"])
        let rows = try #require(report.coverage.lifecycles.first { $0.name == "payment_intent" })
        let taken = rows.items.filter(\.isTaken).map(\.name)
        #expect(taken.contains("P03") && taken.contains("P10"))
        #expect(rows.missing.contains("P14"))
    }

    @Test func oneMoreScenarioTakesTheRest() async throws {
        let more = Self.flow + "\n  it is declined: {actors: {issuer: declines lost_card}, final: declined}\n"
        let report = await FlowLibrary(files: [("coin.yaml", more)]).test()
        #expect(report.passed, "\(report.outcomes.flatMap(\.findings))")
        #expect(report.coverage.flows.first?.missing == [])
        #expect(report.coverage.percent < 100)
    }
}
