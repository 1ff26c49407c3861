// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
package import FaregateValues

// Scenarios: inputs, choices, and what must come of them.
extension FlowDecoder {
    static let scenarioKeys = [
        "title", "inputs", "actors", "version", "profile", "matrix", "exclude", "history", "final", "path", "visits",
        "events", "outputs", "violates",
    ]
    /// What the network may do; a matter of the driver, not of any lifecycle.
    package static let network = ["delivers", "overtakes", "repeats", "loses"]
    /// What the provider's servers may do instead of answering as documented.
    package static let api = ["answers", "limits", "conflicts", "fails"]
    package static let profiles = ["documented", "seed"]
    /// What may be said behind a choice of theirs.
    private static let arguments = [
        "network loses": ["request", "answer", "answers"], "network delivers": [], "network overtakes": [],
        "network repeats": [], "api limits": ["lock"], "api fails": ["late"], "api answers": [], "api conflicts": [],
    ]

    mutating func decodeScenario(_ key: YAMLNode, _ node: YAMLNode) {
        guard let name = reader.text(key, of: "a scenario's name") else { return }
        let parts = reader.members(node, of: "the scenario '\(name)'", known: Self.scenarioKeys)
        var scenario = Scenario(name: name, title: reader.text(parts["title"], of: "'title'"), span: key.span)
        let axes = parts["matrix"].map { reader.entries($0, of: "'matrix'").compactMap(\.key.text) } ?? []
        extraNames = axes + ["test"]
        defer { extraNames = [] }
        if let node = parts["matrix"] { scenario.matrix = namedTemplates(node, of: "'matrix'", known: nil) }
        if let node = parts["exclude"] {
            for cell in reader.items(node) {
                scenario.exclude.append(namedTemplates(cell, of: "'exclude'", known: axes))
            }
        }
        if let node = parts["inputs"] { scenario.inputs = scenarioInputs(node) }
        checkRequired(parts["inputs"], axes, scenario)
        if let node = parts["actors"] {
            for (key, value) in reader.entries(node, of: "'actors'") {
                if let script = script(key, value) { scenario.scripts.append(script) }
            }
        }
        decodeExpectations(parts, into: &scenario)
        if let node = parts["matrix"] { checkMatrix(node, parts["exclude"], scenario) }
        if scenario.final == nil, parts["final"] == nil {
            reader.report(
                .missingKey, at: key.span, "the scenario '\(name)' does not say how it ends",
                help: "add    final: <state>")
        }
        flow.scenarios.append(scenario)
    }

    private mutating func decodeExpectations(_ parts: [String: YAMLNode], into scenario: inout Scenario) {
        if let node = parts["history"] {
            reader.report(
                .misplacedKey, .warning, at: node.span,
                "'history' has no effect yet: no rule is held against earlier runs")
        }
        scenario.version = version(parts["version"])
        if let node = parts["profile"], let text = reader.text(node, of: "'profile'") {
            scenario.profile = text
            if !Self.profiles.contains(text) {
                reader.unknown(.unknownName, "profile", text, at: node.span, among: Self.profiles)
            }
        }
        if let node = parts["final"], let state = stateNumber(node) {
            if state < flow.states.count, case .final = flow.states[state].verb {
                scenario.final = state
            } else if !tornStates.contains(state) {
                reader.report(.unknownState, at: node.span, "'\(node.text ?? "")' is not a final state")
            }
        }
        scenario.path = parts["path"].map { reader.items($0).compactMap { stateNumber($0) } } ?? []
        if let node = parts["visits"] {
            for (key, value) in reader.entries(node, of: "'visits'") {
                guard let state = stateNumber(key), let count = reader.int(value, of: "a number of visits") else {
                    continue
                }
                if count < 0 {
                    reader.report(.wrongType, at: value.span, "a state cannot be visited less than never")
                }
                scenario.visits.append(.init(state: state, count: count))
            }
        }
        for node in parts["events"].map({ reader.items($0) }) ?? [] {
            guard let type = reader.text(node, of: "an event") else { continue }
            if !catalog.eventTypes.contains(type) {
                reader.unknown(.unknownEvent, "event", type, at: node.span, among: catalog.eventTypes)
            }
            scenario.events.append(type)
        }
        if let node = parts["outputs"] {
            scenario.outputs = namedTemplates(node, of: "'outputs'", known: nil)
            if let final = scenario.final { checkOutputs(node, of: final) }
        }
        for node in parts["violates"].map({ reader.items($0) }) ?? [] {
            guard let id = reader.text(node, of: "a policy") else { continue }
            scenario.violates.append(.init(rule: id, span: node.span))
        }
    }

    private mutating func scenarioInputs(_ node: YAMLNode) -> [Template.Member] {
        var inputs: [Template.Member] = []
        for (key, value) in reader.entries(node, of: "'inputs'") {
            guard let name = key.text else { continue }
            guard let input = flow.inputs.first(where: { $0.name == name }) else {
                reader.unknown(.unknownInput, "input", name, at: key.span, among: inputNames)
                continue
            }
            let template = checked(reader.template(value))
            if let literal = template.literal, let type = InputType(input.type) {
                switch type.read(literal) {
                case .success(let typed):
                    inputs.append(.init(key: name, value: .literal(typed)))
                    if let objection = input.objection(to: typed) {
                        reader.report(.wrongType, at: value.span, "'\(name)' \(objection)")
                    }
                case .failure(let problem):
                    reader.report(
                        .wrongType, at: value.span,
                        "'\(name)' is not \(type.article)\(input.detail(problem))")
                }
                continue
            }
            inputs.append(.init(key: name, value: template))
        }
        return inputs
    }

    private mutating func script(_ key: YAMLNode, _ value: YAMLNode) -> Scenario.Script? {
        guard let text = reader.text(key, of: "an actor") else { return nil }
        let parts = text.split(separator: ".").map(String.init)
        let actor = parts.last ?? text
        let offers: [String]
        switch actor {
        case "network": offers = Self.network
        case "api": offers = Self.api
        case "business": offers = flow.signals.map(\.name)
        default:
            guard let choices = catalog.actors[actor] else {
                reader.unknown(
                    .unknownActor, "actor", actor, at: key.span,
                    among: catalog.actors.keys.sorted() + ["api", "network", "business"])
                return nil
            }
            offers = choices
        }
        if parts.count > 1 {
            let scopes = stateNames + flow.objects.map(\.name)
            if !scopes.contains(parts[0]) {
                reader.unknown(.unknownName, "state or object", parts[0], at: key.span, among: scopes)
            }
        }
        if case .sequence([]) = value.kind {
            reader.report(
                .wrongKind, at: value.span, "'\(text)' does nothing", help: "write a choice, or remove the line")
        }
        let lines = reader.items(value).flatMap { self.lines($0, actor: actor, offers: offers) }
        return .init(actor: actor, scope: parts.count > 1 ? parts[0] : nil, choices: lines, span: key.span)
    }

    /// `choice`, `choice argument`, `choice after 4d`; a signal's payload as a mapping under those words.
    private mutating func lines(_ node: YAMLNode, actor: String, offers: [String]) -> [Scenario.Script.Line] {
        if case .mapping(let entries) = node.kind {
            guard actor == "business" else {
                reader.expected("a choice", for: "what '\(actor)' does", at: node)
                return []
            }
            return entries.compactMap { entry in
                guard let words = self.words(entry.key, actor: actor, offers: offers) else { return nil }
                let payload = entry.value.isEmptyValue ? nil : checked(reader.template(entry.value))
                checkPayload(entry.value, of: words)
                return .init(words: words, payload: payload, span: entry.key.span)
            }
        }
        return words(node, actor: actor, offers: offers).map { [.init(words: $0, span: node.span)] } ?? []
    }

    private mutating func words(_ node: YAMLNode, actor: String, offers: [String]) -> Template? {
        guard let text = reader.text(node, of: "a choice") else { return nil }
        let template = checked(reader.template(node))
        guard template.literal != nil else { return template }
        switch ChoiceWords.read(text) {
        case .failure(let problem):
            reader.report(.unknownChoice, at: node.span, problem.text)
            return nil
        case .success(let choice):
            guard offers.contains(choice.name) else {
                reader.unknown(
                    .unknownChoice, "choice", choice.name, at: node.span, among: offers, in: " of '\(actor)'")
                return nil
            }
            checkArgument(choice, of: actor, at: node.span)
            return .literal(.string(text))
        }
    }

    private mutating func checkArgument(_ choice: ChoiceWords, of actor: String, at span: Span) {
        guard let argument = choice.argument else { return }
        if let known = Self.arguments["\(actor) \(choice.name)"] {
            if known.contains(argument) { return }
            return reader.unknown(
                .unknownChoice, "word", argument, at: span, among: known, in: " behind '\(choice.name)'",
                help: known.isEmpty ? "remove it" : nil)
        }
        // Codes are an open set: only what is nearly one of them is a mistake.
        let codes = catalog.errors.declines
        guard ["issuer", "bank"].contains(actor), !codes.contains(argument),
            let closest = Spelling.closest(to: argument, among: codes, differing: 2)
        else { return }
        reader.report(
            .unknownChoice, at: span, "unknown reason '\(argument)'", label: "did you mean '\(closest)'?",
            help: "write '\(closest)'")
    }
}

/// What somebody decides, in words: `declines insufficient_funds after 4d`.
package struct ChoiceWords: Sendable, Hashable {
    package var name: String
    package var argument: String?
    package var after: Duration?

    package init(name: String, argument: String? = nil, after: Duration? = nil) {
        self.name = name
        self.argument = argument
        self.after = after
    }

    /// As it is written: `declines lost_card after 2d`.
    package var text: String {
        name + (argument.map { " \($0)" } ?? "") + (after.map { " after \($0.compact)" } ?? "")
    }

    package static func read(_ text: String) -> Result<ChoiceWords, InputType.Problem> {
        var words = text.split(separator: " ").map(String.init)
        guard let name = words.first else { return .failure(.init(text: "a choice is missing")) }
        words.removeFirst()
        var choice = ChoiceWords(name: name)
        if let at = words.firstIndex(of: "after") {
            guard at + 2 == words.count, let duration = Duration.parse(words[at + 1]) else {
                return .failure(.init(text: "'after' needs a duration such as 4d"))
            }
            choice.after = duration
            words.removeLast(2)
        }
        if !words.isEmpty { choice.argument = words.joined(separator: " ") }
        return .success(choice)
    }
}
