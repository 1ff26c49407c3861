// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaregateText

struct Trap: Sendable, CustomTestStringConvertible {
    let code: String
    /// « and » stand around the place that the finding must name.
    let marked: String
    /// A part of the help: mostly the line to paste.
    let help: String
    /// What the tree says all the same, if the text could be read.
    var tree: String?
    var testDescription: String { marked }

    init(_ code: String, _ marked: String, _ help: String, tree: String? = nil) {
        (self.code, self.marked, self.help, self.tree) = (code, marked, help, tree)
    }
}

@Suite struct TrapTests {
    @Test func theLineToPasteHasQuotesAroundAllThatIsCut() {
        let findings = read("a: {b: $(f(1, 2)), c: $(d && (1, 2))}\n").findings
        #expect(findings.map(\.code) == ["FG0016", "FG0016"])
        #expect(
            findings.allSatisfy { $0.help == "quote it\n    a: {b: \"$(f(1, 2))\", c: \"$(d && (1, 2))\"}" })
    }

    static let expressions = [
        Trap("FG0006", "guard: «a ? b : c»\nx: 1", #"    guard: "a ? b : c""#),
        Trap("FG0006", "x:\n  title: «Late: early»", #"    title: "Late: early""#),
        Trap("FG0006", #"check: «"a" == b»\#nx: 1"#, #"    check: '"a" == b'"#),
        Trap("FG0006", "check: «'x' in y»", #"    check: "'x' in y""#),
        Trap("FG0006", "title: «'it's'»", #"    title: "it's""#),
        Trap("FG0006", "check: «[1, 2].exists(x, x > 1)»", #"    check: "[1, 2].exists(x, x > 1)""#),
        Trap("FG0006", "check: «{a: 1}.a == 1»", #"    check: "{a: 1}.a == 1""#),
        Trap("FG0006", "check: «{'a': 1}['a'] == 1»", #"    check: "{'a': 1}['a'] == 1""#),
        Trap("FG0006", "{guard: «x[0] == 1», target: y}", #"    {guard: "x[0] == 1", target: y}"#),
        Trap("FG0006", "- {guard: «a ? b : c», target: y}", #"    - {guard: "a ? b : c", target: y}"#),
        Trap("FG0006", "with: {a: b,\n  c: «d[0]», e: f}", #"    c: "d[0]", e: f}"#),
        Trap("FG0006", "with: {a: «$(b ? c : d)»}", #"    with: {a: "$(b ? c : d)"}"#),
        Trap("FG0006", "a: «@foo»", #"    a: "@foo""#),
        Trap("FG0006", "a: «`foo`»", #"    a: "`foo`""#),
        Trap("FG0006", "a: «%foo» # c", #"    a: "%foo" # c"#),
        Trap("FG0015", "x:\n  with: {a: Order «#1, b: 2}»\n  y: z", #"    with: {a: "Order #1", b: 2}"#),
        Trap("FG0015", "x: [a, b «#1, c]»", #"    x: [a, "b #1", c]"#),
        Trap("FG0006", "flows: [«*»]", #"    flows: ["*"]"#),
        Trap("FG0006", "flows: [a, «*.yaml»]", #"    flows: [a, "*.yaml"]"#),
        Trap("FG0006", "a: «&& b»", #"    a: "&& b""#),
        Trap("FG0006", "a: «> 5»", #"    a: "> 5""#),
        Trap("FG0006", "a: «| b»", #"    a: "| b""#),
        Trap("FG0006", "a: «- b»", "begin the list on the next line"),
        Trap("FG0006", "a: «? b»", #"    a: "? b""#),
        Trap("FG0011", "guard: «!has(x)»", #"    guard: "!has(x)""#, tree: "{guard: '!has(x)'}"),
        Trap("FG0011", "- «!paid == x»", #"    - "!paid == x""#, tree: "['!paid == x']"),
        Trap("FG0011", "guard: «!has(x) || y»", #"    guard: "!has(x) || y""#),
        Trap("FG0011", "guard: «!has(x) && y»", #"    guard: "!has(x) && y""#),
        Trap("FG0011", "guard: «!has(x, y)»", #"    guard: "!has(x, y)""#),
        Trap("FG0011", "- {guard: «!has(x)», target: y}", #"    - {guard: "!has(x)", target: y}"#),
        Trap("FG0011", "[«!has(x)», y]", #"    ["!has(x)", y]"#, tree: "['!has(x)', 'y']"),
        Trap("FG0011", "a: «!!str» b", "remove it", tree: "{a: 'b'}"),
        Trap("FG0011", "a: «!Ref»\n  b: c", "remove it", tree: "{a: {b: 'c'}}"),
        Trap("FG0016", "{a: «$(f(b, c))», d: e}", #"    {a: "$(f(b, c))", d: e}"#, tree: "{a: '$(f(b, c))', d: 'e'}"),
        Trap("FG0016", "[«f(a, b)», c]", #"    ["f(a, b)", c]"#, tree: "['f(a, b)', 'c']"),
        Trap("FG0016", "[«$(a ? b : c)»]", #"    ["$(a ? b : c)"]"#, tree: "['$(a ? b : c)']"),
        Trap("FG0016", "[«a ? b : c», d]", #"    ["a ? b : c", d]"#, tree: "['a ? b : c', 'd']"),
        Trap("FG0016", "{check: «a == 'x, y'», b: c}", #"    {check: "a == 'x, y'", b: c}"#),
        Trap("FG0016", "- «a ? b : c»", #"    - "a ? b : c""#, tree: "['a ? b : c']"),
        Trap("FG0016", "- «a == 'b: c'»", #"    - "a == 'b: c'""#, tree: "[\"a == 'b: c'\"]"),
        Trap("FG0015", "a: f(x «#y)»", #"    a: "f(x #y)""#),
        Trap("FG0015", "a: $(x «# y»", "quote it"),
        Trap("FG0015", "title: order «#5»", #"    title: "order #5""#, tree: "{title: 'order'}"),
    ]

    static let structure = [
        Trap("FG0007", "a:\n«\t»b: c", "indent with spaces"),
        Trap("FG0007", "a:\n  b: 1\n«\t»c: 2", "indent with spaces"),
        Trap("FG0008", "a: «'abc»\nb: c\n", "close it"),
        Trap("FG0008", "a: 1\nb: «\"abc»", "close it"),
        Trap("FG0009", "a: «[»b, c\nd: e", "write ']'"),
        Trap("FG0009", "a: «{»b: c\n\n", "write '}'"),
        Trap("FG0009", "a: {b: «[»c}", "write ']'"),
        Trap("FG0009", "a: «{»b: c\nguard: d[0] == 1", "write '}'"),
        Trap("FG0010", "a: 1\nb: 2\n«a»: 3", "keep one", tree: "{a: int 1, b: int 2}"),
        Trap("FG0010", "{a: 1, «'a'»: 3}", "keep one", tree: "{a: int 1}"),
        Trap("FG0012", "a: &x {b: 1}\nc: {«<<»: *x, d: 1}", "anchor on the whole block"),
        Trap("FG0013", "after: {«2h:x»}", "    after: {2h: x}", tree: "{after: {2h: 'x'}}"),
        Trap("FG0013", "«2h:x»\nb: c", "    2h: x"),
        Trap("FG0013", "after:\n  «2h:x»\n  3h: y", "    2h: x"),
        Trap("FG0017", "? «[a]»\n: b", "quote it"),
        Trap("FG0017", "a: {«{ b }»}", "not by {{ }}"),
        Trap("FG0017", "«:» x", "write one"),
        Trap("FG0018", "a: &name 1\nb: «*nmae»", "write *name"),
        Trap("FG0019", "a: &x [1, «*x»]", ""),
        Trap("FG0023", "a: «9223372036854775808»", #"    a: "9223372036854775808""#),
        Trap("FG0023", "a: «0xFFFFFFFFFFFFFFFF»", "quote it"),
        Trap("FG0023", "a: «1e999»", "quote it"),
        Trap("FG0024", "a: 1\n«---»\nb: 2", "one document"),
        Trap("FG0025", "a: b\n  «c: d»", "indentation of the entry above"),
        Trap("FG0025", "a:\n  b: 1\n «c: 2»", "entries that it belongs to"),
        Trap("FG0025", "a:\n  - b\n «c: d»", "entries that it belongs to"),
        Trap("FG0025", "a: b\n  «- c»", "remove the value above"),
        Trap("FG0025", "a:\n  - card:visa\n «c: d»", "entries that it belongs to"),
        Trap("FG0026", "a: &x 1\nb: «&x» 2", "another name"),
        Trap("FG0028", #"a: "x«\q»""#, "single quotes"),
        Trap("FG0028", #"a: "x«\ud800»""#, "single quotes"),
        Trap("FG0005", "a: b\n«foo»\nc: d", "a colon and a space"),
        Trap("FG0005", "a: [b,«,»c]", "write one"),
        Trap("FG0005", "«%YAML 1.3»\n---\na: b", "remove it"),
    ]

    @Test(arguments: expressions + structure) func isFoundWhereItStandsWithTheLineToPaste(_ trap: Trap) throws {
        let marked = MarkedText(trap.marked)
        let document = read(marked.text)
        let finding = try #require(document.findings.first)
        #expect(document.findings.map(\.code) == [trap.code])
        #expect(finding.span == marked.span)
        #expect((finding.help ?? "").contains(trap.help))
        if let tree = trap.tree {
            #expect(document.root?.summary.replacing("\"", with: "'") == tree.replacing("\"", with: "'"))
        }
    }

    @Test(arguments: expressions) func thePastedLineIsReadCleanly(_ trap: Trap) throws {
        guard trap.help.hasPrefix("    ") else { return }
        let finding = try #require(read(MarkedText(trap.marked).text).findings.first)
        let pasted = try #require(finding.help?.split(separator: "\n").last.map(String.init))
        // A line of several is not a text of its own.
        guard !trap.marked.contains("\n  c:") else { return }
        #expect(read(String(pasted.dropFirst(4))).findings.isEmpty)
    }

    @Test(arguments: [
        "a: x # a comment", "a: f(x) # f(y", "a: it's # so", "- payment.status == 'x'        # as it is",
        "{title: don't, b: c}", "[smile :(, b]", "title: smile :(", "a: https://example.com/a,b", "[https://a.b/c]",
        "a: x#y", "a: #note\n  1", "a: {b: x ?y}", "a: 'x: y'", "a: '#'", "3DS refused, another card: 1", "a: -5",
        "a: -x",
        "a: x: y".replacing(": y", with: ":y"), "a b: c", "the customer (first time): {a: 1}", "a: &x {b: 1}\nc: *x",
        "a | b: c", "2d: x", "a: ?x", "a: {b: c, }", "a: \"{{ x }}\"",
    ]) func whatIsMeantAsItIsReadIsLeftAlone(_ text: String) {
        let document = read(text)
        #expect(document.findings.isEmpty)
        #expect(document.root != nil)
    }

    @Test func duplicateKeysShowBothPlaces() {
        let finding = read("a: 1\nb: 2\na: 3").findings.first
        #expect(finding?.related.map(\.span.start) == [Span.Point(line: 1, column: 1)])
    }

    @Test func severalTrapsOfOneLineAreQuotedTogether() {
        let finding = read("with: {x: !has(y) && z, q: $(f(a, b))}").findings.first
        #expect(finding?.help?.contains(#"with: {x: "!has(y) && z", q: "$(f(a, b))"}"#) == true)
    }
}
