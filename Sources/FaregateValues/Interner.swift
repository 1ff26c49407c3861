// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Gives equal values the same small number, in the order of their first appearance.
package struct Interner<Element: Hashable & Sendable>: Sendable {
    private var handles: [Element: UInt32] = [:]
    /// The values by their numbers.
    package private(set) var elements: [Element] = []

    package init() {}

    package var count: Int { elements.count }

    /// The number of a value, a new one at its first appearance.
    package mutating func intern(_ element: Element) -> UInt32 {
        if let handle = handles[element] { return handle }
        let handle = UInt32(elements.count)
        handles[element] = handle
        elements.append(element)
        return handle
    }

    /// The number of a value that has been seen.
    package func handle(of element: Element) -> UInt32? { handles[element] }

    package subscript(handle: UInt32) -> Element { elements[Int(handle)] }
}
