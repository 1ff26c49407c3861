// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateCEL
package import FaregateText
package import FaregateValues

/// A value in a file that may contain expressions: a parameter, an output, a duration.
package indirect enum Template: Sendable, Hashable {
    case literal(Value)
    /// `$path` or `$(CEL)` as the whole scalar: keeps its type.
    case expression(Expression)
    /// Text with `$(CEL)` in it, any number of times: always a string.
    case text([Part])
    case list([Template])
    case map([Member])

    package enum Part: Sendable, Hashable {
        case literal(String)
        case expression(Expression)
    }

    package struct Member: Sendable, Hashable {
        package var key: String
        package var value: Template
        /// Where both stand, if they stand in a file.
        package var place: Place?

        package struct Place: Sendable, Hashable {
            package var key: Span
            package var value: Span
        }

        package init(key: String, value: Template, place: Place? = nil) {
            self.key = key
            self.value = value
            self.place = place
        }
    }
}

/// A CEL program and where it stands in its file.
package struct Expression: Sendable, Hashable {
    package var program: Program
    package var span: Span
    /// Where each character stands, and last where they end; empty where one column follows another.
    private var points: [Span.Point]

    package init(program: Program, span: Span, points: [Span.Point] = []) {
        self.program = program
        self.span = span
        self.points = points
    }

    /// Where a part of the expression stands, in Unicode scalars of its text.
    package func place(of range: Range<Int>) -> Span {
        guard range.upperBound < points.count else {
            guard span.start.line == span.end.line else { return span }
            let start = span.start.column + range.lowerBound
            return Span(
                start: .init(line: span.start.line, column: start),
                end: .init(line: span.start.line, column: start + range.count))
        }
        let start = points[range.lowerBound]
        guard let last = range.last.map({ points[$0] }) else { return Span(start: start, end: start) }
        // Behind the last character of a line comes the first of the next.
        let next = points[range.upperBound]
        return Span(start: start, end: next.line == last.line ? next : .init(line: last.line, column: last.column + 1))
    }

    package var source: String { program.source }
}

/// An expression that could not be evaluated, and why.
package struct ExpressionError: Error, Sendable, Hashable {
    package var source: String
    package var span: Span
    package var message: String

    package init(source: String, span: Span, message: String) {
        self.source = source
        self.span = span
        self.message = message
    }
}

extension Expression {
    package func evaluate(_ lookup: (String) -> Value?) throws(ExpressionError) -> Value {
        switch program.evaluate(lookup) {
        case .success(let value): value
        case .failure(let error): throw ExpressionError(source: source, span: span, message: error.message)
        }
    }
}

extension Template {
    /// The value under these bindings. Members that are `optional.none()` (`omit`) are left out of their map.
    package func evaluate(_ lookup: (String) -> Value?) throws(ExpressionError) -> Value {
        switch self {
        case .literal(let value):
            return value
        case .expression(let expression):
            return try expression.evaluate(lookup)
        case .text(let parts):
            var text = ""
            for part in parts {
                switch part {
                case .literal(let piece): text += piece
                case .expression(let expression):
                    let value = try expression.evaluate(lookup)
                    if case .unknown = value { return value }
                    text += value.interpolated
                }
            }
            return .string(text)
        case .list(let items):
            var values: [Value] = []
            for item in items {
                let value = try item.evaluate(lookup)
                if value != .optional(nil) { values.append(value.unwrapped) }
            }
            return .list(values)
        case .map(let members):
            var map = ValueMap()
            for member in members {
                let value = try member.value.evaluate(lookup)
                if value != .optional(nil) { map[member.key] = value.unwrapped }
            }
            return .map(map)
        }
    }

    /// All expressions in it, in the order of the file.
    package var expressions: [Expression] {
        switch self {
        case .literal: []
        case .expression(let expression): [expression]
        case .text(let parts): parts.compactMap { if case .expression(let inner) = $0 { inner } else { nil } }
        case .list(let items): items.flatMap(\.expressions)
        case .map(let members): members.flatMap(\.value.expressions)
        }
    }

    /// Whether some expression in it uses a name.
    package func uses(_ name: String) -> Bool {
        expressions.contains { $0.program.references.contains { $0.path.first == name } }
    }

    package var literal: Value? { if case .literal(let value) = self { value } else { nil } }
}

extension Value {
    /// As it stands inside a text.
    package var interpolated: String {
        switch self {
        case .string(let text): text
        case .optional(nil): ""
        case .optional(let inner?): inner.interpolated
        default: JSON.write(self)
        }
    }

    /// As it stands inside a text, and so the texts that it holds: each may go its own way.
    package var heldTexts: [String] {
        func texts(_ value: Value) -> [String] {
            switch value {
            case .string(let text): [text]
            case .list(let items): items.flatMap(texts)
            case .map(let map): map.flatMap { texts($0.value) }
            case .optional(let inner?): texts(inner)
            default: []
            }
        }
        return [interpolated] + texts(self)
    }

    /// An optional's content; itself otherwise.
    package var unwrapped: Value {
        if case .optional(let inner?) = self { inner } else { self }
    }
}
