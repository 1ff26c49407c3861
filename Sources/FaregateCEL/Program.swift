// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

/// An expression that has been read and made ready: parse once, evaluate often.
package struct Program: Sendable, Hashable {
    package let source: String
    let code: Code
    /// What the expression reads, in the order of the text; the variables of its macros are none of it.
    package let references: [Reference]

    /// Reads an expression. What fails here can never run: syntax, and nothing about types or names.
    package static func parse(
        _ source: String, limits: ProgramLimits = .standard
    ) -> Result<Program, Diagnostic> {
        do throws(Diagnostic) {
            return .success(try Program(source, limits))
        } catch {
            return .failure(error)
        }
    }

    private init(_ source: String, _ limits: ProgramLimits) throws(Diagnostic) {
        let text = Array(source.unicodeScalars)
        guard text.count <= limits.length else {
            throw Diagnostic(
                "the expression is longer than \(limits.length) characters", at: limits.length..<text.count,
                help: "split it up")
        }
        var parser = Parser(tokens: try Lexer.tokens(of: text), nesting: limits.nesting)
        let root = try parser.parseProgram()
        self.source = source
        code = Folding.fold(Code(parser.builder, text: text, root: root), parser.builder)
        references = code.references
    }

    /// The expression's value for some data.
    ///
    /// `lookup` is asked for whole dotted names, the longest first: for `a.b.c` it is asked for `a.b.c`, then for `a.b`,
    /// then for `a`. An unknown is a value. `budget` bounds the work, in steps of about one node each.
    package func evaluate(
        budget: Int = 100_000, _ lookup: (String) -> Value?
    ) -> Result<Value, EvaluationError> {
        do throws(EvaluationError) {
            var machine = Machine(code, budget: budget)
            return .success(try machine.evaluate(code.root, lookup))
        } catch {
            return .failure(error)
        }
    }

    package static func == (a: Program, b: Program) -> Bool { a.source.hasSameScalars(as: b.source) }

    package func hash(into hasher: inout Hasher) { hasher.combine(Value.string(source)) }
}
