// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateText
import Testing

/// Points in time are seconds on the wire and timestamps in expressions, for the check as in a run.
@Suite struct UnixTimeTests {
    private static func flow(_ condition: String) -> String {
        Example(
            """
            states:
              pay:
                call: payment.create
                with: {amount: $amount, currency: usd}
                on: {requires_payment_method: sort}
              sort:
                choose:
                  - {guard: "\(condition)", target: done}
                  - {target: lost}
              done: {final: success}
              lost: {final: failure}
            scenarios:
              paid: {final: done}

            """
        ).text
    }

    @Test(
        arguments: [
            "payment.created > timestamp('2020-01-01T00:00:00Z')", "now - payment.created < duration('1h')",
            "payment.canceled_at == null",
        ]) func areTimestamps(_ condition: String) async
    {
        let library = FlowLibrary(files: [("flow.yaml", Self.flow(condition))])
        #expect(library.findings.filter { $0.severity == .error }.isEmpty, "\(library.findings.map(\.message))")
        let report = await library.test()
        #expect(report.passed, "\(report.outcomes.flatMap(\.findings))")
    }

    @Test func areNoNumbers() {
        let library = FlowLibrary(files: [("flow.yaml", Self.flow("payment.created > 5"))])
        #expect(library.findings.map(\.code) == ["FG0302"])
    }

    @Test func canBeTriedOut() throws {
        let library = FlowLibrary(files: [("flow.yaml", Self.flow("true"))])
        for (name, value) in [("payment.created", "5"), ("payment", "{\"created\": 5}")] {
            var trial = ExpressionTrial("payment.created", in: library)
            try trial.bind(name, to: value)
            #expect(trial.report().value == "\"1970-01-01T00:00:05Z\"")
        }
    }
}
