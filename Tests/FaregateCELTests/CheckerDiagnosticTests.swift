// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateCEL

@Suite struct CheckerDiagnosticTests {
    static let payment = CELType.record(
        RecordType(
            name: "payment",
            fields: [
                "amount": .int, "currency": .string, "created": .timestamp, "captured": .bool,
                "metadata": .map(.string, .string), "types": .list(.string),
                "method": .record(RecordType(name: "method", fields: ["type": .string, "rate": .double])),
                "extra": .record(RecordType(fields: ["a": .int], isOpen: true)),
            ]))
    static let environment = TypeEnvironment([
        "payment": payment, "amount": .int, "currency": .string,
        "customer.returned": .record(
            RecordType(name: "customer.returned", fields: ["reason": .string])),
        "now": .timestamp, "any": .dyn, "note": .optional(.string), "count": .uint,
    ])

    static let cases = [
        MarkedCase("payment.«amout» > 5", "payment has no field 'amout'", help: "did you mean 'amount'?"),
        MarkedCase("payment.method.«typ» == 'card'", "method has no field 'typ'", help: "did you mean 'type'?"),
        MarkedCase(
            "payment.method.«country»", "method has no field 'country'", help: "there is 'rate', 'type'"),
        MarkedCase("«'Order ' + amount»", "'+' does not go with string and int", help: "write string(amount)"),
        MarkedCase(
            "«duration('1h') * 2»", "'*' does not go with duration and int",
            help: "durations are added and subtracted only: write the whole of it, as in duration('2h')"),
        MarkedCase("has(payment.«amout»)", "payment has no field 'amout'", help: "did you mean 'amount'?"),
        MarkedCase("payment.?«amout».orValue(1)", "payment has no field 'amout'", help: "did you mean 'amount'?"),
        MarkedCase("payment[«'amout'»]", "payment has no field 'amout'", help: "did you mean 'amount'?"),
        MarkedCase("[payment][0].«amout»", "payment has no field 'amout'", help: "did you mean 'amount'?"),
        MarkedCase("has([payment][0].«amout» )", "payment has no field 'amout'", help: "did you mean 'amount'?"),
        MarkedCase("[payment][0].«`amout`»", "payment has no field 'amout'", help: "did you mean 'amount'?"),
        MarkedCase("«amuont» > 1", "there is no variable 'amuont'", help: "did you mean 'amount'?"),
        MarkedCase("«unheard» > 1", "there is no variable 'unheard'"),
        MarkedCase(
            "«customer.retuned».reason", "there is no 'customer.retuned'", help: "did you mean 'customer.returned'?"),
        MarkedCase("«customer.left»", "there is no 'customer.left'", help: "there is 'customer.returned'"),
        MarkedCase(
            "customer.returned.«reasons»", "customer.returned has no field 'reasons'", help: "did you mean 'reason'?"),
        MarkedCase(
            "«amount == '5'»", "'==' compares int with string, which are never equal",
            help: "write the number without quotes, or convert it: int(…)"),
        MarkedCase(
            "«currency != 5»", "'!=' compares string with int, which are never equal",
            help: "write the number without quotes, or convert it: int(…)"),
        MarkedCase(
            "«amount == 5.0»", "'==' compares int with double, which are never equal",
            help: "convert one side, as in int(…)"),
        MarkedCase(
            "«payment.captured == 'true'»", "'==' compares bool with string, which are never equal",
            help: "write true or false without quotes"),
        MarkedCase(
            "«now > '2026-01-01'»", "'>' does not go with timestamp and string", help: "write timestamp(…)"),
        MarkedCase(
            "«now > 1700000000»", "'>' does not go with timestamp and int",
            help: "write timestamp(…) around the seconds"),
        MarkedCase("«now + 3600»", "'+' does not go with timestamp and int", help: "write duration('…s')"),
        MarkedCase(
            "«now - now > 3600»", "'>' does not go with duration and int", help: "write duration('…s')"),
        MarkedCase(
            "«currency + 1»", "'+' does not go with string and int",
            help: "write the number without quotes, or convert it: int(…)"),
        MarkedCase("«amount + 1.5»", "'+' does not go with int and double", help: "convert one side, as in int(…)"),
        MarkedCase("«amount * count»", "'*' does not go with int and uint", help: "convert one side, as in int(…)"),
        MarkedCase("«1.5 % 2.0»", "'%' does not go with double and double", help: "convert one side, as in double(…)"),
        MarkedCase("«-currency»", "'-' does not go with string"),
        MarkedCase("!«amount»", "'!' needs bool, not int", help: "compare it: … != 0"),
        MarkedCase("«currency» && true", "'&&' needs bool, not string", help: "compare it: … != ''"),
        MarkedCase(
            "true || «payment»", "'||' needs bool, not payment", help: "compare a field of it, or ask for has(…)"),
        MarkedCase("«amount» ? 1 : 2", "the condition before '?' must be bool, not int", help: "compare it: … != 0"),
        MarkedCase(
            "true ? «1 : 'a'»", "the two results of '?' are int and string",
            help: "make both of one type, or write dyn(…)"),
        MarkedCase(
            "'a' in «currency»", "'in' needs a list or a map on its right, not string",
            help: "write text.contains(part)"),
        MarkedCase(
            "«amount in ['card', 'sepa_debit']»", "'in' looks for int in list(string), where it never is",
            help: nil),
        MarkedCase("currency.«startWith»('e')", "there is no function 'startWith'", help: "did you mean 'startsWith'?"),
        MarkedCase(
            "currency.«startswith»('e')", "there is no function 'startswith'", help: "did you mean 'startsWith'?"),
        MarkedCase(
            "payment.types.«exist»(amount)",
            "there is no function 'exist'", help: "did you mean 'exists'?"),
        MarkedCase("«sizee»(currency)", "there is no function 'sizee'", help: "did you mean 'size'?"),
        MarkedCase("«len»(currency)", "there is no function 'len'"),
        MarkedCase(
            "«startsWith»(currency, 'a')", "'startsWith' is not called so",
            help: "write x.startsWith(…), not startsWith(…)"),
        MarkedCase("currency.«int»()", "'int' is not called so", help: "write int(x), not x.int()"),
        MarkedCase("currency.«startsWith»()", "'startsWith' does not take 0 arguments"),
        MarkedCase("«size»(currency, 1)", "'size' does not take 2 arguments"),
        MarkedCase("currency.startsWith(«1»)", "'startsWith' needs string, not int"),
        MarkedCase("«amount».startsWith('1')", "'startsWith' needs string, not int"),
        MarkedCase("size(«amount»)", "'size' needs string, bytes, list or map, not int"),
        MarkedCase("duration(«5»)", "'duration' needs duration or string, not int"),
        MarkedCase("timestamp(«true»)", "'timestamp' needs timestamp, string or int, not bool"),
        MarkedCase("duration(«'14 days'»)", "'14 days' is no duration; it looks like '14d' or '1h30m'"),
        MarkedCase(
            "timestamp(«'2026-13-01T00:00:00Z'»)",
            "'2026-13-01T00:00:00Z' is no timestamp; it looks like '2026-11-21T04:45:00Z'"),
        MarkedCase("currency.matches(«'(a'»)", "the pattern is malformed: a '(' without its ')'"),
        MarkedCase("payment.types[«'a'»]", "a list is indexed by int, not string"),
        MarkedCase("payment.metadata[«1»]", "this map is indexed by string, not int"),
        MarkedCase("«amount»[0]", "int has no items"),
        MarkedCase("currency.«length»", "string has no field 'length'"),
        MarkedCase("{1: 'a'}.«a»", "the keys of '{1: 'a'}' are int, not string"),
        MarkedCase("{«1.5»: 1}", "a key cannot be double"),
        MarkedCase("«amount».all(x, true)", "'all' needs a list or a map, not int"),
        MarkedCase(
            "payment.types.all(x, «x»)", "the condition of 'all' must be bool, not string", help: "compare it: … != ''"),
        MarkedCase(
            "payment.types.exists(x, «x == 1»)", "'==' compares string with int, which are never equal",
            help: "write the number without quotes, or convert it: int(…)"),
        MarkedCase(
            "«note == 'a'»", "'==' compares optional(string) with string, which are never equal",
            help: "take its value with .orValue(…)"),
        MarkedCase("note.orValue(«1»)", "'orValue' needs string, not int"),
        MarkedCase("«currency».orValue('a')", "'orValue' needs an optional, not string"),
        MarkedCase("[?«amount»]", "behind '?' an optional is due, not int"),
        MarkedCase("now.getHours(«1»)", "'getHours' needs string, not int"),
    ]

    @Test(arguments: cases) func pointsAtWhatCannotWork(_ item: MarkedCase) throws {
        let (_, diagnostics) = try Program.parse(item.source).get().check(Self.environment)
        item.expect(diagnostics.first)
        #expect(diagnostics.count == 1)
    }

    static let fine: [(String, CELType)] = [
        ("payment.amount > 5000 && payment.method.type in ['card', 'sepa_debit']", .bool),
        ("payment.currency == null", .bool),
        ("null in payment.types", .bool),
        ("payment.captured ? payment.amount : 0", .int),
        ("payment.captured ? payment.amount : null", .dyn),
        ("payment.?currency.orValue('eur')", .string),
        ("payment.extra.whatever.deep", .dyn),
        ("payment.metadata.anything", .string),
        ("any.x + 1", .int),
        ("any.x + any.y", .dyn),
        ("amount > 5.5", .bool),
        ("payment.types.filter(t, t.startsWith('c')).map(t, size(t))", .list(.int)),
        ("payment.exists(k, k == 'a')", .bool),
        ("now + duration('14d') - now", .duration),
        ("-duration('1h')", .duration),
        ("has(payment.metadata.order)", .bool),
        ("has(customer.returned)", .bool),
        ("note.optMap(n, size(n))", .optional(.int)),
        ("{?'a': note, 'b': 'c'}", .map(.string, .string)),
        ("[1, 'a']", .list(.dyn)),
        ("type(amount) == int", .bool),
        ("optional.of(1).or(optional.none()).value()", .int),
        ("size(payment)", .int),
    ]

    @Test(arguments: fine) func deducesTypes(_ source: String, _ type: CELType) throws {
        let (deduced, diagnostics) = try Program.parse(source).get().check(Self.environment)
        #expect(diagnostics == [])
        #expect(deduced == type)
    }

    @Test func saysEachMistakeOnceInTheOrderOfTheText() throws {
        let source = "payment.amout > 5 && payment.currencyy == 'eur' && unheard.of.this"
        let (type, diagnostics) = try Program.parse(source).get().check(Self.environment)
        #expect(diagnostics.map(\.range) == [8..<13, 29..<38, 51..<58])
        #expect(type == .bool)
    }

    @Test func takesUndeclaredVariablesInAnOpenEnvironment() throws {
        let (type, diagnostics) = try Program.parse("x.y.z == 1").get().check(TypeEnvironment(isOpen: true))
        #expect(type == .bool)
        #expect(diagnostics.isEmpty)
    }
}
