// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate

/// A flow whose scenarios fail, each in a way of its own, and hold secrets of all kinds.
enum FailingFlow {
    static let path = "flows/failing.yaml"

    static let text = """
        flow: failing
        title: Scenarios that fail
        docs: https://example.com/docs
        inputs:
          limit: {type: int, default: 20}
          password: {type: string, default: hunter2-very-secret, secret: true}
        objects: {payment: payment_intent}
        initial: pay
        states:
          pay:
            call: payment.create
            with:
              amount: 1000
              currency: usd
              payment_method_types: [card]
              payment_method: pm_card_visa
              confirm: true
              off_session: true
              metadata: {password: $password, key: sk_test_abcdefghijklmnop, card: "4242424242424242"}
            on: {succeeded: weigh, requires_payment_method: declined}
          weigh:
            choose:
              - {guard: limit > 100, target: dear}
              - {target: hold}
          hold: {wait: 24h, target: audit}
          audit:
            call: payment.retrieve
            assert:
              - payment.amount > limit * 2 && (payment.amount < 500 || payment.client_secret == 'x' || password == 'y')
            on: {succeeded: paid}
          dear: {final: canceled}
          paid: {final: success}
          declined: {final: failure}
        scenarios:
          an assertion that does not hold: {final: paid}
          declined for good:
            matrix: {reason: [lost_card, stolen_card, insufficient_funds]}
            actors: {issuer: declines $(reason)}
            final: paid
          dear ones: {inputs: {limit: 200}, final: dear}
          declined: {actors: {issuer: declines lost_card}, final: declined}

        """

    static let library = FlowLibrary(files: [(path, text)])

    static func report(
        of library: FlowLibrary = library, _ selection: TestSelection = .all, seed: String = "7"
    ) async -> TestReport {
        var options = TestOptions(seed: seed)
        options.keepsStories = true
        return await library.test(selection, options)
    }

    static func text(_ format: ReportFormat, of library: FlowLibrary = library) async -> String {
        await report(of: library).text(format, for: library, toolVersion: "1.2.3")
    }
}
