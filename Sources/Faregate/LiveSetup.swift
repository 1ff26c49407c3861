// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
package import FaregateValues

/// What runs go on where the world is not ours: a transport, and what goes with it.
package struct LiveSetup: Sendable {
    package var transport: any Transport
    package var clock: LiveClock
    /// Where events come in; nil: the API's list of events is read.
    package var post: PostOffice?
    package var customer: (any Customer)?
    /// Where a mock keeps the page of an object whose `next_action` names none.
    package var page: (@Sendable (_ id: String) -> String)?
    package var interruption = Interruption()
    /// What stays behind if the program ends at once.
    package var leftovers = Leftovers()
    package var isTestMode = true
    /// How long a wait may take.
    package var patience = Duration(seconds: 150)
    /// The first pause between two looks at an object.
    package var firstPoll = Duration(seconds: 3)
    /// Where inputs with `env:` come from.
    package var environment: @Sendable (String) -> String? = { _ in nil }
    /// In place of the versions that flows name.
    package var version: String?
    /// Makes the ids of runs new each time.
    package var nonce: String

    package init(transport: any Transport, clock: LiveClock, nonce: String) {
        self.transport = transport
        self.clock = clock
        self.nonce = nonce
    }
}
