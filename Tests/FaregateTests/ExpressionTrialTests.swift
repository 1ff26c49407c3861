// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import Testing

@Suite struct ExpressionTrialTests {
    private func trial(_ text: String, _ bindings: [String: String] = [:], inFlow: Bool = true) throws
        -> ExpressionTrial
    {
        let library = FlowLibrary(files: [("flow.yaml", Example("signals: {card.supplied: {token: string}}\n").text)])
        #expect(!library.isBroken)
        var trial = ExpressionTrial(text, in: inFlow ? library : nil)
        for (name, value) in bindings { try trial.bind(name, to: value) }
        return trial
    }

    private func value(_ text: String, _ bindings: [String: String] = [:], inFlow: Bool = true) throws -> String? {
        let report = try trial(text, bindings, inFlow: inFlow).report()
        #expect(report.findings.isEmpty, "\(report.findings.map(\.message))")
        return report.value
    }

    @Test func valuesAreJSONThatPeopleCanRead() throws {
        #expect(try value("duration('14d') + duration('90m')", inFlow: false) == "\"14d1h30m\"")
        #expect(try value("timestamp(0)", inFlow: false) == "\"1970-01-01T00:00:00Z\"")
        #expect(try value("[1, 2.5, 'x', null]", inFlow: false)?.filter { !$0.isWhitespace } == "[1,2.5,\"x\",null]")
        #expect(try value("methods['card'].family", inFlow: false) == "\"card\"")
    }

    @Test func namesOfAFlowHaveTheirDefaults() throws {
        #expect(try value("amount + visits.pay") == "1000")
        #expect(try value("visits.pay > 2", ["visits": "{\"pay\": 3}"]) == "true")
        #expect(try value("amount", ["amount": "7"]) == "7")
    }

    @Test func anythingCanBeBoundAndPartsOfObjectsAlone() throws {
        #expect(try value("payment.amount > 5", ["payment.amount": "10"]) == "true")
        #expect(try value("payment == null", ["payment": "null"]) == "true")
        #expect(try value("card.supplied.token", ["card.supplied": "{\"token\": \"t\"}"]) == "\"t\"")
        #expect(try value("now > timestamp(0)", ["now": "2026-01-31T12:00:00Z"]) == "true")
        #expect(try value("x + y", ["x": "a b", "y": "\"c\""], inFlow: false) == "\"a bc\"")
    }

    @Test func whatHasNoValueIsAFindingWithAPlace() throws {
        func first(_ text: String, inFlow: Bool = true) throws -> String {
            let finding = try #require(try trial(text, inFlow: inFlow).report().findings.first)
            let columns = finding.span.start.column..<finding.span.end.column
            return "\(finding.code) \(columns) \(finding.help ?? "")"
        }
        #expect(try first("1 + ") == "FG0301 5..<5 ")
        #expect(try first("payment.amount > 5") == "FG0104 1..<15 give it one: --bind payment.amount=…")
        #expect(try first("amuont > 5") == "FG0104 1..<7 write 'amount'")
        #expect(try first("x > 5", inFlow: false) == "FG0104 1..<2 give it one: --bind x=…")
        #expect(try first("payment.amout > 5") == "FG0303 9..<14 did you mean 'amount'?")
        #expect(try first("1 / 0", inFlow: false).hasPrefix("FG0707 1..<6"))
    }

    @Test func checkingNeedsNoValues() throws {
        let report = try trial("payment.amount > 5 && error.code == 'x'").report(checksOnly: true)
        #expect(report.findings.isEmpty)
        #expect(report.type == "bool")
        #expect(report.value == nil)
    }

    @Test func wrongBindingsSayWhatIsDue() throws {
        #expect(throws: RunRequestError.self) { try trial("amount", ["amount": "many"]) }
        #expect(throws: RunRequestError.self) { try trial("x", ["x": "{broken"], inFlow: false) }
        #expect(throws: RunRequestError.self) { try trial("now", ["now": "soon"]) }
    }

    @Test func partsAreShownWithTheirValues() throws {
        let parts = try trial("amount > 5 && payment.amount == 1", ["payment.amount": "2"]).report().parts
        #expect(parts.contains("  amount > 5") && parts.contains("= true") && parts.contains("= false"))
    }
}
