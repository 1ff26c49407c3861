// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateValues

@Suite struct JSONReaderTests {
    @Test func readsWholeNumbersAsIntegersAndOthersAsDoubles() throws {
        let value = try JSON.read("[1, -9223372036854775808, 9223372036854775808, 1.0, 1e2, -0]")
        #expect(value == [1, .int(.min), .double(9_223_372_036_854_775_808), .double(1), .double(100), .double(-0.0)])
    }

    @Test func readsEscapesAndText() throws {
        #expect(try JSON.read(#"" \"\\\/\b\f\n\r\t\u00e9\ud83d\ude00 é😀 ""#) == .string(" \"\\/\u{8}\u{C}\n\r\té😀 é😀 "))
    }

    @Test func keepsCanonicallyEquivalentKeysApart() throws {
        let map = try #require(try JSON.read(#"{"\u00e9": 1, "e\u0301": 2}"#).map)
        #expect(map.count == 2)
        #expect(map["e\u{301}"] == 2)
    }

    @Test func keepsTheOrderOfKeys() throws {
        #expect(try JSON.write(JSON.read(#"{"b":1,"a":{"d":null,"c":[]}}"#)) == #"{"b":1,"a":{"d":null,"c":[]}}"#)
    }

    static let hostile: [(text: String, offset: Int)] = [
        ("", 0), ("  ", 2), ("nul", 0), ("nulll", 4), ("True", 0), ("[1,]", 3), ("[1 2]", 3), ("[", 1), ("[1", 2),
        ("{", 1), (#"{"a""#, 4), (#"{"a":"#, 5), (#"{"a":1,}"#, 7), ("{a:1}", 1), ("{'a':1}", 1),
        (#"{"a":1 "b":2}"#, 7),
        (#"{"a":1,"a":2}"#, 7), (#"{"a":1,"\u0061":2}"#, 7), ("1 2", 2), ("[]]", 2), ("01", 0), ("-", 1), ("-01", 1),
        ("+1", 0), (".5", 0), ("1.", 2), ("1.e5", 2), ("1e", 2), ("1e+", 3), ("1e400", 0), ("-1e400", 0), ("NaN", 0),
        ("Infinity", 0), ("0x10", 1), ("1_000", 1), (#"""#, 1), (#""a"#, 2), ("\"a\nb\"", 2), ("\"a\u{0}b\"", 2),
        ("\"\t\"", 1), (#""\x41""#, 1), (#""\u12""#, 5), (#""\u12g4""#, 5), (#""\ud800""#, 1), (#""\udc00""#, 1),
        (#""\ud800\ud800""#, 1), (#""\ud800x""#, 1), (#""\"#, 2), ("// comment\n1", 0), ("\u{FEFF}1", 0),
    ]

    @Test(arguments: hostile) func refusesAtThePlace(_ text: String, _ offset: Int) {
        #expect { try JSON.read(text) } throws: { ($0 as? JSONError)?.offset == offset }
    }

    static let brokenText: [[UInt8]] = [
        [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80],
        [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE],
    ]

    @Test(arguments: brokenText) func refusesBytesThatAreNoText(_ bytes: [UInt8]) {
        let quoted = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        #expect { try JSON.read(quoted) } throws: { ($0 as? JSONError)?.offset == 1 }
    }

    @Test func refusesDeepNestingWithoutUsingUpTheStack() {
        for opening in ["[", #"{"a":"#] {
            let text = String(repeating: opening, count: 1_000_000)
            #expect { try JSON.read(text) } throws: {
                ($0 as? JSONError)?.message == "more than 128 levels of arrays and objects"
            }
        }
    }

    @Test func refusesWhatIsTooLong() {
        #expect(throws: JSONError.self) { try JSON.read("[1,2,3]", limits: JSON.Limits(bytes: 6)) }
    }
}
