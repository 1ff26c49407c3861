// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues
package import FaregateWire
import Synchronization

/// Hands events that come in to all runs that go on: which of them is concerned, each run finds out by itself.
package final class PostOffice: Sendable {
    private let boxes = Mutex<[ObjectIdentifier: Mailbox]>([:])

    package init() {}

    package func deliver(_ event: Event, at instant: Instant) {
        for box in boxes.withLock({ Array($0.values) }) { box.put(event, at: instant) }
    }

    func open(_ bell: Bell) -> Mailbox {
        let box = Mailbox(bell: bell)
        boxes.withLock { $0[ObjectIdentifier(box)] = box }
        return box
    }

    func close(_ box: Mailbox) {
        boxes.withLock { boxes in _ = boxes.removeValue(forKey: ObjectIdentifier(box)) }
    }
}

/// Events for one run, oldest first. They are hints: where too many come, the oldest go.
final class Mailbox: Sendable {
    private static let capacity = 10_000
    private let letters = Mutex<[(event: Event, at: Instant)]>([])
    private let bell: Bell

    init(bell: Bell) { self.bell = bell }

    func put(_ event: Event, at instant: Instant) {
        letters.withLock { letters in
            if letters.count >= Self.capacity { letters.removeFirst(Self.capacity / 10) }
            letters.append((event, instant))
        }
        bell.ring()
    }

    func take() -> [(event: Event, at: Instant)] {
        letters.withLock { letters in
            defer { letters = [] }
            return letters
        }
    }
}
