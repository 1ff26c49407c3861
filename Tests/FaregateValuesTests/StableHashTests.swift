// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateValues

@Suite struct StableHashTests {
    /// From the vectors of SipHash-2-4 with 128 bits: the input is the bytes 0, 1, 2… up to a length.
    static let vectors: [(length: Int, hex: String)] = [
        (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
        (2, "8177228da4a45dc7fca38bdef60affe4"), (3, "9c70b60c5267a94e5f33b6b02985ed51"),
        (7, "a1f1ebbed8dbc153c0b84aa61ff08239"), (8, "3b62a9ba6258f5610f83e264f31497b4"),
    ]

    @Test(arguments: vectors) func isSipHash(_ length: Int, _ hex: String) {
        let hash = StableHash((0..<length).map { UInt8($0) })
        let bytes = [hash.high, hash.low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        let text = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(text == hex)
    }

    /// Stored ids hang on these: a change here is a change of format.
    @Test func givesTheSameIdsInEachProcess() {
        #expect(StableHash("payment").base32 == "1xvptwxb1w2efmm6kgxjk9d5fg")
        #expect(StableHash("payment").base62 == "1sjqvwauLHfStB3cPugx84")
        let value: Value = ["a": [1, .double(0.5), .null, true], "b": .timestamp(Timestamp(seconds: 1))]
        #expect(StableHash(value).base32 == "422rvnt2hf2ef5yrq5x4fq8t84")
    }

    @Test func takesWordsAndBytesAlike() {
        var words = StableHasher()
        words.combine(7 as UInt8)
        words.combine(0x0807_0605_0403_0201 as UInt64)
        var bytes = StableHasher()
        bytes.combine(bytes: [7, 1, 2, 3, 4, 5, 6, 7, 8])
        #expect(words.finalize() == bytes.finalize())
    }

    @Test func doesNotHangOnTheOrderOfMembers() {
        #expect(StableHash(["a": 1, "b": 2]) == StableHash(["b": 2, "a": 1]))
        #expect(StableHash(["a": 1, "b": 2]) != StableHash(["a": 2, "b": 1]))
    }

    @Test func tellsKindsApart() {
        let values: [Value] = [
            1, .uint(1), .double(1), "1", true, .null, [], [:], [1], .optional(nil), .optional(1), .unknown("1"),
            .ref(1),
            .type("1"), .bytes([1]), .timestamp(Timestamp(seconds: 1)), .duration(Duration(seconds: 1)),
            "\u{e9}", "e\u{301}", .double(0), .double(-0.0), .double(.nan),
        ]
        #expect(Set(values.map { StableHash($0) }).count == values.count)
        #expect(Set(values).count == values.count)
    }

    @Test func givesEqualValuesTheSameHandle() {
        var interner = Interner<Value>()
        #expect(interner.intern("a") == 0)
        #expect(interner.intern("b") == 1)
        #expect(interner.intern("a") == 0)
        #expect(interner[1] == "b")
        #expect(interner.handle(of: "c") == nil)
        #expect(interner.count == 2)
    }
}
