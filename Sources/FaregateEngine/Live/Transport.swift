// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues
package import FaregateWire

/// Whatever answers API requests.
package protocol Transport: Sendable {
    /// Sends a request once; repeats are the run's business.
    ///
    /// - Parameter timeout: how long the answer may take; nil for the transport's own measure.
    func send(_ request: Request, timeout: Duration?) async throws(TransportFailure) -> Response
}

/// Why a request has no answer.
package struct TransportFailure: Error, Sendable, Hashable {
    package var kind: Reply.Failure
    /// What happened, for people; holds nothing of the request.
    package var reason: String

    package init(_ kind: Reply.Failure, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// The time that a live run goes by.
package struct LiveClock: Sendable {
    package var now: @Sendable () -> Instant
    /// Returns at an instant, or as soon as the task is canceled.
    package var sleep: @Sendable (_ until: Instant) async -> Void

    package init(now: @escaping @Sendable () -> Instant, sleep: @escaping @Sendable (_ until: Instant) async -> Void) {
        self.now = now
        self.sleep = sleep
    }
}
