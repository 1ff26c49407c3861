// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// 128 bits that stand for some data, the same in every process, on every machine and in every release.
///
/// Not for secrets: the key is known.
package struct StableHash: Sendable, Hashable, Comparable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(_ text: String) {
        var hasher = StableHasher()
        hasher.combine(text)
        self = hasher.finalize()
    }

    package init(_ bytes: [UInt8]) {
        var hasher = StableHasher()
        hasher.combine(bytes: bytes)
        self = hasher.finalize()
    }

    package init(_ value: Value) {
        var hasher = StableHasher()
        hasher.combine(value)
        self = hasher.finalize()
    }

    package static func < (a: StableHash, b: StableHash) -> Bool { (a.high, a.low) < (b.high, b.low) }

    /// 26 lower-case letters and digits, without the look-alikes i, l, o, u: for file names and things typed by hand.
    package var base32: String { digits(of: Array("0123456789abcdefghjkmnpqrstvwxyz".utf8), count: 26) }

    /// 22 letters and digits: for ids that look like those of an API.
    package var base62: String {
        digits(of: Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8), count: 22)
    }

    /// The number in another base, padded to a fixed length, most significant digit first.
    private func digits(of alphabet: [UInt8], count: Int) -> String {
        let base = UInt64(alphabet.count)
        var (high, low) = (high, low)
        var text = [UInt8](repeating: alphabet[0], count: count)
        for place in stride(from: count - 1, through: 0, by: -1) {
            let (quotientHigh, rest) = high.quotientAndRemainder(dividingBy: base)
            let (quotientLow, digit) = base.dividingFullWidth((rest, low))
            text[place] = alphabet[Int(digit)]
            (high, low) = (quotientHigh, quotientLow)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
