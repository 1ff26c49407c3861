// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
package import FaregateText
package import FaregateValues

/// Reads parts of a YAML tree and collects what is wrong with them.
///
/// Every question has an answer that lets the reading go on, so that one mistake does not hide the next.
package struct TreeReader {
    package let source: SourceText
    package var findings: [Finding] = []

    package init(source: SourceText) { self.source = source }

    package mutating func report(
        _ code: SpecCode, _ severity: Finding.Severity = .error, at span: Span, _ message: String, label: String = "",
        notes: [String] = [], help: String? = nil
    ) {
        findings.append(
            Finding(
                code.rawValue, severity, in: source.path, at: span, message, label: label, notes: notes, help: help))
    }

    /// The members of a mapping by key; unknown keys are findings.
    package mutating func members(
        _ node: YAMLNode, of what: String, known: [String]
    ) -> [String: YAMLNode] {
        var members: [String: YAMLNode] = [:]
        for (key, value) in entries(node, of: what) {
            guard let name = key.text else { continue }
            if known.contains(name) {
                members[name] = value
            } else {
                unknown(.unknownKey, "key", name, at: key.span, among: known, in: " in \(what)")
            }
        }
        return members
    }

    /// The members of a mapping with free keys, in the order of the file.
    package mutating func entries(_ node: YAMLNode, of what: String) -> [(key: YAMLNode, value: YAMLNode)] {
        if case .mapping(let entries) = node.kind { return entries.map { ($0.key, $0.value) } }
        expected("a mapping", for: what, at: node)
        return []
    }

    /// The items of a list; a single value counts as a list of one.
    package mutating func items(_ node: YAMLNode) -> [YAMLNode] {
        if case .sequence(let items) = node.kind { items } else { [node] }
    }

    package mutating func text(_ node: YAMLNode?, of what: String) -> String? {
        guard let node else { return nil }
        if case .scalar(let scalar) = node.kind, !node.isEmptyValue { return scalar.text }
        expected("a text", for: what, at: node)
        return nil
    }

    package mutating func flag(_ node: YAMLNode?, of what: String) -> Bool? {
        guard let node else { return nil }
        if case .scalar(let scalar) = node.kind, case .bool(let flag) = scalar.core { return flag }
        expected("true or false", for: what, at: node)
        return nil
    }

    package mutating func int(_ node: YAMLNode?, of what: String) -> Int? {
        guard let node else { return nil }
        if case .scalar(let scalar) = node.kind, case .int(let number) = scalar.core { return Int(number) }
        expected("a whole number", for: what, at: node)
        return nil
    }

    package mutating func texts(_ node: YAMLNode?, of what: String) -> [String] {
        guard let node else { return [] }
        return items(node).compactMap { text($0, of: what) }
    }

    package mutating func expected(_ kind: String, for what: String, at node: YAMLNode) {
        report(.wrongKind, at: node.span, "\(what) must be \(kind), not \(node.kindName)")
    }

    /// A name that nobody has declared, with the closest one that somebody has.
    ///
    /// - Parameter help: the way out where none comes close.
    package mutating func unknown(
        _ code: SpecCode, _ what: String, _ name: String, at span: Span, among names: [String], in place: String = "",
        help: String? = nil
    ) {
        let closest = Spelling.closest(to: name, among: names)
        let known =
            names.isEmpty ? [] : ["known: \(names.prefix(16).joined(separator: ", "))\(names.count > 16 ? ", …" : "")"]
        report(
            code, at: span, "unknown \(what) '\(TerminalText.fit(name, 80))'\(place)",
            label: closest.map { "did you mean '\($0)'?" } ?? "",
            notes: known, help: closest.map { "write '\($0)'" } ?? help)
    }

    // MARK: Expressions

    /// A bare CEL condition.
    package mutating func condition(_ node: YAMLNode?, of what: String) -> Expression? {
        guard let node, case .scalar(let scalar) = node.kind else {
            if let node { expected("a condition", for: what, at: node) }
            return nil
        }
        return expression(scalar.text, offset: 0, in: node)
    }

    /// CEL that stands in a scalar, from an offset in Unicode scalars of its text.
    package mutating func expression(_ text: String, offset: Int, in node: YAMLNode) -> Expression? {
        switch Program.parse(text) {
        case .success(let program):
            let range = offset..<offset + text.unicodeScalars.count
            return Expression(
                program: program, span: span(range, in: node), points: node.points(ofScalars: range, in: source))
        case .failure(let problem):
            report(
                .badExpression, at: span(problem.range.shifted(by: offset), in: node), problem.message,
                help: problem.help)
            return nil
        }
    }

    package func span(_ range: Range<Int>, in node: YAMLNode) -> Span {
        node.span(ofScalars: range, in: source)
    }

    /// A literal or anything with expressions in it.
    package mutating func template(_ node: YAMLNode) -> Template {
        switch node.kind {
        case .sequence(let items):
            let templates = items.map { template($0) }
            let literals = templates.compactMap(\.literal)
            return literals.count == templates.count ? .literal(.list(literals)) : .list(templates)
        case .mapping(let entries):
            let members = entries.compactMap { entry in
                entry.key.text.map { Template.Member(key: $0, value: template(entry.value)) }
            }
            var map = ValueMap()
            for member in members {
                guard let literal = member.value.literal else { return .map(members) }
                map[member.key] = literal
            }
            return .literal(.map(map))
        case .scalar(let scalar):
            if scalar.text.contains("$") { return interpolation(scalar.text, in: node) }
            return .literal(scalar.core.value)
        }
    }

    /// `$path`, `$(CEL)`, text with `$(CEL)` in it, and `$$` for a dollar.
    private mutating func interpolation(_ text: String, in node: YAMLNode) -> Template {
        let scalars = Array(text.unicodeScalars)
        if scalars.first == "$", let path = Self.path(scalars[1...]) {
            guard let expression = expression(path, offset: 1, in: node) else { return .literal(.null) }
            return .expression(expression)
        }
        var parts: [Template.Part] = []
        var piece = ""
        var at = 0
        while at < scalars.count {
            guard scalars[at] == "$" else {
                piece.unicodeScalars.append(scalars[at])
                at += 1
                continue
            }
            if at + 1 < scalars.count, scalars[at + 1] == "$" {
                piece += "$"
                at += 2
            } else if at + 1 < scalars.count, scalars[at + 1] == "(", let end = Self.closing(scalars, from: at + 1) {
                let inner = String(String.UnicodeScalarView(scalars[(at + 2)..<end]))
                guard let expression = expression(inner, offset: at + 2, in: node) else { return .literal(.null) }
                if !piece.isEmpty { parts.append(.literal(piece)) }
                piece = ""
                parts.append(.expression(expression))
                at = end + 1
            } else {
                let name = Self.path(scalars[(at + 1)...].prefix { Self.isPath($0) })
                report(
                    .badTemplate, at: span(at..<min(at + 1 + (name?.count ?? 0), scalars.count), in: node),
                    name == nil ? "a lone '$' in a text" : "'$\(name!)' inside a text",
                    help: name.map { "write $(\($0)), or $$ for a dollar" } ?? "write $$ for a dollar")
                return .literal(.string(text))
            }
        }
        if parts.isEmpty { return .literal(.string(piece)) }
        if !piece.isEmpty { parts.append(.literal(piece)) }
        if parts.count == 1, case .expression(let whole) = parts[0] { return .expression(whole) }
        return .text(parts)
    }

    private static func isPath(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "." || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
    }

    private static func path(_ scalars: some Collection<Unicode.Scalar>) -> String? {
        guard let first = scalars.first, first == "_" || first.properties.isAlphabetic, scalars.allSatisfy(isPath)
        else { return nil }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }

    /// The place of the parenthesis that closes the one at `start`; strings inside are passed over.
    private static func closing(_ scalars: [Unicode.Scalar], from start: Int) -> Int? {
        var depth = 0
        var quote: Unicode.Scalar?
        var at = start
        while at < scalars.count {
            let scalar = scalars[at]
            if let open = quote {
                if scalar == "\\" { at += 1 } else if scalar == open { quote = nil }
            } else if scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == "(" {
                depth += 1
            } else if scalar == ")" {
                depth -= 1
                if depth == 0 { return at }
            }
            at += 1
        }
        return nil
    }
}

extension Range<Int> {
    func shifted(by offset: Int) -> Range<Int> { lowerBound + offset..<upperBound + offset }
}

extension YAMLNode {
    var kindName: String {
        switch kind {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .scalar(let scalar): isEmptyValue ? "nothing" : "'\(scalar.text.prefix(40))'"
        }
    }
}

extension YAMLCore {
    package var value: Value {
        switch self {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .double(let number): .double(number)
        case .string(let text): .string(text)
        }
    }
}
