// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

@testable import FaregateText

/// A text in which « and » mark the place of what is wrong, so that nobody has to count columns.
struct MarkedText {
    let text: String
    let span: Span

    init(_ marked: String) {
        var text = String.UnicodeScalarView()
        var places: [Int] = []
        for scalar in marked.unicodeScalars {
            if scalar == "«" || scalar == "»" { places.append(text.count) } else { text.append(scalar) }
        }
        self.text = String(text)
        let source = SourceText(path: "marked", text: self.text)
        span = source.span(of: (places.first ?? 0)..<(places.last ?? 0))
    }
}

func read(_ text: String, limits: YAMLLimits = .standard) -> YAMLDocument {
    YAMLReader.read(SourceText(path: "flow.yaml", text: text), limits: limits)
}

extension YAMLNode {
    /// The tree on one line, plain values by their type: `{a: int 1, b: [null]}`.
    var summary: String {
        switch kind {
        case .sequence(let items): "[" + items.map(\.summary).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\($0.key.text ?? "?"): \($0.value.summary)" }.joined(separator: ", ") + "}"
        case .scalar(let scalar):
            switch scalar.core {
            case .null: "null"
            case .bool(let value): "bool \(value)"
            case .int(let value): "int \(value)"
            case .double(let value): "double \(value)"
            case .string(let value): "'\(value)'"
            }
        }
    }
}

/// The same numbers in every run: a failure can be repeated.
struct FixedRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
