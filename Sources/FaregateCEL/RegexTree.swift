// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A parsed pattern.
indirect enum RegexTree {
    case empty
    case any
    case anyButNewline
    case character(Unicode.Scalar)
    case set(CharacterSet)
    case assert(Regex.Assertion)
    case sequence([RegexTree])
    case choice([RegexTree])
    /// Without a maximum: any number.
    case repetition(RegexTree, minimum: Int, maximum: Int?)
}

/// Turns the tree of a pattern into instructions.
struct RegexCompiler {
    var instructions: [Regex.Instruction] = []
    var sets: [CharacterSet] = []

    mutating func compile(_ tree: RegexTree) throws(Regex.Malformed) {
        switch tree {
        case .empty: break
        case .any: try emit(.any)
        case .anyButNewline: try emit(.anyButNewline)
        case .character(let scalar): try emit(.character(scalar))
        case .set(let set):
            sets.append(set)
            try emit(.set(sets.count - 1))
        case .assert(let assertion): try emit(.assert(assertion))
        case .sequence(let parts): for part in parts { try compile(part) }
        case .choice(let branches): try compileChoice(branches)
        case .repetition(let part, let minimum, let maximum):
            try compileRepetition(part, minimum, maximum)
        }
    }

    private mutating func emit(_ instruction: Regex.Instruction) throws(Regex.Malformed) {
        guard instructions.count < Regex.maximumSize else {
            throw Regex.Malformed(message: "it is too large when its repetitions are written out")
        }
        instructions.append(instruction)
    }

    private mutating func compileChoice(_ branches: [RegexTree]) throws(Regex.Malformed) {
        var jumps: [Int] = []
        for (number, branch) in branches.enumerated() {
            guard number < branches.count - 1 else {
                try compile(branch)
                break
            }
            let split = instructions.count
            try emit(.split(0, 0))
            try compile(branch)
            jumps.append(instructions.count)
            try emit(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    private mutating func compileRepetition(
        _ part: RegexTree, _ minimum: Int, _ maximum: Int?
    ) throws(Regex.Malformed) {
        for _ in 0..<minimum { try compile(part) }
        guard let maximum else {
            let split = instructions.count
            try emit(.split(0, 0))
            try compile(part)
            try emit(.jump(split))
            instructions[split] = .split(split + 1, instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in minimum..<max(minimum, maximum) {
            splits.append(instructions.count)
            try emit(.split(0, 0))
            try compile(part)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }
}
