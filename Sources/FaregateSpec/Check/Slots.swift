// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Which objects the fields of an object name, by the slots of its lifecycle's model.
///
/// A search copies and hashes worlds all the time: this is a value without a heap.
struct Slots: Hashable {
    static let capacity = 8

    private var numbers: SIMD8<Int16>

    init(repeating number: Int) { numbers = SIMD8(repeating: Int16(number)) }

    subscript(slot: Int) -> Int {
        get { Int(numbers[slot]) }
        set { numbers[slot] = Int16(exactly: newValue) ?? Int16(AbstractObject.unknown) }
    }

    /// Asks of all objects that are named, in the order of the slots.
    func allSatisfy(_ isFine: (Int) -> Bool) -> Bool {
        guard numbers.max() >= 0 else { return true }
        for slot in 0..<Self.capacity where numbers[slot] >= 0 && !isFine(Int(numbers[slot])) { return false }
        return true
    }

    func map(_ transform: (Int) -> Int) -> Slots {
        var slots = self
        for slot in 0..<Self.capacity { slots[slot] = transform(self[slot]) }
        return slots
    }

    func hash(into hasher: inout Hasher) {
        let words = unsafeBitCast(numbers, to: SIMD2<UInt64>.self)
        hasher.combine(words.x)
        hasher.combine(words.y)
    }
}
