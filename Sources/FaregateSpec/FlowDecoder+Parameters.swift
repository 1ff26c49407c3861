// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

// Parameters of calls, as far as they are literals, held against what the API takes.
extension FlowDecoder {
    mutating func checkParameters(_ node: YAMLNode, object: Int, operation: Int, catches: [String]) {
        // Who catches it means it.
        if catches.contains(where: { $0.hasPrefix("parameter_") }) { return }
        let lifecycle = catalog.graphs[flow.objects[object].lifecycle].lifecycle
        let route = "\(lifecycle.name).\(lifecycle.operations[operation].name)"
        guard let members = catalog.parameters(route) else { return }
        let methods = catalog.methods.map?.keys.compactMap(\.string) ?? []
        // Of other versions, previews too, not all names are known.
        let isPresent = flow.version == catalog.version
        let check = ParameterCheck(methods: methods, former: catalog.formerParams, isPresent: isPresent)
        for mistake in check.mistakes(in: node, .members(members), of: "'\(route)'") {
            reader.findings.append(mistake.finding(in: reader.source.path))
        }
    }
}

/// Looks for parameters that no request can have.
struct ParameterCheck {
    struct Mistake {
        var code = SpecCode.wrongType
        var severity = Finding.Severity.error
        var span: Span
        var message: String
        var closest: String?
        var known: [String] = []
        var help: String?

        func finding(in file: String) -> Finding {
            Finding(
                code.rawValue, severity, in: file, at: span, message,
                label: closest.map { "did you mean '\($0)'?" } ?? "",
                notes: known.isEmpty
                    ? [] : ["known: \(known.prefix(16).joined(separator: ", "))\(known.count > 16 ? ", …" : "")"],
                help: closest.map { "write '\($0)'" } ?? help)
        }
    }

    /// Types of payment methods.
    var methods: [String]
    /// Today's names of parameters by older ones, which are still taken.
    var former: [String: String]
    /// The flow is written for the version whose parameters are known.
    var isPresent: Bool

    /// - Parameter owner: what the value is of, for messages.
    func mistakes(in node: YAMLNode, _ shape: ParameterShape, of owner: String) -> [Mistake] {
        // Nothing, and the empty text: not sent, or unset.
        if node.isNull || node.text == "" || node.text?.contains("$") == true { return [] }
        switch (shape, node.kind) {
        case (.members(let fields), .mapping(let entries)):
            return entries.flatMap { member($0, fields, of: owner) }
        case (.map(let inner), .mapping(let entries)):
            return entries.flatMap { mistakes(in: $0.value, inner, of: name($0)) }
        case (.list(let inner), .sequence(let items)):
            return items.flatMap { mistakes(in: $0, inner, of: owner) }
        case (.either(let shapes), _):
            let all = shapes.map { mistakes(in: node, $0, of: owner) }
            // What is wrong inside says more than what is wrong with the form.
            return all.contains { $0.isEmpty } ? [] : all.first { $0.first?.span != node.span } ?? all.first ?? []
        case (.members, _), (.map, _): return [wrong(node, owner, "a mapping")]
        case (.list, .scalar): return [wrong(node, owner, "a list", help: "write [\(node.text ?? "")]")]
        case (_, .scalar(let scalar)): return scalarMistake(scalar, node, shape, owner).map { [$0] } ?? []
        case (_, .sequence([])): return []
        default: return [wrong(node, owner, "a single value")]
        }
    }

    private func member(_ entry: YAMLEntry, _ fields: [String: ParameterShape], of owner: String) -> [Mistake] {
        guard let key = entry.key.text else { return [] }
        if let shape = fields[former[key] ?? key] ?? fields[key] {
            return mistakes(in: entry.value, shape, of: name(entry))
        }
        // Some accounts may give what is published for others: the details of any method, and what is yet in a beta.
        guard isPresent, !methods.contains(key) else { return [] }
        let known = fields.keys.sorted()
        let closest = Spelling.closest(to: key, among: known)
        return [
            Mistake(
                code: .unknownKey, severity: closest == nil ? .warning : .error, span: entry.key.span,
                message: "\(owner) has no parameter '\(key)'", closest: closest, known: known,
                help: "remove it, or allow it if your account may give it")
        ]
    }

    private func name(_ entry: YAMLEntry) -> String { "'\(entry.key.text ?? "")'" }

    private func scalarMistake(
        _ scalar: YAMLScalar, _ node: YAMLNode, _ shape: ParameterShape, _ owner: String
    ) -> Mistake? {
        let text = scalar.text
        switch (shape, scalar.core) {
        case (.int, .int), (.number, .int), (.number, .double), (.bool, .bool): return nil
        default: break
        }
        switch shape {
        case .int: return Int64(text) == nil ? wrong(node, owner, "a whole number") : nil
        case .number: return Double(text) == nil ? wrong(node, owner, "a number") : nil
        case .bool: return ["true", "false"].contains(text.lowercased()) ? nil : wrong(node, owner, "true or false")
        case .word(let words):
            if words.contains(text) || methods.contains(text) { return nil }
            return Mistake(
                span: node.span, message: "\(owner) cannot be \(node.kindName)",
                closest: Spelling.closest(to: text, among: words), known: words)
        case .methodType:
            // New ones are added without a new version: only what is nearly one is a mistake.
            guard !methods.contains(text), let closest = Spelling.closest(to: text, among: methods, differing: 2)
            else { return nil }
            return Mistake(span: node.span, message: "unknown payment method \(node.kindName)", closest: closest)
        default: return nil
        }
    }

    private func wrong(_ node: YAMLNode, _ owner: String, _ kind: String, help: String? = nil) -> Mistake {
        Mistake(span: node.span, message: "\(owner) must be \(kind), not \(node.kindName)", help: help)
    }
}
