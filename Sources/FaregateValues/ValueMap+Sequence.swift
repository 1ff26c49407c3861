// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import OrderedCollections

/// Goes through the members in the order of insertion, without an import of the collection behind it.
extension ValueMap: Sequence {
    package typealias Element = (key: Value, value: Value)

    package struct Iterator: IteratorProtocol {
        private var base: Storage.Iterator

        fileprivate init(_ base: Storage.Iterator) { self.base = base }

        package mutating func next() -> Element? { base.next() }
    }

    /// A map of these members; of equal keys the last one counts, in the place of the first.
    package init(entries: some Sequence<Element>) {
        self.init()
        for (key, value) in entries { self[value: key] = value }
    }

    package func makeIterator() -> Iterator { Iterator(storage.makeIterator()) }

    package var underestimatedCount: Int { count }

    package var keys: [Value] { Array(storage.keys) }

    package var values: [Value] { Array(storage.values) }
}
