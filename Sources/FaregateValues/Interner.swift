// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Gives equal values the same small number, in the order of their first appearance.
///
/// Inlinable, for other modules would call generic code, and a search does little else.
package struct Interner<Element: Hashable & Sendable>: Sendable {
    @usableFromInline var handles: [Element: UInt32] = [:]
    /// The values by their numbers.
    @usableFromInline package var elements: [Element] = []

    @inlinable package init() {}

    @inlinable package var count: Int { elements.count }

    /// The number of a value, a new one at its first appearance.
    @inlinable package mutating func intern(_ element: Element) -> UInt32 {
        if let handle = handles[element] { return handle }
        let handle = UInt32(elements.count)
        handles[element] = handle
        elements.append(element)
        return handle
    }

    /// The number of a value that has been seen.
    @inlinable package func handle(of element: Element) -> UInt32? { handles[element] }

    @inlinable package subscript(handle: UInt32) -> Element { elements[Int(handle)] }
}
