// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateValues
import FaregateWire

/// Events on their way to endpoints: what is due when, and what has become of it.
struct Outbox: Sendable {
    struct Delivery: Sendable, Hashable {
        enum State: String, Sendable { case waiting, sending, delivered, lost, failed }

        var number: Int
        var event: Event
        var endpoint: String
        var due: Instant
        var state = State.waiting
        /// HTTP statuses of all tries, 0 where there was no answer.
        var tries: [Int] = []
    }

    /// The last ones, oldest first.
    private(set) var deliveries: [Delivery] = []
    private var count = 0
    private static let most = 5000
    /// Deliveries to one endpoint at once.
    static let width = 4

    /// Pauses before further tries: three, as in a sandbox.
    static func pauses(_ time: MockTime) -> [Int64] {
        time == .fast ? [500, 1000, 2000] : [60_000, 600_000, 3_600_000]
    }

    /// Takes an event for an endpoint, as the network carries it.
    mutating func put(_ event: Event, for endpoint: String, _ network: ChoiceWords, at now: Instant) {
        let due = network.after.flatMap { now.adding($0) } ?? now
        switch network.name {
        case "loses": add(event, endpoint, due, .lost)
        case "repeats":
            add(event, endpoint, due, .waiting)
            add(event, endpoint, due, .waiting)
        default: add(event, endpoint, due, .waiting)
        }
    }

    private mutating func add(_ event: Event, _ endpoint: String, _ due: Instant, _ state: Delivery.State) {
        count += 1
        deliveries.append(Delivery(number: count, event: event, endpoint: endpoint, due: due, state: state))
        if deliveries.count > Self.most { deliveries.removeFirst(deliveries.count - Self.most) }
    }

    /// What is to be sent now, marked as on its way.
    mutating func take(due now: Instant, most: Int) -> [Delivery] {
        var taken: [Delivery] = []
        // An endpoint that hangs holds up its own events and nobody else's.
        var busy: [String: Int] = [:]
        for delivery in deliveries where delivery.state == .sending { busy[delivery.endpoint, default: 0] += 1 }
        for at in deliveries.indices where deliveries[at].state == .waiting && deliveries[at].due <= now {
            guard taken.count < most else { break }
            guard busy[deliveries[at].endpoint, default: 0] < Self.width else { continue }
            busy[deliveries[at].endpoint, default: 0] += 1
            deliveries[at].state = .sending
            taken.append(deliveries[at])
        }
        return taken
    }

    /// Notes how a try went; any 2xx is success.
    mutating func settle(_ number: Int, status: Int, pauses: [Int64], at now: Instant) {
        guard let at = deliveries.firstIndex(where: { $0.number == number }) else { return }
        deliveries[at].tries.append(status)
        if (200..<300).contains(status) {
            deliveries[at].state = .delivered
        } else if deliveries[at].tries.count <= pauses.count {
            deliveries[at].state = .waiting
            deliveries[at].due = Instant(milliseconds: now.milliseconds + pauses[deliveries[at].tries.count - 1])
        } else {
            deliveries[at].state = .failed
        }
    }

    /// How many deliveries of an event have not arrived yet.
    func pending(_ event: String) -> Int {
        deliveries.filter { $0.event.id == event && [.waiting, .sending, .failed].contains($0.state) }.count
    }

    var isIdle: Bool { !deliveries.contains { $0.state == .waiting } }
}
