// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

// States: one verb each, and the edges that leave them.
extension FlowDecoder {
    static let stateKeys = [
        "title", "call", "wait", "choose", "emit", "run", "final", "with", "options", "poll", "on", "catch", "after",
        "target", "assert", "events", "outputs",
    ]
    static let verbs = ["call", "wait", "choose", "emit", "run", "final"]
    /// The keys that a verb understands besides `title`.
    static let keysOfVerb: [String: [String]] = [
        "call": ["with", "options", "on", "catch", "assert", "events"],
        "wait": ["poll", "on", "after", "target", "assert", "events"],
        "choose": [],
        "emit": ["with", "target"],
        "run": ["with", "on"],
        "final": ["outputs"],
    ]

    /// Whether a mistake may have cost a state some of its edges.
    private static func tears(_ finding: Finding) -> Bool {
        let harmless = [SpecCode.unknownName, .wrongType].map(\.rawValue)
        return finding.severity == .error && !harmless.contains(finding.code)
    }

    mutating func decodeState(_ key: YAMLNode, _ node: YAMLNode) {
        guard let name = key.text else { return }
        let before = reader.findings.count
        isTorn = false
        defer { if isTorn { tornStates.insert(flow.states.count - 1) } }
        let parts = reader.members(node, of: "the state '\(name)'", known: Self.stateKeys)
        let found = Self.verbs.filter { parts[$0] != nil }
        var state = FlowGraph.State(
            name: name, title: reader.text(parts["title"], of: "'title'"), span: key.span,
            verb: .choose([]), verbSpan: key.span)
        guard found.count == 1, let verb = found.first, let subject = parts[verb] else {
            // A misspelt verb has been told.
            if !found.isEmpty || reader.findings.count == before {
                reader.report(
                    .notOneVerb, at: key.span,
                    found.isEmpty
                        ? "the state '\(name)' does nothing"
                        : "the state '\(name)' has \(found.count) verbs: \(found.joined(separator: ", "))",
                    help: "give it exactly one of \(Self.verbs.joined(separator: ", "))")
            }
            isTorn = true
            flow.states.append(state)
            return
        }
        state.verbSpan = subject.span
        let allowed = Self.keysOfVerb[verb]!
        for misplaced in Self.stateKeys
        where parts[misplaced] != nil && misplaced != "title" && misplaced != verb && !allowed.contains(misplaced) {
            reader.report(
                .misplacedKey, at: parts[misplaced]!.span, "'\(misplaced)' means nothing in a state with '\(verb)'")
        }
        state.onSpan = node.mapping?.first { $0.key.text == "on" }?.key.span
        let context = decodeVerb(verb, subject, parts, into: &state)
        if let node = parts["assert"] { state.asserts = assertions(node, object: context.first) }
        if let node = parts["events"] { state.events = obligations(node) }
        within(verb == "call" ? ["error"] : []) { decoder in
            if let node = parts["on"], allowed.contains("on") {
                for (key, value) in decoder.reader.entries(node, of: "'on'") {
                    state.edges += decoder.edges(key, value, objects: context, verb: verb, taken: state.edges)
                }
            }
            if let node = parts["catch"] { state.catches = decoder.catches(node) }
        }
        if let node = parts["after"] { state.after = timedEdges(node) }
        if let node = parts["target"], verb == "wait" || verb == "emit" { state.target = branch(node, stay: false) }
        // What is missing may be what could not be read.
        if reader.findings[before...].contains(where: Self.tears) { isTorn = true }
        if !isTorn { reportMissingExits(state, verb) }
        flow.states.append(state)
    }

    /// Reads the verb itself; gives the objects whose statuses `on` may name.
    private mutating func decodeVerb(
        _ verb: String, _ subject: YAMLNode, _ parts: [String: YAMLNode], into state: inout FlowGraph.State
    ) -> [Int] {
        switch verb {
        case "call":
            let with = parts["with"].map { namedTemplates($0, of: "'with'", known: nil) } ?? []
            let options = parts["options"].map { self.options($0) } ?? []
            guard let (object, operation) = callName(subject) else {
                isTorn = true
                return []
            }
            if let node = parts["with"] {
                let catches = parts["catch"]?.mapping?.compactMap(\.key.text) ?? []
                checkParameters(node, object: object, operation: operation, catches: catches)
            }
            state.verb = .call(.init(object: object, operation: operation, with: with, options: options))
            return [object]
        case "wait":
            guard let subject = waitSubject(subject) else {
                isTorn = true
                return []
            }
            state.verb = .wait(.init(subject: subject, poll: poll(parts["poll"])))
            if case .objects(let objects) = subject { return objects }
        case "choose":
            var branches = reader.items(subject).compactMap { branch($0, stay: false) }
            checkLast(&branches, at: subject, what: "'choose'")
            state.verb = .choose(branches)
        case "emit":
            let with = parts["with"].map { checked(reader.template($0)) } ?? .literal(.map([:]))
            state.verb = .emit(name: reader.text(subject, of: "'emit'") ?? "", with: with)
        case "run":
            let with = parts["with"].map { namedTemplates($0, of: "'with'", known: nil) } ?? []
            state.verb = .run(flow: reader.text(subject, of: "'run'") ?? "", with: with)
        default:
            let text = reader.text(subject, of: "'final'") ?? ""
            let kind = FlowGraph.Final.Kind(rawValue: text)
            if kind == nil {
                reader.unknown(
                    .wrongKind, "end", text, at: subject.span, among: FlowGraph.Final.Kind.allCases.map(\.rawValue))
            }
            let outputs = parts["outputs"].map { namedTemplates($0, of: "'outputs'", known: nil) } ?? []
            state.verb = .final(.init(kind: kind ?? .failure, outputs: outputs))
        }
        return []
    }

    private mutating func reportMissingExits(_ state: FlowGraph.State, _ verb: String) {
        switch state.verb {
        case .call where state.edges.isEmpty && state.catches.isEmpty:
            reader.report(
                .missingKey, at: state.span, "'\(state.name)' does not say what follows",
                help: "add    on: {<status>: <state>}")
        case .wait(let wait):
            if case .objects = wait.subject {
                if state.edges.isEmpty {
                    reader.report(
                        .missingKey, at: state.span, "'\(state.name)' does not say what it waits for",
                        help: "add    on: {<status>: <state>}")
                }
                if let target = state.target {
                    reader.report(
                        .misplacedKey, at: target.span, "a wait for an object leaves by 'on', not by 'target'")
                }
            } else if case .time = wait.subject, let timed = state.after.first {
                reader.report(
                    .misplacedKey, at: timed.span, "'after' never comes in a wait for a time",
                    help: "wait for the shorter of the two")
            } else if state.target == nil {
                reader.report(
                    .missingKey, at: state.span, "'\(state.name)' does not say what follows",
                    help: "add    target: <state>")
            }
        case .emit where state.target == nil:
            reader.report(
                .missingKey, at: state.span, "'\(state.name)' does not say what follows", help: "add    target: <state>"
            )
        case .run where state.edges.isEmpty:
            reader.report(
                .missingKey, at: state.span, "'\(state.name)' does not say what follows",
                help: "add    on: {<final state>: <state>}")
        default: break
        }
    }

    mutating func callName(_ node: YAMLNode) -> (object: Int, operation: Int)? {
        guard let text = reader.text(node, of: "'call'") else { return nil }
        guard let dot = text.lastIndex(of: ".") else {
            reader.report(.unknownOperation, at: node.span, "'\(text)' is no call", help: "write object.operation")
            return nil
        }
        let name = String(text[..<dot])
        let operationName = String(text[text.index(after: dot)...])
        guard let object = flow.object(named: name) else {
            unknownObject(name, at: node.span)
            return nil
        }
        let lifecycle = catalog.graphs[flow.objects[object].lifecycle].lifecycle
        let callable = lifecycle.operations.filter { $0.route != nil }.map(\.name)
        guard let operation = lifecycle.operation(named: operationName), lifecycle.operations[operation].route != nil
        else {
            reader.unknown(
                .unknownOperation, "operation", operationName, at: node.span, among: callable,
                in: " of \(lifecycle.name)")
            return nil
        }
        return (object, operation)
    }

    private mutating func unknownObject(_ name: String, at span: Span) {
        if lostNames.contains(name) { return }
        reader.unknown(
            .unknownName, "object", name, at: span, among: flow.objects.map(\.name),
            help: "declare it:    objects: {\(name): <lifecycle>}")
    }

    private mutating func waitSubject(_ node: YAMLNode) -> FlowGraph.Wait.Subject? {
        if case .sequence(let items) = node.kind {
            var objects: [Int] = []
            for item in items {
                guard let name = reader.text(item, of: "an object") else { continue }
                guard let object = flow.object(named: name) else {
                    unknownObject(name, at: item.span)
                    return nil
                }
                objects.append(object)
            }
            return .objects(objects)
        }
        guard let text = reader.text(node, of: "'wait'") else { return nil }
        if let object = flow.object(named: text) { return .objects([object]) }
        if let signal = flow.signal(named: text) { return .signal(signal) }
        let template = checked(reader.template(node))
        switch template {
        case .literal(.string(let text)):
            if let duration = Duration.parse(text) {
                if duration < .zero { reportPast(text, at: node.span) }
                return .time(.literal(.duration(duration)))
            }
            if lostNames.contains(text) { return nil }
            reader.unknown(
                .unknownName, "object, signal or duration", text, at: node.span,
                among: flow.objects.map(\.name) + flow.signals.map(\.name))
            return nil
        case .expression: return .time(template)
        default:
            reader.report(
                .badDuration, at: node.span, "'\(text)' is nothing to wait for",
                help: "write an object, a signal, or a duration such as 24h")
            return nil
        }
    }

    mutating func reportPast(_ text: String, at span: Span) {
        reader.report(.badDuration, at: span, "'\(text)' lies in the past", help: "write it without the '-'")
    }

    private mutating func poll(_ node: YAMLNode?) -> FlowGraph.Wait.Poll {
        guard let node, let text = reader.text(node, of: "'poll'") else { return .standard }
        if text == "never" { return .never }
        if let duration = Duration.parse(text), duration.seconds > 0 || duration.nanoseconds > 0 {
            return .every(duration)
        }
        reader.report(
            .badDuration, at: node.span, "'\(text)' is no interval", help: "write a duration such as 3s, or never")
        return .standard
    }

    mutating func namedTemplates(_ node: YAMLNode, of what: String, known: [String]?) -> [Template.Member] {
        var members: [Template.Member] = []
        for (key, value) in reader.entries(node, of: what) {
            guard let name = key.text else { continue }
            if let known, !known.contains(name) {
                reader.unknown(.unknownKey, "key", name, at: key.span, among: known, in: " in \(what)")
                continue
            }
            if value.isEmptyValue {
                reader.findings.append(value.emptyValueFinding(key: key, in: reader.source))
                continue
            }
            let place = Template.Member.Place(key: key.span, value: value.span)
            members.append(.init(key: name, value: checked(reader.template(value)), place: place))
        }
        return members
    }
}
