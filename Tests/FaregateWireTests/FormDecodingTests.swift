// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateWire
import Testing

@Suite struct FormDecodingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let form: String
        let value: Value

        var testDescription: String { form }
    }

    static let cases: [Case] = [
        Case(form: "", value: [:]),
        Case(form: "a=1&b=two+words%21", value: ["a": "1", "b": "two words!"]),
        Case(form: "a", value: ["a": ""]),
        Case(form: "a=", value: ["a": ""]),
        Case(form: "a=1&a=2", value: ["a": "2"]),
        Case(form: "a[b][c]=1&a[b][d]=2", value: ["a": ["b": ["c": "1", "d": "2"]]]),
        Case(form: "a%5Bb%5D=1", value: ["a": ["b": "1"]]),
        Case(form: "a[]=x&a[]=y", value: ["a": ["x", "y"]]),
        Case(form: "a[1]=y&a[0]=x", value: ["a": ["x", "y"]]),
        Case(form: "a[0][p]=1&a[0][q]=2&a[1][p]=3", value: ["a": [["p": "1", "q": "2"], ["p": "3"]]]),
        Case(form: "a[][p]=1&a[][q]=2&a[][p]=3", value: ["a": [["p": "1", "q": "2"], ["p": "3"]]]),
        Case(form: "metadata[0]=x&metadata[7]=y", value: ["metadata": ["0": "x", "7": "y"]]),
        Case(form: "metadata=", value: ["metadata": ""]),
        Case(form: "a[b]=%C3%BC%E2%82%AC", value: ["a": ["b": "ü€"]]),
        Case(form: "a==b=c", value: ["a": "=b=c"]),
    ]

    @Test(arguments: cases) func readsNames(_ c: Case) throws {
        #expect(Value.map(try FormDecoding.decode(c.form.utf8)) == c.value)
    }

    @Test func readsWhatFormEncodingWrites() throws {
        let value: Value = [
            "amount": "2000", "types": ["card", "ideal"], "data": ["type": "x & y = [z]", "deep": ["a": ["1", "2"]]],
            "items": [["price": "1"], ["price": "2", "note": "ü"]],
        ]
        #expect(Value.map(try FormDecoding.decode(FormEncoding.encode(value).utf8)) == value)
    }
}
