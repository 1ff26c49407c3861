// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// One sub-expression. A program's nodes lie in one array and refer to each other by number, so that evaluation neither
/// allocates nor counts references for the tree's sake.
struct Node: Sendable {
    /// Numbers of nodes that lie one behind the other in `Code.children`.
    struct Span: Sendable {
        var first: Int32
        var count: Int32

        var range: Range<Int> { Int(first)..<Int(first + count) }
    }

    enum Kind: Sendable {
        /// Number of a constant.
        case constant(Int32)
        /// Number of a path: a name, or names with dots between.
        case path(Int32)
        /// Number of the slot of a macro's variable.
        case local(Int32)
        /// `x.f` where `x` is no path; the field is the number of a constant.
        case select(Int32, field: Int32)
        /// `has(x.f)`.
        case test(Int32, field: Int32)
        /// `has(a.b.c)` where all are names.
        case testPath(Int32)
        /// `x.?f`.
        case optionalSelect(Int32, field: Int32)
        case index(Int32, key: Int32)
        /// `x[?k]`.
        case optionalIndex(Int32, key: Int32)
        case list(Span)
        /// Key, value, key, value.
        case map(Span)
        /// `?x` in a list, the key of `?k: v` in a map.
        case optionalEntry(Int32)
        case and(Span)
        case or(Span)
        case not(Int32)
        /// Condition, then, else.
        case conditional(Span)
        case call(Function, Span)
        /// A function that the language lacks: the number of its name.
        case undeclaredCall(Int32, Span, isMember: Bool)
        /// `matches` with a pattern that was compiled at load: operand, number of the pattern.
        case matchesConstant(Int32, pattern: Int32)
        /// Number of a macro's record.
        case comprehension(Int32)
    }

    var kind: Kind
    var start: Int32
    var end: Int32

    var range: Range<Int> { Int(start)..<Int(end) }
}

/// A name with the fields behind it, as `payment.amount`.
struct Path: Sendable {
    struct Step: Sendable {
        var name: String
        var range: Range<Int>
    }

    var steps: [Step]
    /// All prefixes as dotted names, the longest first: a variable's name may have dots itself.
    var names: [String]
    /// The steps as keys of maps.
    var keys: [Value]

    init(_ step: Step) {
        steps = [step]
        names = [step.name]
        keys = [.string(step.name)]
    }

    mutating func append(_ step: Step) {
        steps.append(step)
        names.insert("\(names[0]).\(step.name)", at: 0)
        keys.append(.string(step.name))
    }

    var description: String { names[0] }
}

/// The name of a call that nothing answers to.
struct CallName: Sendable {
    var name: String
    var range: Range<Int>
}

/// A macro with a variable of its own.
struct Comprehension: Sendable {
    enum Macro: String, Sendable, CaseIterable {
        case all, exists, existsOne = "exists_one", map, filter, optMap, optFlatMap
    }

    var macro: Macro
    var name: String
    var nameRange: Range<Int>
    /// What is gone through.
    var source: Int32
    var slot: Int32
    /// The condition; of a `map` with two arguments, none.
    var condition: Int32?
    /// What `map`, `optMap` and `optFlatMap` compute.
    var result: Int32?
}
