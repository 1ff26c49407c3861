import FaregateTesting
import Foundation
import Testing

/// The flows beside the package, whatever directory the tests run in.
private let flows = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "flows").path(percentEncoded: false)

/// Every scenario of every flow is a test of its own, named after it.
@Suite struct FlowTests {
    @Test(arguments: try FlowScenario.all(in: [flows]))
    func holds(_ scenario: FlowScenario) async throws {
        try await scenario.check()
    }
}
