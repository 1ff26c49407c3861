// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateWire

/// Events on their way from the world to the run, and signals on theirs.
struct Courier {
    enum Parcel {
        case event(Event)
        case signal(name: String, payload: Value)
    }

    struct Delivery {
        var due: Instant
        var parcel: Parcel

        /// Of things due at one instant events come before signals.
        var rank: Int { if case .event = parcel { 0 } else { 1 } }
    }

    private var deliveries: [Delivery] = []

    mutating func send(_ parcel: Parcel, due: Instant) { deliveries.append(Delivery(due: due, parcel: parcel)) }

    var next: Instant? { deliveries.map(\.due).min() }

    /// The oldest of the parcels that are due.
    mutating func take(due instant: Instant) -> Delivery? {
        var best: Int?
        for (number, delivery) in deliveries.enumerated() where delivery.due <= instant {
            guard let other = best else {
                best = number
                continue
            }
            let (a, b) = (deliveries[other], delivery)
            if (b.due, b.rank) < (a.due, a.rank) { best = number }
        }
        return best.map { deliveries.remove(at: $0) }
    }
}
