// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateTesting
import Foundation
import Testing

/// The flows of the repository, whatever directory the tests run in.
private let flows = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "flows").path(percentEncoded: false)

@Suite struct FlowScenarioTests {
    @Test(arguments: try FlowScenario.all(in: [flows])) func holds(_ scenario: FlowScenario) async throws {
        try await scenario.check()
    }

    private func file(_ expected: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "faregate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "pay.yaml")
        let text = """
            flow: pay
            objects: {payment: payment_intent}
            initial: pay
            states:
              pay:
                call: payment.create
                with: {amount: 1000, currency: usd}
                on: {requires_payment_method: done, requires_confirmation: never}
              done: {final: success}
              never: {final: failure}
            scenarios:
              one: {final: \(expected)}

            """
        try Data(text.utf8).write(to: file)
        return file.path(percentEncoded: false)
    }

    @Test func tellsWhyAScenarioDoesNotHold() async throws {
        let scenarios = try FlowScenario.all(in: [try file("done")])
        #expect(scenarios.map(\.description) == ["pay: one"])
        try await scenarios[0].check()
        let wrong = try FlowScenario.all(in: [try file("never")])
        let failure = try await #require(throws: ScenarioFailure.self) { try await wrong[0].check() }
        #expect(failure.description.contains("the run ended in 'done', not in 'never'"))
    }

    @Test func refusesFilesThatAreWrong() throws {
        let file = try file("nowhere")
        #expect(throws: ScenarioFailure.self) { try FlowScenario.all(in: [file]) }
        #expect(throws: (any Error).self) { try FlowScenario.all(in: ["/no/such/file.yaml"]) }
    }
}
