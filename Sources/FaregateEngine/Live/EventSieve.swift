// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateValues
import FaregateWire

/// Finds the events that concern one run among those of a whole account.
struct EventSieve {
    /// Of the run's calls: an event says which request has caused it.
    private var keys: Set<String> = []
    private var requests: Set<String> = []
    /// Events may overtake the answer that tells the id of their object: those that concern nobody are kept for a while.
    private var held: [(event: Event, at: Instant)] = []
    private static let capacity = 1000

    mutating func note(_ facts: [Fact]) {
        for fact in facts {
            switch fact {
            case .called(_, _, _, let request, _): if let key = request.idempotencyKey { keys.insert(key) }
            case .answered(_, _, _, _, _, let requestID, _): if !requestID.isEmpty { requests.insert(requestID) }
            default: break
            }
        }
    }

    /// Those of the events, and of the ones that were kept, that concern a run.
    mutating func sift(_ letters: [(event: Event, at: Instant)], _ run: Run) -> [(event: Event, at: Instant)] {
        var concerned: [(event: Event, at: Instant)] = []
        var rest: [(event: Event, at: Instant)] = []
        for letter in held + letters {
            if concerns(letter.event, run) { concerned.append(letter) } else { rest.append(letter) }
        }
        held = rest.suffix(Self.capacity)
        return concerned
    }

    private func concerns(_ event: Event, _ run: Run) -> Bool {
        if keys.contains(event.idempotencyKey) || requests.contains(event.requestID) { return true }
        if run.snapshots[event.objectID] != nil { return true }
        guard let object = event.body[path: "data.object"]?.map else { return false }
        return object.values.contains { value in
            guard let id = value.string else { return false }
            // A view may name an object that nobody has read yet.
            return run.snapshots[id] != nil || run.frames.contains { $0.objects.contains(id) }
        }
    }
}
