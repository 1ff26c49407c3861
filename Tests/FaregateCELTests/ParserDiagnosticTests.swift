// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateCEL

/// A text whose wrong part is marked by « and », and what must be said about it.
struct MarkedCase: Sendable, CustomTestStringConvertible {
    let marked: String
    let message: String
    let help: String?

    init(_ marked: String, _ message: String, help: String? = nil) {
        self.marked = marked
        self.message = message
        self.help = help
    }

    var testDescription: String { marked }

    var source: String { marked.filter { $0 != "«" && $0 != "»" } }

    /// The place between the marks, in Unicode scalars of the text without them.
    var range: Range<Int> {
        let scalars = Array(marked.unicodeScalars)
        let start = scalars.firstIndex(of: "«")!
        return start..<(scalars.firstIndex(of: "»")! - 1)
    }

    func expect(_ diagnostic: Diagnostic?, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(diagnostic?.message == message, sourceLocation: sourceLocation)
        #expect(diagnostic?.range == range, sourceLocation: sourceLocation)
        #expect(diagnostic?.help == help, sourceLocation: sourceLocation)
    }
}

@Suite struct ParserDiagnosticTests {
    static let cases = [
        MarkedCase("«»", "there is no expression"),
        MarkedCase("currency «=» 'eur'", "'=' does not compare", help: "use '=='"),
        MarkedCase("currency «===» 'eur'", "there is no '==='", help: "use '=='"),
        MarkedCase("a «!==» b", "there is no '!=='", help: "use '!='"),
        MarkedCase("a «<>» b", "there is no '<>'", help: "use '!='"),
        MarkedCase("a «&» b", "there is no '&'", help: "use '&&'"),
        MarkedCase("a «|» b", "there is no '|'", help: "use '||'"),
        MarkedCase("a «and» b", "'and' has no place here", help: "use '&&'"),
        MarkedCase("a > 1 «or» b", "'or' has no place here", help: "use '||'"),
        MarkedCase("«not» a", "'not' is no operator", help: "use '!'"),
        MarkedCase("a «is» null", "'is' has no place here", help: "use '=='"),
        MarkedCase("«if» a then b", "'if' is a reserved word", help: "write condition ? a : b"),
        MarkedCase("«for» > 1", "'for' is a reserved word", help: "choose another name"),
        MarkedCase("a «b»", "'b' has no place here", help: "put an operator between 'a' and 'b'"),
        MarkedCase("a == «»", "the expression ends too early: an operand is due"),
        MarkedCase("a +«»", "the expression ends too early: an operand is due"),
        MarkedCase("«(»a + b", "')' is missing", help: "close what opens here"),
        MarkedCase("«[»1, 2", "']' is missing", help: "close what opens here"),
        MarkedCase("«{»'a': 1", "'}' is missing", help: "close what opens here"),
        MarkedCase("size«(»a", "')' is missing", help: "close what opens here"),
        MarkedCase("a[«]»", "']' has no place here: an operand is due"),
        MarkedCase("a.«»", "the expression ends too early: a field's name is due"),
        MarkedCase("a«.1»", "the number 0.1 has no place here"),
        MarkedCase("{'a' «1»}", "the number 1 has no place here: ':' is due"),
        MarkedCase("a «?» b", "the ':' of this '?' is missing", help: "write a ? b : c"),
        MarkedCase("a ? b «,» c", "',' has no place here: ':' is due"),
        MarkedCase("a«)»", "')' has no place here"),
        MarkedCase("f(a,«)»", "')' has no place here: an argument is due"),
        MarkedCase("«'abc»", "the string is not closed", help: "end it with '"),
        MarkedCase("'''abc''' + «\"\"\"a»", "the string is not closed", help: "end it with \"\"\""),
        MarkedCase(
            "'a«\\q»'", "there is no '\\q' in a string", help: "write '\\\\q', or r'…' for a string without escapes"),
        MarkedCase("'«\\x4»'", "2 hexadecimal digits are due here"),
        MarkedCase("'«\\uD800»'", "there is no such character"),
        MarkedCase("'«\\U00110000»'", "there is no such character"),
        MarkedCase("b'«\\u»0041'", "bytes have no '\\u'", help: "use '\\x' and two digits"),
        MarkedCase("a > «14d»", "'14d' is neither a number nor a name", help: "write duration('14d')"),
        MarkedCase("«12abc»", "'12abc' is neither a number nor a name"),
        MarkedCase("«0x»", "hexadecimal digits are due behind '0x'"),
        MarkedCase("a > «9223372036854775808»", "this integer does not fit in 64 bits"),
        MarkedCase("a > «99999999999999999999»", "this integer does not fit in 64 bits"),
        MarkedCase("«18446744073709551616u»", "this integer does not fit in 64 bits"),
        MarkedCase("«$»payment.amount", "'$' is not part of an expression", help: "write the name without '$'"),
        MarkedCase("a == «“»eur”", "a typographic quote does not begin a string", help: "use ' or \""),
        MarkedCase("a «≥» b", "there is no '≥'", help: "use '>='"),
        MarkedCase("a «#» b", "'#' is not part of an expression"),
        MarkedCase("a«;»", "an expression has no ';'", help: "take it out"),
        MarkedCase(
            "«Payment»{amount: 1}", "an expression cannot make objects of a named type",
            help: "write a map: {'field': value}"),
        MarkedCase(
            "«google.protobuf.Any»{}", "an expression cannot make objects of a named type",
            help: "write a map: {'field': value}"),
        MarkedCase("«has()»", "'has' takes one field, as in has(a.b)"),
        MarkedCase(
            "has(«a»)", "'has' takes a field, as in has(a.b)",
            help: "write what the field is of; for a key of a map there is 'key in map'"),
        MarkedCase("x.all(«1», true)", "the first argument of 'all' is a name for the items", help: "write .all(x, …)"),
        MarkedCase(
            "x.all(«a».b, true)", "the first argument of 'all' is a plain name for the items",
            help: "write .all(x, …)"),
        MarkedCase("x.«map(a)»", "'map' takes a name and an expression", help: "write .map(x, …)"),
        MarkedCase("x.«all(a, b, c)»", "'all' takes a name and one expression", help: "write .all(x, …)"),
        MarkedCase("x.«map(a, b, c, d)»", "'map' takes a name and one or two expressions", help: "write .map(x, …)"),
        MarkedCase("«`a`» == 1", "backquotes are for fields only, behind a '.'"),
        MarkedCase("a.«`b»", "the backquote is not closed"),
        MarkedCase("«é» == 1", "'é' is not part of an expression"),
    ]

    @Test(arguments: cases) func pointsAtWhatCannotBeRead(_ item: MarkedCase) {
        guard case .failure(let diagnostic) = Program.parse(item.source) else {
            Issue.record("this was read")
            return
        }
        item.expect(diagnostic)
    }

    @Test func countsUnicodeScalarsNotBytes() {
        guard case .failure(let diagnostic) = Program.parse("'😀é' = x") else {
            Issue.record("this was read")
            return
        }
        #expect(diagnostic.range == 5..<6)
    }

    @Test(arguments: ["(", "[", "!", "-", "a[", "{1:", "f(", "a ? b : ", "x.map(y, "])
    func refusesDeepNesting(_ opening: String) async {
        let source = String(repeating: opening, count: 1000) + "a"
        guard case .failure(let diagnostic) = await onStack(ofBytes: 8 << 20, { Program.parse(source) }) else {
            Issue.record("this was read")
            return
        }
        #expect(diagnostic.message.hasPrefix("more than 100"))
    }

    @Test(arguments: [".b", "[0]", " + a", " - a * a", ".f()", " < a", ".?b"])
    func refusesLongChainsThatAreDeepTrees(_ link: String) {
        let source = "a.x()" + String(repeating: link, count: 1000)
        guard case .failure(let diagnostic) = Program.parse(source) else {
            Issue.record("this was read")
            return
        }
        #expect(diagnostic.message == "more than 100 operations within each other")
    }

    @Test func readsLongConnectionsWhichAreFlat() {
        let source = Array(repeating: "a", count: 1000).joined(separator: " || ")
        #expect(throws: Never.self) { try Program.parse(source).get() }
    }

    @Test func refusesLongTexts() {
        guard case .failure(let diagnostic) = Program.parse(String(repeating: "1 ", count: 10_000)) else {
            Issue.record("this was read")
            return
        }
        #expect(diagnostic.range == 16_384..<20_000)
    }
}
