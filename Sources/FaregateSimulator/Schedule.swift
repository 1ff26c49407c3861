// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// What is about to happen by itself, found by time and by object without a look at all the rest.
///
/// Of moves due at one instant the one comes first that was planned first.
struct Schedule: Sendable {
    private struct Entry: Sendable {
        var move: World.Move
        var number: Int
    }

    /// A heap by instant and number; entries that were taken back stay until they come to the top.
    private var heap: [(due: Instant, number: Int, object: String)] = []
    private var entries: [String: [Entry]] = [:]
    private var count = 0

    init(_ moves: [World.Move] = []) {
        for move in moves { add(move) }
    }

    /// All moves in the order in which they were planned.
    var moves: [World.Move] { entries.values.joined().sorted { $0.number < $1.number }.map(\.move) }

    var next: Instant? { heap.first?.due }

    mutating func add(_ move: World.Move) {
        count += 1
        entries[move.object, default: []].append(Entry(move: move, number: count))
        heap.append((move.due, count, move.object))
        var at = heap.count - 1
        while at > 0, isBefore(at, (at - 1) / 2) {
            heap.swapAt(at, (at - 1) / 2)
            at = (at - 1) / 2
        }
    }

    /// Takes back all moves of an object.
    mutating func removeAll(of object: String) {
        if entries.removeValue(forKey: object) != nil { dropStale() }
    }

    /// The first move, where it is due.
    mutating func takeFirst(due instant: Instant) -> World.Move? {
        guard let first = heap.first, first.due <= instant,
            let at = entries[first.object]?.firstIndex(where: { $0.number == first.number })
        else { return nil }
        let move = entries[first.object]!.remove(at: at).move
        if entries[first.object]!.isEmpty { entries[first.object] = nil }
        dropStale()
        return move
    }

    private mutating func dropStale() {
        while let first = heap.first, entries[first.object]?.contains(where: { $0.number == first.number }) != true {
            heap.swapAt(0, heap.count - 1)
            heap.removeLast()
            sink()
        }
        // What was taken back and lies deep must not outgrow what is there.
        if heap.count > 64, heap.count > 4 * entries.count { self = Schedule(moves) }
    }

    private mutating func sink() {
        var at = 0
        while true {
            let children = [2 * at + 1, 2 * at + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { isBefore($0, $1) }), isBefore(least, at) else { return }
            heap.swapAt(at, least)
            at = least
        }
    }

    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        (heap[a].due, heap[a].number) < (heap[b].due, heap[b].number)
    }
}

extension Schedule: Hashable {
    static func == (a: Schedule, b: Schedule) -> Bool { a.moves == b.moves }

    func hash(into hasher: inout Hasher) { hasher.combine(moves) }
}
