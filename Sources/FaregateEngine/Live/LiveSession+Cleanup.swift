// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateValues
import FaregateWire

/// How one of the calls went that clean up after a run.
package struct CleanupOutcome: Sendable, Hashable {
    /// `payment_intent.cancel`
    package var operation: String
    package var objectID: String
    /// The status that came of it, or why nothing came of it.
    package var words: String
    package var isDone: Bool
    /// What came back belongs to an account that nothing more may be sent to.
    package var isOfLiveMode = false
}

extension LiveSession {
    /// Ends what the run has left open. Runs after every end; changes no verdict.
    func cleanUp() async -> [CleanupOutcome] {
        // An account of live mode is left as it is.
        if met { return [] }
        var outcomes: [CleanupOutcome] = []
        for call in driver.interpreter.cleanup(after: run, trace: trace) {
            let outcome = await cleanUp(call)
            if outcome.isDone { driver.leftovers.remove(call.objectID, of: run.id) }
            outcomes.append(outcome)
            if outcome.isOfLiveMode { break }
        }
        return outcomes
    }

    private func cleanUp(_ step: CleanupCall) async -> CleanupOutcome {
        var words = ""
        for attempt in 0..<3 {
            if attempt > 0 { await driver.clock.sleep(Instant(milliseconds: now.milliseconds + Int64(attempt) * 500)) }
            do throws(TransportFailure) {
                let response = try await driver.transport.send(step.request, timeout: Duration(seconds: 20))
                if liveObject(in: response.body) != nil {
                    return .init(
                        operation: step.operation, objectID: step.objectID,
                        words: "the answer is of live mode, and the key is a test key; nothing more is sent",
                        isDone: false,
                        isOfLiveMode: true)
                }
                guard let error = response.error else {
                    let status =
                        response.body["status"]?.string
                        ?? (response.body["deleted"] == .bool(true) ? "deleted" : "done")
                    return .init(operation: step.operation, objectID: step.objectID, words: status, isDone: true)
                }
                words = "\(response.status) \(error.code ?? error.type)"
                guard response.status == 409 || response.status == 429 || response.status >= 500 else { break }
            } catch {
                words = error.reason
                if error.kind == .refused { break }
            }
        }
        return .init(operation: step.operation, objectID: step.objectID, words: words, isDone: false)
    }
}
