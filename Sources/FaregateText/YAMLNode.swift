// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// One value of a YAML file, with the place where it stands.
package struct YAMLNode: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    package var kind: Kind
    /// From the first character of the value, anchor excluded, to its last.
    ///
    /// What an alias repeats keeps the place where it is written.
    package var span: Span
    /// Where `*name` stands, if this value is repeated by it.
    package var alias: Span?
    /// Nothing at all was written: `key:`, not `key: null` and not `key: ''`.
    package var isEmptyValue: Bool

    package init(kind: Kind, span: Span, alias: Span? = nil, isEmptyValue: Bool = false) {
        self.kind = kind
        self.span = span
        self.alias = alias
        self.isEmptyValue = isEmptyValue
    }
}

/// A key with its value. No mapping of a tree has two entries of one key.
package struct YAMLEntry: Sendable, Hashable {
    /// Always a scalar.
    package var key: YAMLNode
    package var value: YAMLNode

    package init(key: YAMLNode, value: YAMLNode) {
        self.key = key
        self.value = value
    }
}

/// A text as it was meant, how it was written, and what the core schema makes of it.
package struct YAMLScalar: Sendable, Hashable {
    package enum Style: Sendable, Hashable, CaseIterable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    package var text: String
    package var style: Style
    package var core: YAMLCore

    package init(text: String, style: Style, core: YAMLCore) {
        self.text = text
        self.style = style
        self.core = core
    }
}

// MARK: - Asking

extension YAMLNode {
    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = kind { scalar } else { nil }
    }

    package var sequence: [YAMLNode]? {
        if case .sequence(let items) = kind { items } else { nil }
    }

    package var mapping: [YAMLEntry]? {
        if case .mapping(let entries) = kind { entries } else { nil }
    }

    /// A scalar's text, whatever its type: the text of `2` is "2".
    package var text: String? { scalar?.text }

    package var isNull: Bool { scalar?.core == .null }

    /// The value of a mapping's key; nil when this is no mapping.
    package subscript(key: String) -> YAMLNode? {
        mapping?.first { $0.key.text == key }?.value
    }

    /// Where the value stands for the reader who asks "who says so": at the alias, if it is repeated by one.
    package var place: Span { alias ?? span }

    /// The finding for a key that must have a value and has none.
    ///
    /// The reader itself accepts `goods.ready:`; what an empty value means is for each key's decoder to say.
    package func emptyValueFinding(key: YAMLNode, in source: SourceText) -> Finding {
        let name = key.text ?? ""
        return Finding(
            ReadingCode.emptyValue.rawValue, in: source.path, at: key.span, "'\(name)' has no value",
            help: "write a value after the colon; '' unsets a parameter, and to leave it out, remove the line")
    }
}
