// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Testing

@testable import FaregateCEL

/// Evaluates with `u` unknown, `e` an error, `t` and `f` what they say.
private func value(of source: String) -> String {
    let data: [String: Value] = [
        "u": .unknown("u"), "t": true, "f": false, "n": 1, "s": "a", "l": [1, 2],
        "m": ["known": 1, "hidden": .unknown("hidden")], "o": .optional(nil),
    ]
    guard case .success(let program) = Program.parse(source.replacing("E", with: "(1/0 > 0)")) else { return "syntax" }
    switch program.evaluate({ data[$0] }) {
    case .success(.unknown): return "unknown"
    case .success(let value): return Kind.describe(value)
    case .failure: return "error"
    }
}

struct UnknownCase: Sendable, CustomTestStringConvertible {
    let source: String, value: String
    var testDescription: String { "\(source) is \(value)" }
}

@Suite struct UnknownTests {
    private static func rows(_ text: String) -> [UnknownCase] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: "=>").map { $0.trimmingPrefix(while: { $0 == " " }) }
            var source = String(parts[0])
            while source.hasSuffix(" ") { source.removeLast() }
            return UnknownCase(source: source, value: String(parts[1]))
        }
    }

    static let connections = rows(
        """
        t && t => true
        t && f => false
        t && u => unknown
        t && E => error
        f && t => false
        f && f => false
        f && u => false
        f && E => false
        u && t => unknown
        u && f => false
        u && u => unknown
        u && E => unknown
        E && t => error
        E && f => false
        E && u => unknown
        E && E => error
        t || t => true
        t || f => true
        t || u => true
        t || E => true
        f || t => true
        f || f => false
        f || u => unknown
        f || E => error
        u || t => true
        u || f => unknown
        u || u => unknown
        u || E => unknown
        E || t => true
        E || f => error
        E || u => unknown
        E || E => error
        u && u && f => false
        E || u || t => true
        !u => unknown
        !E => error
        """)

    @Test(arguments: connections) func connectsByTheTruthTable(_ item: UnknownCase) {
        #expect(value(of: item.source) == item.value)
    }

    static let conditions = rows(
        """
        u ? 1 : 2 => unknown
        u ? 1 : 1 => 1
        u ? E : 1 => unknown
        u ? u : u => unknown
        t ? 1 : u => 1
        f ? u : 2 => 2
        t ? u : 2 => unknown
        E ? 1 : 1 => error
        """)

    @Test(arguments: conditions) func choosesWhatBothBranchesAgreeOn(_ item: UnknownCase) {
        #expect(value(of: item.source) == item.value)
    }

    static let operations = rows(
        """
        u + 1 => unknown
        1 - u => unknown
        u * u => unknown
        u / 0 => unknown
        u % 2 => unknown
        -u => unknown
        u + (1/0) => unknown
        (1/0) + u => unknown
        u == 1 => unknown
        u == u => unknown
        1 != u => unknown
        u < 1 => unknown
        u <= 1 => unknown
        u > 1 => unknown
        1 >= u => unknown
        u in l => unknown
        1 in u => unknown
        1 in [1, u] => true
        3 in [1, u] => unknown
        [1, u] == [2, u] => false
        [1, u] == [1, u] => unknown
        {'a': u} == {'b': u} => false
        u.field => unknown
        u.a.b.c => unknown
        has(u.field) => unknown
        u[0] => unknown
        l[u] => unknown
        m.known => 1
        m.hidden => unknown
        m.hidden.deeper => unknown
        has(m.hidden) => true
        has(m.missing) => false
        u.?field => unknown
        m.?hidden.orValue(1) => unknown
        m.?missing.orValue(1) => 1
        o.orValue(u) => unknown
        u.orValue(1) => unknown
        u[?0] => unknown
        size(u) => unknown
        size([u]) => 1
        int(u) => unknown
        string(u) => unknown
        type(u) => unknown
        duration(u) => unknown
        u.startsWith('a') => unknown
        s.startsWith(u) => unknown
        u.matches('a') => unknown
        s.matches(u) => unknown
        u.getHours() => unknown
        u.getHours('UTC') => unknown
        {u: 1} => unknown
        optional.of(u) => unknown
        """)

    @Test(arguments: operations) func makesStrictOperationsUnknown(_ item: UnknownCase) {
        #expect(value(of: item.source) == item.value)
    }

    static let macros = rows(
        """
        u.all(x, true) => unknown
        u.exists(x, true) => unknown
        u.exists_one(x, true) => unknown
        u.filter(x, true) => unknown
        u.map(x, x) => unknown
        u.optMap(x, x) => unknown
        l.all(x, u) => unknown
        l.all(x, x == 1 && u) => false
        l.all(x, x == 2 ? E : u) => unknown
        l.exists(x, u) => unknown
        l.exists(x, x == 2 || u) => true
        l.exists_one(x, x == 1 || u) => unknown
        l.exists_one(x, true) => false
        l.filter(x, u) => unknown
        l.map(x, u)[0] => unknown
        size(l.map(x, u)) => 2
        [u, 1].exists(x, x == 1) => true
        [u, 1].all(x, x == 2) => false
        """)

    @Test(arguments: macros) func carriesUnknownsThroughMacros(_ item: UnknownCase) {
        #expect(value(of: item.source) == item.value)
    }
}
