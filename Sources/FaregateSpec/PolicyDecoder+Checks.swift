// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateText
import FaregateValues

// What rules say about objects and times, held against what those can be.
extension PolicyDecoder {
    /// The type of `object` for what a pattern looks for.
    private func object(of subject: Policy.Pattern.Subject?) -> CELType {
        let lifecycle: Int? =
            switch subject {
            case .status(let number, _)?, .call(let number, _)?: number
            default: nil
            }
        if let lifecycle { return types.objects[catalog.graphs[lifecycle].lifecycle.name] ?? .dyn }
        guard subject == nil else { return .dyn }
        // Any object: it may have the fields of all of them.
        var fields: [String: CELType] = [:]
        for case .record(let record) in types.objects.values {
            if record.isOpen { return .dyn }
            for name in record.fields.keys { fields[name] = .dyn }
        }
        return fields.isEmpty ? .dyn : .record(RecordType(name: "'object'", fields: fields))
    }

    /// A condition over `object`.
    mutating func check(_ condition: Expression, about subject: Policy.Pattern.Subject?) {
        check(condition, as: .bool, about: subject)
    }

    mutating func check(_ expression: Expression, as wanted: CELType?, about subject: Policy.Pattern.Subject?) {
        // Other objects of the run are named by what they are.
        let variables = types.objects.merging(["object": object(of: subject)]) { $1 }
        let environment = TypeEnvironment(variables, isOpen: true)
        let (type, diagnostics) = expression.program.check(environment)
        reader.findings += diagnostics.map { $0.finding(in: reader.source.path, at: expression.place(of: $0.range)) }
        guard diagnostics.isEmpty, let wanted, type != .dyn, type != .error, type != wanted else { return }
        reader.findings.append(
            Finding(
                TypeCode.wrongResult.rawValue, in: reader.source.path, at: expression.span,
                "'\(expression.source)' is \(type), and true or false is due here"))
    }

    /// `per: [object.customer]`: what a rule is counted by.
    mutating func keys(_ node: YAMLNode?) -> [String] {
        (node.map { reader.items($0) } ?? []).compactMap { item in
            guard let text = reader.text(item, of: "a key of 'per'") else { return nil }
            if text.hasPrefix("object."), let expression = reader.condition(item, of: "a key of 'per'") {
                check(expression, as: nil, about: nil)
            }
            return text
        }
    }

    /// The day on which a source was read.
    mutating func day(_ node: YAMLNode?) -> String? {
        guard let node, let text = reader.text(node, of: "'as_of'") else { return nil }
        if text.count == 10, Timestamp.parse("\(text)T00:00:00Z") != nil { return text }
        reader.report(.wrongKind, at: node.span, "'\(text)' is no day", help: "write it as 2026-11-21")
        return nil
    }
}
