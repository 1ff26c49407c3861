// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

// Swift's own `==` and `<` take canonically equivalent strings for equal. JSON and CEL do not: 'é' as one code point and
// as two are different strings, and different keys of a map.
extension String {
    /// Whether both are the same sequence of code points.
    package func hasSameScalars(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let quick = utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { theirs in Self.sameBytes(mine, theirs) }
        }
        return (quick ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Eight bytes at a time; both are of one length.
    private static func sameBytes(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Bool {
        let (x, y) = (UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b))
        var place = 0
        while place + 8 <= x.count {
            let word = x.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            if word != y.loadUnaligned(fromByteOffset: place, as: UInt64.self) { return false }
            place += 8
        }
        while place < x.count {
            if x[place] != y[place] { return false }
            place += 1
        }
        return true
    }

    /// The order of code points, which is the order of UTF-8's bytes.
    package func precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }

    func hashScalars(into hasher: inout Hasher) {
        let done: Void? = utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        if done == nil { for byte in utf8 { hasher.combine(byte) } }
        hasher.combine(UInt8(0xFF))
    }
}
