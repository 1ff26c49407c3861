// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Feeds data into a `StableHash`: SipHash-2-4 with 128 bits of output and a fixed key.
///
/// Swift's own `Hasher` has a new seed in each process, so that nothing stored may depend on it.
package struct StableHasher: Sendable {
    private var v0, v1, v2, v3: UInt64
    private var tail: UInt64 = 0
    private var length: UInt64 = 0

    /// The key is bytes 0 to 15, as in the vectors that come with SipHash.
    package init(key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)) {
        v0 = key.0 ^ 0x736F_6D65_7073_6575
        v1 = key.1 ^ 0x646F_7261_6E64_6F6D ^ 0xEE
        v2 = key.0 ^ 0x6C79_6765_6E65_7261
        v3 = key.1 ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    private mutating func round() {
        v0 = v0 &+ v1
        v1 = v1 << 13 | v1 >> 51
        v1 ^= v0
        v0 = v0 << 32 | v0 >> 32
        v2 = v2 &+ v3
        v3 = v3 << 16 | v3 >> 48
        v3 ^= v2
        v0 = v0 &+ v3
        v3 = v3 << 21 | v3 >> 43
        v3 ^= v0
        v2 = v2 &+ v1
        v1 = v1 << 17 | v1 >> 47
        v1 ^= v2
        v2 = v2 << 32 | v2 >> 32
    }

    private mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    package mutating func combine(_ byte: UInt8) {
        tail |= UInt64(byte) << (8 * (length & 7))
        length &+= 1
        if length & 7 == 0 {
            compress(tail)
            tail = 0
        }
    }

    /// Eight bytes, the lowest first.
    package mutating func combine(_ word: UInt64) {
        let shift = 8 * (length & 7)
        length &+= 8
        if shift == 0 { return compress(word) }
        compress(tail | word << shift)
        tail = word >> (64 - shift)
    }

    /// The bytes alone, without their number.
    package mutating func combine(bytes: some Sequence<UInt8>) {
        for byte in bytes { combine(byte) }
    }

    /// A string's length in bytes, then its UTF-8: `ab`, `c` differs from `a`, `bc`.
    package mutating func combine(_ text: String) {
        combine(UInt64(text.utf8.count))
        combine(bytes: text.utf8)
    }

    package mutating func combine(_ hash: StableHash) {
        combine(hash.high)
        combine(hash.low)
    }

    package mutating func combine(_ truth: Bool) { combine(truth ? 1 as UInt8 : 0) }

    package mutating func combine(_ value: Value) {
        combine(value.kindNumber)
        switch value {
        case .null: break
        case .bool(let truth): combine(truth)
        case .int(let number): combine(UInt64(bitPattern: number))
        case .uint(let number): combine(number)
        case .double(let number): combine(number.isNaN ? Double.nan.bitPattern : number.bitPattern)
        case .string(let text), .type(let text), .unknown(let text): combine(text)
        case .ref(let number): combine(UInt64(bitPattern: Int64(number)))
        case .bytes(let bytes):
            combine(UInt64(bytes.count))
            combine(bytes: bytes)
        case .timestamp(let stamp):
            combine(UInt64(bitPattern: stamp.seconds))
            combine(UInt64(UInt32(bitPattern: stamp.nanoseconds)))
        case .duration(let duration):
            combine(UInt64(bitPattern: duration.seconds))
            combine(UInt64(UInt32(bitPattern: duration.nanoseconds)))
        case .optional(let inner):
            combine(inner != nil)
            if let inner { combine(inner) }
        case .list(let items):
            combine(UInt64(items.count))
            for item in items { combine(item) }
        case .map(let map):
            // Maps are equal in any order: a sum of the entries' hashes is, too.
            combine(UInt64(map.count))
            var (high, low): (UInt64, UInt64) = (0, 0)
            for (key, value) in map {
                var inner = StableHasher()
                inner.combine(key)
                inner.combine(value)
                let hash = inner.finalize()
                high = high &+ hash.high
                low = low &+ hash.low
            }
            combine(high)
            combine(low)
        }
    }

    /// The hash of all that was combined; more may be combined after.
    package func finalize() -> StableHash {
        var state = self
        state.compress(tail | length << 56)
        state.v2 ^= 0xEE
        for _ in 0..<4 { state.round() }
        let first = state.v0 ^ state.v1 ^ state.v2 ^ state.v3
        state.v1 ^= 0xDD
        for _ in 0..<4 { state.round() }
        return StableHash(high: first, low: state.v0 ^ state.v1 ^ state.v2 ^ state.v3)
    }
}
