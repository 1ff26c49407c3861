// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.enabled(if: Tool.program != nil, "the program is not built beside the tests"), .serialized)
struct MockEndToEndTests {
    @Test func tellsItsAddressAndEndsOnInterrupt() throws {
        let process = Process()
        process.executableURL = Tool.program
        process.arguments = ["mock", "--port", "0", "--flow", "flow.yaml", "--scenario", "busy"]
        let tool = try Tool()
        process.currentDirectoryURL = tool.folder
        try tool.write(
            """
            flow: shop
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay: {call: payment.create, with: {amount: 2000, currency: eur}, on: {requires_payment_method: made}}
              made: {final: success}
            scenarios:
              busy: {actors: {api: [limits, answers], payment.issuer: declines, customer: abandons}, final: made}
            """, to: "flow.yaml")
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        try process.run()
        var text = ""
        while !text.contains("curl") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
        }
        #expect(text.contains("listens at http://127.0.0.1:"))
        #expect(text.contains("/v1/customers -u sk_test_123:"))
        process.interrupt()
        Tool.wait(for: process)
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
        let remarks = String(decoding: error.fileHandleForReading.availableData, as: UTF8.self)
        #expect(remarks.contains("left to 'faregate test', as a server does not see it: api, payment.issuer\n"))
    }

    @Test func tellsWhatIsWrongWithItsOptions() throws {
        let tool = try Tool()
        #expect(try tool("mock", "--port", "99999").status == 2)
        #expect(try tool("mock", "--time", "slow").status == 2)
        #expect(try tool("mock", "--scenario", "x").status == 2)
        #expect(try tool("mock", "--port", "0", "--flow", "none.yaml", "--scenario", "x").status == 2)
        let away = try tool("mock", "--host", "192.0.2.1", "--port", "0")
        #expect(away.status == 3)
        #expect(away.error.contains("192.0.2.1"))
        let log = try tool("mock", "--port", "0", "--log", "none/such/folder")
        #expect(log.status == 3)
    }
}
