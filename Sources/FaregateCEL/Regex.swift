// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A regular expression in the syntax of RE2, matched in time linear in the text.
///
/// All states advance together, character by character (Thompson's construction, Pike's machine): there is nothing to
/// backtrack and so no pattern that explodes. Lookaround and back references, which cannot be had so, are refused.
struct Regex: Sendable {
    struct Malformed: Error {
        var message: String
    }

    enum Assertion: Sendable {
        case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
    }

    enum Instruction: Sendable {
        case any
        case anyButNewline
        case character(Unicode.Scalar)
        /// Number of a set.
        case set(Int)
        case assert(Assertion)
        case jump(Int)
        case split(Int, Int)
        case match
    }

    /// More instructions than this are refused: counted repetitions multiply.
    static let maximumSize = 5000

    let instructions: [Instruction]
    let sets: [CharacterSet]

    init(_ pattern: String) throws(Malformed) {
        var parser = RegexParser(pattern)
        let tree = try parser.parse()
        var compiler = RegexCompiler()
        try compiler.compile(tree)
        compiler.instructions.append(.match)
        instructions = compiler.instructions
        sets = compiler.sets
    }

    var size: Int { instructions.count }

    /// An upper bound of the state changes that a match takes.
    func cost(of text: String) -> Int {
        let (product, overflow) = (text.utf8.count + 1).multipliedReportingOverflow(by: instructions.count)
        return overflow ? .max / 2 : product
    }

    /// Whether the pattern matches anywhere in the text.
    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var threads = Threads(count: instructions.count)
        var following = Threads(count: instructions.count)
        for position in 0...scalars.count {
            if add(0, to: &threads, scalars, position) { return true }
            guard position < scalars.count else { return false }
            following.clear()
            for thread in threads.list where consumes(thread, scalars[position]) {
                if add(thread + 1, to: &following, scalars, position + 1) { return true }
            }
            swap(&threads, &following)
        }
        return false
    }

    private func consumes(_ thread: Int, _ scalar: Unicode.Scalar) -> Bool {
        switch instructions[thread] {
        case .any: true
        case .anyButNewline: scalar != "\n"
        case .character(let expected): scalar == expected
        case .set(let number): sets[number].contains(scalar)
        case .assert, .jump, .split, .match: false
        }
    }

    /// Adds a state and all that follow from it without a character; true where one of them is the end.
    private func add(
        _ start: Int, to threads: inout Threads, _ text: [Unicode.Scalar], _ position: Int
    ) -> Bool {
        var pending = [start]
        while let thread = pending.popLast() {
            guard threads.insert(thread) else { continue }
            switch instructions[thread] {
            case .match: return true
            case .jump(let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .assert(let assertion):
                if holds(assertion, text, position) { pending.append(thread + 1) }
            case .any, .anyButNewline, .character, .set: break
            }
        }
        return false
    }

    private func holds(_ assertion: Assertion, _ text: [Unicode.Scalar], _ position: Int) -> Bool {
        switch assertion {
        case .textStart: return position == 0
        case .textEnd: return position == text.count
        case .lineStart: return position == 0 || text[position - 1] == "\n"
        case .lineEnd: return position == text.count || text[position] == "\n"
        case .wordBoundary, .noWordBoundary:
            let before = position > 0 && text[position - 1].continuesName
            let after = position < text.count && text[position].continuesName
            return (before != after) == (assertion == .wordBoundary)
        }
    }

    /// A set of states that is emptied in no time.
    private struct Threads {
        var list: [Int] = []
        private var marks: [UInt32]
        private var generation: UInt32 = 1

        init(count: Int) { marks = Array(repeating: 0, count: count) }

        mutating func clear() {
            list.removeAll(keepingCapacity: true)
            generation += 1
        }

        mutating func insert(_ thread: Int) -> Bool {
            if marks[thread] == generation { return false }
            marks[thread] = generation
            list.append(thread)
            return true
        }
    }
}
