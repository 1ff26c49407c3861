// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText
import FaregateValues

/// Reads a policy file: its shape, and the names in it.
package struct PolicyDecoder {
    var reader: TreeReader
    let catalog: Catalog
    let types: DataTypes

    /// The policy, nil where the file is not even a mapping with a name, and everything that is wrong with it.
    package static func decode(
        _ source: SourceText, catalog: Catalog, types: DataTypes = DataTypes()
    ) -> (policy: Policy?, findings: [Finding]) {
        let document = YAMLReader.read(source)
        guard let root = document.root else { return (nil, document.findings) }
        var decoder = PolicyDecoder(reader: TreeReader(source: source), catalog: catalog, types: types)
        let policy = decoder.decode(root)
        return (policy, document.findings + decoder.reader.findings)
    }

    private init(reader: TreeReader, catalog: Catalog, types: DataTypes) {
        self.reader = reader
        self.catalog = catalog
        self.types = types
    }

    package static let keys = ["policy", "title", "docs", "applies_to", "rules"]
    package static let formKeys = [
        "always", "at", "never", "eventually", "require", "before", "after", "then", "until", "at_most", "at_least",
        "exactly", "of", "not_both", "sum",
    ]
    package static let modifierKeys = [
        "id", "title", "within", "per", "severity", "mode", "message", "source", "as_of",
    ]
    package static let patternKeys = ["status", "call", "event", "emit", "signal", "error"]

    private mutating func decode(_ root: YAMLNode) -> Policy? {
        let parts = reader.members(root, of: "a policy", known: Self.keys)
        guard let name = reader.text(parts["policy"], of: "the policy's name") else {
            if parts["policy"] == nil {
                reader.report(.missingKey, at: root.span, "a policy file needs 'policy: <name>'")
            }
            return nil
        }
        var policy = Policy(
            name: name, title: reader.text(parts["title"], of: "'title'") ?? "", file: reader.source.path, flows: ["*"],
            rules: [])
        if let node = parts["applies_to"] {
            let inner = reader.members(node, of: "'applies_to'", known: ["flows"])
            if inner["flows"] != nil { policy.flows = reader.texts(inner["flows"], of: "a flow's name") }
        }
        guard let rules = parts["rules"] else {
            reader.report(.missingKey, at: parts["policy"]!.span, "the policy '\(name)' has no 'rules'")
            return policy
        }
        for node in reader.items(rules) {
            guard let rule = rule(node) else { continue }
            if policy.rules.contains(where: { $0.id == rule.id }) {
                reader.report(.takenName, at: rule.span, "the rule '\(rule.id)' stands twice")
            }
            policy.rules.append(rule)
        }
        return policy
    }

    // MARK: Rules

    private mutating func rule(_ node: YAMLNode) -> Policy.Rule? {
        let parts = reader.members(node, of: "a rule", known: Self.formKeys + Self.modifierKeys)
        guard let id = reader.text(parts["id"], of: "'id'") else {
            if parts["id"] == nil { reader.report(.missingKey, at: node.span, "a rule needs an 'id'") }
            return nil
        }
        guard let form = form(parts, at: parts["id"]!.span) else { return nil }
        var rule = Policy.Rule(
            id: id, span: parts["id"]!.span, form: form, within: parts["within"].flatMap { duration($0) },
            per: keys(parts["per"]), severity: .error, isEnforced: false,
            message: reader.text(parts["message"], of: "'message'"),
            source: reader.text(parts["source"], of: "'source'"), asOf: day(parts["as_of"]))
        if let node = parts["within"], parts["always"] != nil || parts["never"] != nil && parts["after"] == nil {
            reader.report(
                .misplacedKey, at: node.span, "'within' means nothing in a rule that always holds",
                help: "remove it, or say since when with 'after'")
        }
        if let node = parts["severity"], let text = reader.text(node, of: "'severity'") {
            if let severity = Finding.Severity(rawValue: text) {
                rule.severity = severity
            } else {
                reader.unknown(
                    .wrongKind, "severity", text, at: node.span, among: Finding.Severity.allCases.map(\.rawValue))
            }
        }
        if let node = parts["mode"], let text = reader.text(node, of: "'mode'") {
            rule.isEnforced = text == "enforce"
            if !["report", "enforce"].contains(text) {
                reader.unknown(.wrongKind, "mode", text, at: node.span, among: ["report", "enforce"])
            }
        }
        return rule
    }

    /// What each form is made of, the key that names it first.
    private static let forms: [(name: String, needs: [String], may: [String])] = [
        ("always", ["always"], ["at"]),
        ("never", ["never"], []),
        ("eventually", ["eventually"], []),
        ("require", ["require", "before"], []),
        ("after, then", ["after", "then"], []),
        ("after, never", ["after", "never"], ["until"]),
        ("at_most", ["at_most", "of"], []),
        ("at_least", ["at_least", "of"], []),
        ("exactly", ["exactly", "of"], []),
        ("not_both", ["not_both"], []),
        ("sum", ["sum", "of", "at_most"], []),
    ]

    private mutating func form(_ parts: [String: YAMLNode], at span: Span) -> Policy.Form? {
        let given = Self.formKeys.filter { parts[$0] != nil }
        let fitting = Self.forms.first { form in
            form.needs.allSatisfy { given.contains($0) } && given.allSatisfy { (form.needs + form.may).contains($0) }
        }
        guard let fitting else {
            let forms = Self.forms.map { $0.needs.joined(separator: " + ") }.joined(separator: "; ")
            reader.report(
                .notOneForm, at: span,
                given.isEmpty ? "the rule says nothing" : "'\(given.joined(separator: "', '"))' make no rule together",
                notes: ["forms: \(forms)"], help: "give the rule exactly one form")
            return nil
        }
        switch fitting.name {
        case "always":
            let at = parts["at"].flatMap { pattern($0) }
            guard let condition = reader.condition(parts["always"], of: "'always'") else { return nil }
            check(condition, about: at?.subject)
            return .always(condition, at: at)
        case "never": return pattern(parts["never"]!).map { .never($0) }
        case "eventually": return pattern(parts["eventually"]!).map { .eventually($0) }
        case "require": return both(parts["require"]!, parts["before"]!).map { .require($0, before: $1) }
        case "after, then": return both(parts["after"]!, parts["then"]!).map { .afterThen($0, $1) }
        case "after, never":
            let until = parts["until"].flatMap { pattern($0) }
            return both(parts["after"]!, parts["never"]!).map { .afterNever($0, $1, until: until) }
        case "not_both":
            let items = reader.items(parts["not_both"]!)
            guard items.count == 2 else {
                reader.expected("a list of two patterns", for: "'not_both'", at: parts["not_both"]!)
                return nil
            }
            return both(items[0], items[1]).map { .notBoth($0, $1) }
        case "sum":
            guard let sum = reader.condition(parts["sum"], of: "'sum'"),
                let bound = reader.condition(parts["at_most"], of: "'at_most'"), let of = pattern(parts["of"]!)
            else { return nil }
            return .sum(sum, of: of, atMost: bound)
        default:
            guard let bound = Policy.Bound(rawValue: fitting.name), let node = parts[fitting.name],
                let count = reader.int(node, of: "'\(fitting.name)'"), let of = pattern(parts["of"]!)
            else { return nil }
            if count < 0 {
                reader.report(.wrongKind, at: node.span, "'\(fitting.name)' cannot be less than nothing")
                return nil
            }
            return .count(bound, count, of: of)
        }
    }

    private mutating func both(_ a: YAMLNode, _ b: YAMLNode) -> (Policy.Pattern, Policy.Pattern)? {
        let (first, second) = (pattern(a), pattern(b))
        guard let first, let second else { return nil }
        return (first, second)
    }

    /// A duration, or `$timestamp`.
    private mutating func duration(_ node: YAMLNode) -> Template? {
        let template = reader.template(node)
        if case .literal(.string(let text)) = template, let duration = Duration.parse(text) {
            if duration < .zero {
                reader.report(
                    .badDuration, at: node.span, "'\(text)' lies in the past", help: "write it without the '-'")
            }
            return .literal(.duration(duration))
        }
        if case .expression(let expression) = template {
            check(expression, as: nil, about: nil)
            return template
        }
        reader.report(.badDuration, at: node.span, "'within' needs a duration", help: "write 24h, 30d or $timestamp")
        return nil
    }

    // MARK: Patterns

    private mutating func pattern(_ node: YAMLNode) -> Policy.Pattern? {
        let parts = reader.members(node, of: "a pattern", known: Self.patternKeys + ["when"])
        let given = Self.patternKeys.filter { parts[$0] != nil }
        guard given.count == 1, let kind = given.first, let subjectNode = parts[kind],
            let text = reader.text(subjectNode, of: "'\(kind)'")
        else {
            if given.count != 1 {
                reader.report(
                    .badPattern, at: node.span, "a pattern looks for exactly one thing",
                    help: "write one of \(Self.patternKeys.joined(separator: ", ")), as {call: payment_intent.confirm}")
            }
            return nil
        }
        guard let subject = subject(kind, text, at: subjectNode) else { return nil }
        let condition = parts["when"].flatMap { reader.condition($0, of: "'when'") }
        if let condition { check(condition, about: subject) }
        return .init(subject: subject, condition: condition, span: node.span)
    }

    private mutating func subject(_ kind: String, _ text: String, at node: YAMLNode) -> Policy.Pattern.Subject? {
        switch kind {
        case "event":
            if catalog.eventTypes.contains(text) { return .event(text) }
            reader.unknown(.unknownEvent, "event", text, at: node.span, among: catalog.eventTypes)
            return nil
        case "emit": return .emit(text)
        case "signal": return .signal(text)
        case "error":
            reader.checkError(text, at: node.span, catalog: catalog)
            return .error(text)
        default: break
        }
        let words = text.split(separator: ".", maxSplits: 1).map(String.init)
        guard words.count == 2, let number = catalog.number(of: words[0]) else {
            reader.unknown(.unknownLifecycle, "lifecycle", words.first ?? text, at: node.span, among: catalog.names)
            return nil
        }
        let lifecycle = catalog.graphs[number].lifecycle
        if kind == "call" {
            if let operation = lifecycle.operation(named: words[1]), lifecycle.operations[operation].route != nil {
                return .call(lifecycle: number, operation: operation)
            }
            let known = lifecycle.operations.filter { $0.route != nil }.map(\.name)
            reader.unknown(.unknownOperation, "operation", words[1], at: node.span, among: known, in: " of \(words[0])")
            return nil
        }
        var statuses = StatusSet()
        for name in words[1].split(separator: "|").map({ $0.trimmed }) {
            guard let status = lifecycle.status(named: name) else {
                let known = lifecycle.statuses.map(\.name)
                reader.unknown(.unknownStatus, "status", name, at: node.span, among: known, in: " of \(words[0])")
                return nil
            }
            statuses.insert(status)
        }
        return .status(lifecycle: number, statuses)
    }
}
