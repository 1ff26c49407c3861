// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateSpec
import FaregateValues
import FaregateVerify
import FaregateWire
import Testing

/// Files and answers that mean no good: everything ends in a finding, nothing crashes, nothing hangs.
@Suite struct HostileTests {
    static let answers: [Value] = [
        .null, true, 0, "", [], .map([:]), ["id": .null], ["id": 1], ["id": ""], ["id": "pi_1"],
        ["id": "pi_1", "status": 7], ["id": "pi_1", "status": .list([])], ["error": .null], ["error": 1],
        ["error": .map([:])], ["error": ["type": 1]], ["error": ["type": "card_error", "payment_intent": 1]],
        ["error": ["type": "card_error", "code": "card_declined", "payment_intent": ["id": "pi_1", "status": "x"]]],
        ["error": ["type": "api_error", "setup_intent": ["id": "", "status": .null]]],
        ["error": ["code": .string(String(repeating: "a", count: 10_000))]],
        ["id": .string(String(repeating: "\u{0}", count: 100)), "status": "succeeded"],
    ]

    @Test(arguments: Shipped.names) func hostileAnswersEndInAFinding(_ name: String) {
        let shipped = Shipped(named: name)
        for status in [100, 200, 301, 400, 401, 402, 404, 409, 418, 429, 500, 599] {
            for answer in Self.answers {
                var driver = shipped.driver
                driver.tamper = { _, response in
                    Response(status: status, body: answer, requestID: response.requestID)
                }
                driver.limit = 2000
                let result = shipped.run(driver)
                #expect(!result.passed, "\(status) \(JSON.write(answer))")
            }
        }
    }

    @Test(arguments: Shipped.names) func mutatedFilesNeverCrash(_ name: String) {
        let bytes = Array(Shipped.text(name).utf8)
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let spice = Array("{}[]:,&*!|>'\"%@`#\t\n $()\u{0}".utf8)
        for round in 0..<60 {
            var changed = bytes
            if round % 3 == 0 { changed = Array(changed.prefix(random(changed.count))) }
            for _ in 0..<(1 + random(4)) where !changed.isEmpty {
                changed[random(changed.count)] = spice[random(spice.count)]
            }
            let text = String(decoding: changed, as: UTF8.self)
            let library = FlowLibrary(files: [("bad.yaml", text)])
            for finding in library.findings { #expect(finding.span.start.line >= 1) }
            #expect(library.isBroken || !library.contents.isEmpty)
        }
    }

    @Test func deepAndWideFilesAreFindings() {
        let deep = "flow: x\nstates: " + String(repeating: "{a: ", count: 5000)
        #expect(FlowLibrary(files: [("deep.yaml", deep)]).isBroken)
        let expression = "flow: x\ninputs: {a: {type: int, check: \"" + String(repeating: "(", count: 2000) + "\"}}"
        #expect(FlowLibrary(files: [("expression.yaml", expression)]).isBroken)
        var bomb = "flow: x\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 {
            bomb +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
                + "]\n"
        }
        #expect(FlowLibrary(files: [("bomb.yaml", bomb)]).isBroken)
    }

    @Test func aFlowThatNeverRestsIsStopped() {
        let text = """
            flow: round
            initial: a
            states:
              a: {choose: [{target: b}]}
              b: {choose: [{target: a}]}
              c: {final: success}
            scenarios: {it spins: {final: c}}
            """
        let result = Shipped(text).run()
        #expect(result.findings.map(\.code) == ["FG0706"])
    }
}
