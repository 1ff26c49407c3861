// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with an expression, before it ever runs.
package struct Diagnostic: Error, Sendable, Hashable {
    package var message: String
    /// In Unicode scalars of the expression's text; empty at the end of the text.
    package var range: Range<Int>
    /// What to write instead, as an order.
    package var help: String?
    /// It is about a field that a known record lacks: the data may be newer than what is known of it.
    package var isUnknownField = false

    package init(_ message: String, at range: Range<Int>, help: String? = nil) {
        self.message = message
        self.range = range
        self.help = help
    }
}

/// Why an expression has no value for the data at hand.
package struct EvaluationError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    /// The sub-expression that failed, in Unicode scalars of the text.
    package var range: Range<Int>

    package init(_ message: String, at range: Range<Int>) {
        self.message = message
        self.range = range
    }

    package var description: String { message }
}

/// Why an operation on values failed; the place is known to the caller.
struct Failure: Error {
    var message: String

    init(_ message: String) { self.message = message }
}

/// What one expression may cost to load.
package struct ProgramLimits: Sendable, Hashable {
    /// In Unicode scalars.
    package var length: Int
    /// Parentheses, brackets, calls and operators within each other.
    package var nesting: Int

    package init(length: Int = 16_384, nesting: Int = 100) {
        self.length = length
        self.nesting = nesting
    }

    package static let standard = ProgramLimits()
}
