// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues
import FaregateWire

extension World {
    /// One step in the life of an object, for those who look at it from outside.
    package struct Step: Sendable, Hashable {
        package var at: Instant
        /// The id of the row that was taken, of the object itself or of the one that took it along.
        package var row: String
        /// nil: it has come into being.
        package var from: Int?
        package var to: Int
        /// The request that led to it; nil where it happened by itself.
        package var request: String?
    }

    /// Writes a step down where somebody wants to know.
    mutating func note(_ step: Step, of id: String) {
        if keepsJournal { journal[id, default: []].append(step) }
    }

    /// How many endpoints wait for an event, as the event itself shows it.
    package mutating func setPendingWebhooks(_ count: Int, of event: String) {
        guard let at = eventPlaces[event], at < events.count else { return }
        events[at].body = events[at].body.setting("pending_webhooks", to: .int(Int64(count)))
    }
}

extension Value {
    fileprivate func setting(_ name: String, to value: Value) -> Value {
        guard case .map(var map) = self else { return self }
        map[name] = value
        return .map(map)
    }
}
