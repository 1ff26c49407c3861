// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Testing

@testable import FaregateCEL

private func evaluate(_ source: String, _ data: [String: Value] = [:]) throws -> Result<Value, EvaluationError> {
    try Program.parse(source).get().evaluate { data[$0] }
}

@Suite struct EvaluationTests {
    static let data: [String: Value] = [
        "payment": ["amount": 5000, "currency": "eur", "method": ["type": "card"]],
        "customer.returned": ["reason": "late"], "o": .optional("x"), "none": .optional(nil), "items": [1, 2, 3],
    ]

    static let values: [(String, Value)] = [
        ("payment.amount > 4000 && payment.method.type in ['card', 'sepa_debit']", true),
        ("customer.returned.reason", "late"),
        ("has(customer.returned)", true),
        ("has(customer.returned.reason)", true),
        ("has(customer.returned.code)", false),
        ("duration('14d') == duration('336h')", true),
        ("duration('1w1d12h') == duration('204h')", true),
        ("duration('1.5d') == duration('36h')", true),
        ("payment.?amount.orValue(1)", 5000),
        ("payment.?missing.orValue(1)", 1),
        ("payment.?missing.?deeper.hasValue()", false),
        ("payment.?method.type.value()", "card"),
        ("payment[?'missing'].or(optional.of('a')).value()", "a"),
        ("items[?1]", .optional(2)),
        ("items[?7]", .optional(nil)),
        ("[1, ?none, ?o]", [1, "x"]),
        ("{'a': 1, ?'b': none, ?'c': o}", ["a": 1, "c": "x"]),
        ("o.optMap(v, v + 'y')", .optional("xy")),
        ("none.optMap(v, v + 'y')", .optional(nil)),
        ("o.optFlatMap(v, optional.none())", .optional(nil)),
        ("optional.ofNonZeroValue(0)", .optional(nil)),
        ("none.orValue(1 / 1)", 1),
        ("o.orValue(1 / 0)", "x"),
        ("items.map(i, i > 1, i * 2)", [4, 6]),
        ("items.map(i, items.map(j, i * j))[2][1]", 6),
        ("items.existsOne(i, i == 2)", true),
        ("[1].map(items, items)", [1]),
        ("[[1]].map(x, x.map(x, x + 1))", [[2]]),
        ("'\\u00e9' == 'e\\u0301'", false),
        ("'\\u00e9' in ['e\\u0301']", false),
        ("size({'\\u00e9': 1, 'e\\u0301': 2})", 2),
        ("size('e\\u0301')", 2),
        ("'a\\u030a' < '\\u00e5'", true),
        ("'\\uFB01' < '\\U00010000'", true),
        ("'e\\u0301'.startsWith('e')", true),
        ("'e\\u0301'.endsWith('\\u0301')", true),
        ("string(1.0) + string(1e100) + string(-0.5)", "11e+100-0.5"),
        ("-9223372036854775808", .int(.min)),
        ("- 9223372036854775807 - 1", .int(.min)),
        ("(1 + 2) * 3 - -4", 13),
        ("!!true", true),
        ("--1", 1),
        ("1 - 2 - 3", -4),
        ("true ? 1 : false ? 2 : 3", 1),
        ("2 > 1 == true", true),
        ("{'a.b': 1}.`a.b`", 1),
        (".payment.amount // the amount", 5000),
        ("duration('-90m').getMinutes()", -90),
        ("timestamp('2024-02-29T12:00:00+02:00').getHours()", 10),
        ("timestamp('2026-07-01T12:00:00Z').getHours('Europe/Berlin')", 14),
        ("timestamp('2026-01-01T12:00:00Z').getHours('Europe/Berlin')", 13),
        ("timestamp('2026-03-29T00:59:59Z').getHours('Europe/London')", 0),
        ("timestamp('2026-03-29T01:00:00Z').getHours('Europe/London')", 2),
        ("timestamp('2026-11-01T05:59:59Z').getHours('America/New_York')", 1),
        ("timestamp('2026-11-01T06:00:00Z').getHours('America/New_York')", 1),
        ("timestamp('2026-07-01T12:00:00Z').getHours('Australia/Sydney')", 22),
    ]

    @Test(arguments: values) func evaluates(_ source: String, _ expected: Value) throws {
        #expect(try evaluate(source, Self.data) == .success(expected))
    }

    static let failures: [(String, String, Range<Int>)] = [
        ("1 + payment.amout", "there is no field 'amout'; did you mean 'amount'?", 4..<17),
        ("1 + nothing.x", "there is no variable 'nothing'", 4..<13),
        ("true && 1 / 0 == 1", "division by zero", 8..<13),
        ("9223372036854775807 + 1", "the result of '+' does not fit in 64 bits", 0..<23),
        ("payment.currency + 1", "'+' does not go with string and int", 0..<20),
        ("items[3]", "there is no item 3 in a list of 3", 0..<8),
        ("items['a']", "a list has no item 'a': its items have whole numbers", 0..<10),
        ("payment['a']", "there is no key 'a' in the map", 0..<12),
        ("payment.amount.all(x, true)", "'all' needs a list or a map, not int", 0..<14),
        ("items.all(x, x)", "the condition of 'all' must be bool, not int", 13..<14),
        ("(items[0] ? 1 : 2)", "the condition before '?' must be bool, not int", 1..<9),
        ("true && payment.currency", "'&&' needs bool, not string", 8..<24),
        ("none.value()", "the optional is empty", 0..<12),
        ("{'a': 1, 'a': 2}", "the key 'a' occurs twice", 9..<12),
        ("items.startWith(1)", "there is no function 'startWith'; did you mean 'startsWith'?", 0..<18),
        (
            "timestamp(0).getHours('Mars/Olympus')",
            "the time zone 'Mars/Olympus' is not known here; write an offset such as '+02:00'", 0..<37
        ),
        (
            "timestamp(0).getHours('Europe/Berlin')",
            "the rules of the time zone 'Europe/Berlin' are known from 1996 on; write an offset", 0..<38
        ),
    ]

    @Test(arguments: failures) func failsAtThePlace(_ source: String, _ message: String, _ range: Range<Int>) throws {
        #expect(try evaluate(source, Self.data) == .failure(EvaluationError(message, at: range)))
    }

    @Test func endsWithinItsBudget() throws {
        let many = Value.list((0..<100).map { .int(Int64($0)) })
        let source = "l.all(a, l.all(b, l.all(c, l.all(d, l.all(e, a + b + c + d + e >= 0)))))"
        guard case .failure(let error) = try evaluate(source, ["l": many]) else {
            Issue.record("it had an end")
            return
        }
        #expect(error.message == "the expression takes too many steps")
    }

    @Test func doesNotForgiveAnExhaustedBudget() throws {
        let many = Value.list((0..<1000).map { .int(Int64($0)) })
        let source = "l.all(a, l.all(b, true)) || l.exists(a, l.all(b, true)) || true"
        guard case .failure = try evaluate(source, ["l": many]) else {
            Issue.record("the exhausted budget was forgiven")
            return
        }
    }

    @Test func paysForGrowingStrings() throws {
        let source = "l.map(a, s + s + s + s)"
        let data: [String: Value] = [
            "l": .list(Array(repeating: 1, count: 1000)), "s": .string(String(repeating: "x", count: 10_000)),
        ]
        guard case .failure = try evaluate(source, data) else {
            Issue.record("it had an end")
            return
        }
    }

    @Test func listsWhatItReads() throws {
        let source =
            "a.b.c > 1 && has(d.e.f) && g.?h.orValue(i) == j[k].l && [1].all(x, x.m == n) && optional.of(int) != o"
        let references = try Program.parse(source).get().references
        #expect(
            references.map { $0.path.joined(separator: ".") + ($0.isTest ? "?" : "") }
                == ["a.b.c", "d.e.f?", "g.h?", "i", "j", "k", "n", "o"])
        #expect(references[0].range == 0..<5)
        #expect(references[1].range == 17..<22)
        #expect(references[2].range == 27..<31)
    }

    @Test func explainsItsParts() throws {
        let program = try Program.parse("payment.amount > 9000 || payment.currency == 'usd'").get()
        let tree = program.explain { Self.data[$0] }
        #expect(tree.value == .success(false))
        #expect(tree.children.map(\.text) == ["payment.amount > 9000", "payment.currency == 'usd'"])
        #expect(tree.children[0].children.map(\.text) == ["payment.amount"])
        #expect(tree.children[0].children[0].value == .success(5000))
    }

    @Test func asksForTheLongestNameFirst() throws {
        var asked: [String] = []
        _ = try Program.parse("a.b.c").get().evaluate { name in
            asked.append(name)
            return nil
        }
        #expect(asked == ["a.b.c", "a.b", "a"])
    }

    @Test func foldsConstants() throws {
        let program = try Program.parse("a in ['x', 'y'] && duration('1d') < duration('2' + 'd')").get()
        let constants = program.code.steps.filter { if case .constant = $0 { true } else { false } }
        #expect(constants.count == program.code.nodes.count - 3)
    }
}
