// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The objects that runs have made or changed and not cleaned up yet: what stays behind if the program ends at once.
package final class Leftovers: Sendable {
    private let byRun = Mutex<[String: [String]]>([:])

    package init() {}

    /// Ids in the order in which they came up, run by run.
    package var ids: [String] { byRun.withLock { runs in runs.keys.sorted().flatMap { runs[$0] ?? [] } } }

    func add(_ id: String, of run: String) {
        byRun.withLock { runs in
            if runs[run]?.contains(id) != true { runs[run, default: []].append(id) }
        }
    }

    func remove(_ id: String, of run: String) { byRun.withLock { $0[run]?.removeAll { $0 == id } } }

    /// A run has come to its end, and has told of its objects itself.
    func forget(_ run: String) { byRun.withLock { _ = $0.removeValue(forKey: run) } }
}
