// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A flow of one call, for tests of what the program makes of it.
enum SmallFlow {
    /// - Parameters:
    ///   - edges: where the call's answers lead: to `done`, and to what is added.
    ///   - more: further states, and what follows them.
    static func text(on edges: String = "requires_payment_method: done", more: String = "") -> String {
        """
        flow: good
        objects: {payment: payment_intent}
        initial: pay
        states:
          pay:
            call: payment.create
            with: {amount: 1000, currency: usd}
            on: {\(edges)}
          done: {final: success}
        \(more)
        """
    }
}
