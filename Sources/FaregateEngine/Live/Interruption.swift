// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The wish to end: runs stop at the next point that allows it, and clean up.
package final class Interruption: Sendable {
    private struct State {
        var isRequested = false
        var bells: [ObjectIdentifier: Bell] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package var isRequested: Bool { state.withLock { $0.isRequested } }

    package func request() {
        let bells = state.withLock { state in
            state.isRequested = true
            return Array(state.bells.values)
        }
        for bell in bells { bell.ring() }
    }

    /// Rings a bell when the end is wished for; at once where it was wished for before.
    func watch(_ bell: Bell) {
        let isRequested = state.withLock { state in
            state.bells[ObjectIdentifier(bell)] = bell
            return state.isRequested
        }
        if isRequested { bell.ring() }
    }

    func forget(_ bell: Bell) {
        state.withLock { state in _ = state.bells.removeValue(forKey: ObjectIdentifier(bell)) }
    }
}
