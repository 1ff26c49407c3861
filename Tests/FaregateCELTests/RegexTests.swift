// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Testing

@testable import FaregateCEL

@Suite struct RegexTests {
    static let matching: [(String, String, Bool)] = [
        ("^abc$", "abc", true), ("^abc$", "abcd", false), ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true),
        ("(?i)ABC", "xabcx", true), ("(?i:A)B", "aB", true), ("(?i:A)B", "ab", false), ("a(?i)b", "aB", true),
        ("(?m)^b$", "a\nb\nc", true), ("^b$", "a\nb\nc", false), ("[a-c]+x", "abcx", true), ("[^a-c]", "abc", false),
        ("[]a]", "]", true), ("[a-]", "-", true), ("[\\d_]+$", "12_3", true), ("\\D", "123", false),
        ("\\bcat\\b", "the cat sat", true), ("\\bcat\\b", "concat", false), ("\\Bcat", "concat", true),
        ("\\w+@\\w+\\.com", "me@example.com", true), ("a{2}", "baab", true), ("^a{2,3}$", "aaaa", false),
        ("^a{2,}$", "aaaaa", true), ("^a{0}$", "", true), ("a{,2}", "a{,2}", true), ("x{", "x{", true),
        ("(?:ab|cd)+?e", "abcde", true), ("(?P<name>a)", "a", true), ("(?<name>a)", "a", true), ("a||b", "", true),
        ("\\x41\\x{1F600}", "A😀", true), ("\\Qa.b\\E+", "a.bb", true), ("\\Qa.b\\E", "axb", false),
        ("\\pL+\\p{Nd}", "é5", true), ("\\PL", "abc", false), ("[[:alpha:]]", "1a", true),
        ("[[:^alpha:]]", "ab", false),
        ("^é$", "e\u{301}", false), ("(?i)É", "é", true), ("()*", "", true), ("(a*)*b", "aaab", true),
        ("^(a|b)*$", "abab", true), ("[\\]]", "]", true), ("\\.", "a", false), ("\\A\\z", "", true),
    ]

    @Test(arguments: matching) func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try Regex(pattern).matches(text) == expected)
    }

    static let malformed = [
        "(", ")", "(?", "(?:a", "[a", "[z-a]", "*a", "+", "a**", "a+*", "a{2}{3}", "a{3,2}", "a{1001}", "\\", "\\1",
        "(?=a)", "(?!a)", "(?<=a)", "(?<!a)", "(?x)a", "\\p{Klingon}", "[[:nonsense:]]", "\\x{110000}", "\\8",
        "[a-\\d]",
        "\\é", "((a{100}){100}){100}", String(repeating: "(", count: 5000),
    ]

    @Test(arguments: malformed) func refuses(_ pattern: String) {
        #expect(throws: Regex.Malformed.self) { try Regex(pattern) }
        let program = try? Program.parse("'a'.matches(p)").get()
        guard case .failure(let error)? = program?.evaluate({ _ in .string(pattern) }) else {
            Issue.record("no error")
            return
        }
        #expect(error.message.hasPrefix("the pattern is malformed"))
    }

    static let catastrophic = [
        "(a+)+$", "(a|aa)+$", "(a*)*$", "(.*)*x", "(a|a)*$", "(((a*)*)*)*$", "(x+x+)+y", "(a?){50}a{50}$",
        "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}$",
    ]

    /// Counted, not timed: each state at most once per character.
    @Test(arguments: catastrophic) func takesStepsLinearInTheText(_ pattern: String) throws {
        let regex = try Regex(pattern)
        let text = String(repeating: "a", count: 1000) + "!"
        #expect(regex.cost(of: text) == 1002 * regex.size)
        #expect(regex.size < 400)
        _ = regex.matches(text)
    }

    @Test func paysForItsStepsOutOfTheBudget() throws {
        let text = Value.string(String(repeating: "a", count: 10_000))
        for source in ["t.matches('(a{30}){30}b')", "t.matches(p)"] {
            let result = try Program.parse(source).get().evaluate { name in
                name == "t" ? text : name == "p" ? "(a{30}){30}b" : nil
            }
            guard case .failure(let error) = result else {
                Issue.record("\(source) had an end")
                continue
            }
            #expect(error.message == "the expression takes too many steps")
        }
    }
}
