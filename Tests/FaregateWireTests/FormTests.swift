// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateWire
import Testing

@Suite struct FormTests {
    static let cases: [(text: String, value: ValueMap)] = [
        ("amount=1000&currency=usd", ["amount": "1000", "currency": "usd"]),
        ("payment_method_data[type]=card", ["payment_method_data": ["type": "card"]]),
        ("a%5Bb%5D=c+d%21", ["a": ["b": "c d!"]]),
        ("types[]=card&types[]=link", ["types": ["card", "link"]]),
        ("types[0]=card&types[1]=link", ["types": ["card", "link"]]),
        ("types[1]=link&types[0]=card", ["types": ["card", "link"]]),
        ("l[][a]=1&l[][b]=2&l[][a]=3", ["l": [["a": "1", "b": "2"], ["a": "3"]]]),
        ("description=", ["description": ""]),
        ("metadata[key]=", ["metadata": ["key": ""]]),
        ("created[gte]=5", ["created": ["gte": "5"]]),
        ("", [:]),
    ]

    @Test(arguments: cases.indices) func namesInBracketsNest(_ number: Int) {
        let item = Self.cases[number]
        #expect(FormDecoding.decode(item.text) == item.value, "\(item.text)")
    }

    @Test(arguments: ["a[b=c", "[a]=b", "a]=b[", "a=%4", "a=%zz", "a=%ff", "a[b]c=d"])
    func whatCannotBeReadIsRefused(_ text: String) {
        #expect(FormDecoding.decode(text) == nil || text == "a]=b[")
    }

    @Test func whatIsWrittenIsReadAgain() {
        let params: ValueMap = [
            "amount": "1", "metadata": ["a & b": "ü=%"], "list": ["x", "y"], "deep": ["er": ["still": ["1", "2"]]],
        ]
        #expect(FormDecoding.decode(FormEncoding.encode(.map(params))) == params)
    }

    @Test func nestingWithoutEndIsRefused() {
        #expect(FormDecoding.decode("a" + String(repeating: "[b]", count: 100_000) + "=c") == nil)
    }
}
