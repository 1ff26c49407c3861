// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateValues

@Suite struct JSONWriterTests {
    static let cases: [(Value, String)] = [
        (.double(1), "1.0"), (.double(1e100), "1e+100"), (.double(.nan), "\"nan\""),
        (.uint(.max), "18446744073709551615"),
        ("\u{1}\u{7F}\"\\\n\u{8}é", #""\u0001\u007f\"\\\n\bé""#), (.bytes([0, 255]), "\"AP8=\""),
        (.timestamp(Timestamp(seconds: 0, nanoseconds: 500_000_000)), "\"1970-01-01T00:00:00.5Z\""),
        (.duration(Duration(seconds: -1, nanoseconds: -500_000_000)), "\"-1.5s\""), (.type("int"), "\"int\""),
        (.unknown("amount"), "\"unknown:amount\""), (.ref(3), "\"ref:3\""), (.optional(1), "1"),
        (["a": .optional(nil), "b": 1], #"{"b":1}"#), ([.optional(nil), 1], "[1]"), ([], "[]"), ([:], "{}"),
    ]

    @Test(arguments: cases) func writes(_ value: Value, _ text: String) {
        #expect(JSON.write(value) == text)
    }

    @Test func writesKeysOfOtherKindsAsText() {
        let map = ValueMap(entries: [(.int(1), "a"), (.bool(true), "b"), (.uint(2), "c")])
        #expect(JSON.write(.map(map)) == #"{"1":"a","true":"b","2":"c"}"#)
    }

    @Test func sortsKeysWhereAsked() {
        #expect(JSON.write(["b": 1, "a": 2, "á": 3, "B": 4], sortedKeys: true) == #"{"B":4,"a":2,"b":1,"á":3}"#)
    }

    @Test func indentsWhereAsked() {
        #expect(
            JSON.write(["a": [1, ["b": 2]], "c": []], pretty: true)
                == "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ],\n  \"c\": []\n}")
    }

    @Test func decodesItsOwnBase64() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
        for broken in ["A", "AA=A", "A===", "AA=", "A*==", "AA==AA=="] { #expect(Base64.decode(broken) == nil) }
    }
}
