// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateText
import FaregateValues

// Versions, options, signals and inputs: what stands before the states.
extension FlowDecoder {
    static let inputKeys = ["type", "default", "check", "one_of", "env", "secret"]
    static let optionKeys = ["idempotency_key", "stripe_account", "max_network_retries", "timeout"]

    /// A version of the API: a date, and since some years a name.
    mutating func version(_ node: YAMLNode?) -> String? {
        guard let node, let text = reader.text(node, of: "'version'") else { return nil }
        let (date, name) = (text.prefix(10), text.dropFirst(10))
        guard date.count == 10, Timestamp.parse("\(date)T00:00:00Z") != nil, name.isEmpty || name.first == "." else {
            reader.report(
                .badVersion, at: node.span, "'\(text)' is no API version",
                help: "write it as 2026-07-29.dahlia or 2019-02-11")
            return nil
        }
        let release = String(name.dropFirst())
        if !catalog.releases.contains(release), let meant = Spelling.closest(to: release, among: catalog.releases) {
            reader.report(
                .badVersion, at: node.span, "'\(text)' is no API version", label: "did you mean '\(meant)'?",
                help: "write \(date).\(meant)")
            return nil
        }
        return text
    }

    mutating func options(_ node: YAMLNode) -> [Template.Member] {
        let options = namedTemplates(node, of: "'options'", known: Self.optionKeys)
        for (key, value) in node.mapping?.map({ ($0.key, $0.value) }) ?? [] {
            guard let name = key.text, let literal = options.first(where: { $0.key == name })?.value.literal else {
                continue
            }
            let wanted: (kind: String, help: String)?
            switch (name, literal) {
            case ("max_network_retries", .int(0...100)): wanted = nil
            case ("max_network_retries", _): wanted = ("a number of repeats", "write a whole number, 0 for none")
            case ("timeout", .int(1...)): wanted = nil
            case ("timeout", .string(let text)) where Duration.parse(text).map({ $0 > .zero }) ?? false: wanted = nil
            case ("timeout", _): wanted = ("a duration", "write 30s, or a number of seconds")
            case (_, .string): wanted = nil
            default: wanted = ("a text", "quote it")
            }
            if let wanted {
                reader.report(
                    .wrongType, at: value.span, "'\(name)' must be \(wanted.kind), not \(value.kindName)",
                    help: wanted.help)
            }
        }
        return options
    }

    /// Names that expressions can use: letters, digits and '_', and no word of the expressions' own.
    mutating func checkSpelling(_ name: String, at span: Span) {
        if case .success(let program) = Program.parse(name), program.references.map(\.path) == [[name]] { return }
        let isWord = name.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic }
        reader.report(
            .takenName, at: span,
            isWord ? "'\(name)' is a word of expressions" : "'\(name)' is no name: expressions would read it otherwise",
            help: isWord ? "choose another one" : "write letters, digits and _, not a digit first")
    }

    // MARK: Signals

    /// Types of fields: those of inputs, and a text that is not to be shown.
    private static let fieldTypes = InputType.names + ["secret"]

    mutating func decodeSignal(_ key: YAMLNode, _ value: YAMLNode) {
        guard let name = key.text else { return }
        checkSignal(name, at: key.span)
        var signal = FlowGraph.Signal(name: name, fields: [], span: key.span)
        if !value.isEmptyValue {
            for (field, type) in reader.entries(value, of: "a signal") {
                guard let name = field.text, let text = reader.text(type, of: "a field's type") else { continue }
                if InputType(text) == nil, text != "secret" {
                    reader.unknown(.wrongType, "type", text, at: type.span, among: Self.fieldTypes)
                }
                signal.fields.append(.init(name: name, type: text))
            }
        }
        flow.signals.append(signal)
    }

    private mutating func checkSignal(_ name: String, at span: Span) {
        let steps = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let problem: (message: String, help: String)?
        if steps.count < 2 {
            problem = ("has no dot", "write what happens to what: order.\(name)")
        } else if catalog.eventTypes.contains(name) {
            problem = (
                "is an event of the API, not of the business",
                "wait for it under 'on' without declaring it, or choose another name"
            )
        } else if Self.reserved.contains(steps[0]) {
            problem = ("begins with a name of the language", "choose another one")
        } else if let object = flow.object(named: steps[0]), status(steps[1], of: object) != nil {
            problem = ("is a status of '\(steps[0])' too", "choose another name")
        } else {
            problem = nil
        }
        if let problem {
            reader.report(.takenName, at: span, "the signal '\(name)' \(problem.message)", help: problem.help)
        }
    }

    // MARK: Inputs

    mutating func decodeInputs(_ node: YAMLNode) {
        for (key, value) in reader.entries(node, of: "'inputs'") {
            guard let name = key.text else { continue }
            let parts = reader.members(value, of: "an input", known: Self.inputKeys)
            guard let type = reader.text(parts["type"], of: "'type'") else {
                if parts["type"] == nil {
                    reader.report(
                        .missingKey, at: key.span, "the input '\(name)' needs a 'type'", help: "add    type: string")
                }
                continue
            }
            guard let checker = InputType(type) else {
                reader.unknown(.wrongType, "type", type, at: parts["type"]!.span, among: InputType.names)
                continue
            }
            var input = FlowGraph.Input(
                name: name, type: type, oneOf: [], environment: reader.text(parts["env"], of: "'env'"),
                secret: reader.flag(parts["secret"], of: "'secret'") ?? false, span: key.span)
            let given = parts["default"].map { node in
                (node, typed(node, checker, of: "the default of '\(name)'", isSecret: input.secret))
            }
            // One that is wrong was told already: the input has a default all the same.
            input.defaultValue = given.map { $0.1 ?? .unknown(name) }
            if let node = parts["one_of"] {
                input.oneOf = reader.items(node).compactMap {
                    typed($0, checker, of: "a value of 'one_of'", isSecret: input.secret)
                }
            }
            flow.inputs.append(input)
            if let node = parts["check"], let check = reader.condition(node, of: "'check'") {
                flow.inputs[flow.inputs.count - 1].check = checked(check)
            }
            if case (let node, let value?)? = given,
                let problem = flow.inputs[flow.inputs.count - 1].objection(to: value)
            {
                reader.report(.wrongType, at: node.span, "the default of '\(name)' \(problem)")
            }
        }
    }

    private mutating func typed(_ node: YAMLNode, _ type: InputType, of what: String, isSecret: Bool) -> Value? {
        guard case .literal(let raw) = reader.template(node) else {
            reader.report(.wrongType, at: node.span, "\(what) must be a literal")
            return nil
        }
        switch type.read(raw) {
        case .success(let value): return value
        case .failure(let problem):
            reader.report(
                .wrongType, at: node.span, "\(what) is not \(type.article)" + (isSecret ? "" : ": \(problem.text)"))
            return nil
        }
    }
}

extension FlowGraph.Input {
    /// What is wrong with a value that was read; nothing of one that is secret.
    func detail(_ problem: InputType.Problem) -> String { secret ? "" : ": \(problem.text)" }

    /// Why a value of the right type is none for this input; nil where it is fine, or where other inputs decide.
    func objection(to value: Value) -> String? {
        if !oneOf.isEmpty, !oneOf.contains(value) {
            if secret { return "is no value of 'one_of'" }
            return "is none of \(oneOf.prefix(8).map(\.interpolated).joined(separator: ", "))"
        }
        guard let check, check.program.references.allSatisfy({ $0.path.first == name }),
            case .success(.bool(false)) = check.program.evaluate({ $0 == name ? value : nil })
        else { return nil }
        return "does not pass 'check': \(check.source)"
    }
}
