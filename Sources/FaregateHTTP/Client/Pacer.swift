// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Spreads the beginnings of requests: one for a whole command, whatever runs in it.
package actor Pacer {
    private let spacing: Swift.Duration
    private var next: ContinuousClock.Instant

    /// - Parameter perSecond: how many requests may begin in a second.
    package init(perSecond: Int) {
        spacing = .nanoseconds(1_000_000_000 / Int64(max(1, perSecond)))
        next = .now
    }

    /// The documented limits are 25 requests a second in test mode and 100 in live mode; a fifth is left to others.
    package static func documented(for mode: SecretKey.Mode) -> Pacer { Pacer(perSecond: mode == .test ? 20 : 80) }

    package func turn() async {
        let now = ContinuousClock.now
        let mine = max(now, next)
        next = mine + spacing
        if mine > now { try? await Task.sleep(until: mine, clock: .continuous) }
    }
}
