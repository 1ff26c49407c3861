// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// An object as the check knows it: no id, no data, only what rows and guards decide by.
struct AbstractObject: Hashable {
    var lifecycle: Int
    /// The real status; `anyStatus` for an object from outside of which nothing is known.
    var status: Int
    /// The statuses that agree with what the flow has read; empty before it has.
    var belief: StatusSet
    /// Nothing can have been heard of it since it was read: a wait need not read it again.
    var isFresh = false
    /// Time has passed in which it may have moved, and nobody has looked: the next look comes upon all of it.
    var isDue = false
    /// The objects that its fields name, by the slots of its lifecycle's model.
    var references: Slots
    /// The same as the flow read them last.
    var seenReferences: Slots
    /// Number of its payment method's type, or `unknownMethod`.
    var method: Int
    /// Number of its known plain fields.
    var data: UInt32
    /// Made by the flow: fields that nobody has set are null, not unknown.
    var isOwn: Bool

    /// The status that the flow goes by, the first that agrees; `unseen` before it has read one.
    var seen: Int { belief.first ?? Self.unseen }

    /// An object that the flow has not read yet.
    ///
    /// - Parameter references: what all of its fields name: `none` or `unknown`.
    init(lifecycle: Int, status: Int, references: Int, method: Int = unknownMethod, isOwn: Bool = false) {
        self.lifecycle = lifecycle
        self.status = status
        self.belief = StatusSet()
        self.references = Slots(repeating: references)
        self.seenReferences = Slots(repeating: Self.unknown)
        self.method = method
        self.data = 0
        self.isOwn = isOwn
    }

    func hash(into hasher: inout Hasher) {
        let flags = (isDue ? 4 : 0) | (isFresh ? 2 : 0) | (isOwn ? 1 : 0)
        hasher.combine((((method << 8) ^ lifecycle) << 16) ^ (status << 3) ^ flags)
        hasher.combine((UInt64(data) << 32) | UInt64(belief.bits))
        hasher.combine(references)
        hasher.combine(seenReferences)
    }

    static let anyStatus = -1
    static let unseen = -1
    static let unknownMethod = -1
    /// In `references` and in `AbstractWorld.names`: no object, or nobody knows which.
    static let none = -1
    static let unknown = -2
}

/// All objects of a configuration and what the flow calls them.
struct AbstractWorld: Hashable {
    var objects: [AbstractObject]
    /// By the flow's names, then those of the flows that run it: number of an object, or `AbstractObject.none`.
    var names: [Int]

    /// The same world after some time, in which news may have come of all objects but those that were looked at last.
    func fresh(_ numbers: [Int]) -> AbstractWorld {
        if numbers.isEmpty, !objects.contains(where: \.isFresh) { return self }
        var world = self
        for number in objects.indices { world.objects[number].isFresh = numbers.contains(number) }
        return world
    }
}
