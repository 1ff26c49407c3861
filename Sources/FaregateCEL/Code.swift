// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// The compiled form of an expression, shared by all copies of its program.
final class Code: Sendable {
    let text: [Unicode.Scalar]
    /// As written.
    let nodes: [Node]
    /// What to do for each node, constants folded.
    let steps: [Node.Kind]
    let children: [Int32]
    let constants: [Value]
    let paths: [Path]
    /// The names and keys of all paths, flat, for the evaluator; a path's lie from its place on.
    let lookupNames: [String]
    let lookupKeys: [Value]
    let lookups: [(first: Int32, count: Int32)]
    let names: [CallName]
    let comprehensions: [Comprehension]
    let patterns: [Regex]
    let root: Int32
    /// How many variables of macros live at a time.
    let slotCount: Int

    init(_ builder: CodeBuilder, text: [Unicode.Scalar], root: Int32, steps: [Node.Kind]? = nil) {
        self.text = text
        nodes = builder.nodes
        self.steps = steps ?? builder.nodes.map(\.kind)
        children = builder.children
        constants = builder.constants
        paths = builder.paths
        names = builder.names
        var flat: (names: [String], keys: [Value], places: [(first: Int32, count: Int32)]) = ([], [], [])
        for path in builder.paths {
            flat.places.append((Int32(flat.names.count), Int32(path.names.count)))
            flat.names += path.names
            flat.keys += path.keys
        }
        (lookupNames, lookupKeys, lookups) = flat
        comprehensions = builder.comprehensions
        patterns = builder.patterns
        self.root = root
        slotCount = builder.slotCount
    }

    /// The nodes right below a node, in the order of the text.
    func operands(of node: Int32) -> [Int32] {
        switch nodes[Int(node)].kind {
        case .constant, .path, .testPath, .local: return []
        case .select(let operand, _), .test(let operand, _), .optionalSelect(let operand, _), .not(let operand),
            .optionalEntry(let operand), .matchesConstant(let operand, _):
            return [operand]
        case .index(let operand, let key), .optionalIndex(let operand, let key): return [operand, key]
        case .list(let span), .map(let span), .and(let span), .or(let span), .conditional(let span),
            .call(_, let span), .undeclaredCall(_, let span, _):
            return Array(children[span.range])
        case .comprehension(let number):
            let macro = comprehensions[Int(number)]
            return [macro.source] + [macro.condition, macro.result].compactMap { $0 }
        }
    }

    /// What was written for a node.
    func text(of node: Int32) -> String { String(text[nodes[Int(node)].range]) }
}

/// Collects the parts of a program while it is parsed.
struct CodeBuilder {
    var nodes: [Node] = []
    var children: [Int32] = []
    var constants: [Value] = []
    var paths: [Path] = []
    var names: [CallName] = []
    var comprehensions: [Comprehension] = []
    var patterns: [Regex] = []
    var slotCount = 0
    private var depths: [Int32] = []
    let nesting: Int

    init(nesting: Int) { self.nesting = nesting }

    /// Adds a node above others; a tree that is too deep for the evaluator's stack is refused.
    mutating func add(
        _ kind: Node.Kind, _ range: Range<Int>, over operands: [Int32] = []
    ) throws(Diagnostic) -> Int32 {
        var depth: Int32 = 0
        for operand in operands { depth = max(depth, depths[Int(operand)] + 1) }
        if depth > nesting {
            throw Diagnostic(
                "more than \(nesting) operations within each other", at: range, help: "split the expression up")
        }
        nodes.append(Node(kind: kind, start: Int32(range.lowerBound), end: Int32(range.upperBound)))
        depths.append(depth)
        return Int32(nodes.count - 1)
    }

    mutating func span(_ operands: [Int32]) -> Node.Span {
        let first = Int32(children.count)
        children.append(contentsOf: operands)
        return Node.Span(first: first, count: Int32(operands.count))
    }

    mutating func constant(_ value: Value) -> Int32 {
        constants.append(value)
        return Int32(constants.count - 1)
    }

    mutating func name(_ name: String, _ range: Range<Int>) -> Int32 {
        names.append(CallName(name: name, range: range))
        return Int32(names.count - 1)
    }
}
