// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateText
import FaregateValues

// Edges, guards, assertions, and the names that expressions use.
extension FlowDecoder {
    static let branchKeys = ["target", "guard", "assert", "events"]
    static let assertionKeys = ["on", "assert"]

    mutating func edges(
        _ key: YAMLNode, _ value: YAMLNode, objects: [Int], verb: String, taken: [FlowGraph.Edge]
    ) -> [FlowGraph.Edge] {
        guard let text = reader.text(key, of: "a key of 'on'") else { return [] }
        let branches = branches(value, stay: verb == "wait", of: "'\(text)'")
        var edges: [FlowGraph.Edge] = []
        for name in text.split(separator: "|").map({ $0.trimmed }) {
            guard let edgeKey = edgeKey(name, at: key, objects: objects, verb: verb) else { continue }
            if (taken + edges).contains(where: { $0.key == edgeKey }) {
                reader.report(.repeatedEdge, at: key.span, "'\(name)' is already handled in this state")
                continue
            }
            edges.append(.init(key: edgeKey, branches: branches, span: key.span))
        }
        return edges
    }

    private mutating func edgeKey(_ name: String, at node: YAMLNode, objects: [Int], verb: String) -> FlowGraph.Key? {
        if verb == "run" { return .final(name) }
        if let signal = flow.signal(named: name), verb == "wait" { return .signal(signal) }
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        if parts.count == 2 {
            if let object = objects.first(where: { flow.objects[$0].name == parts[0] }),
                let status = status(parts[1], of: object)
            {
                return .status(object: object, status: status)
            }
            if catalog.eventTypes.contains(name) { return .event(name) }
            if let object = objects.first(where: { flow.objects[$0].name == parts[0] }) {
                reader.unknown(.unknownStatus, "status", parts[1], at: node.span, among: statusNames(of: object))
            } else {
                reader.unknown(
                    .unknownEvent, "event or signal", name, at: node.span,
                    among: flow.signals.map(\.name) + catalog.eventTypes)
            }
            return nil
        }
        for object in objects {
            if let status = status(name, of: object) { return .status(object: object, status: status) }
        }
        if objects.isEmpty, isTorn { return nil }
        let known = objects.flatMap { statusNames(of: $0) } + (verb == "wait" ? flow.signals.map(\.name) : [])
        let owner = objects.first.map { " of \(catalog.graphs[flow.objects[$0].lifecycle].lifecycle.name)" } ?? ""
        reader.unknown(.unknownStatus, "status", name, at: node.span, among: known, in: owner)
        return nil
    }

    func status(_ name: String, of object: Int) -> Int? {
        catalog.graphs[flow.objects[object].lifecycle].lifecycle.status(named: name, version: flow.version)
    }

    private func statusNames(of object: Int) -> [String] {
        catalog.graphs[flow.objects[object].lifecycle].lifecycle.statuses.map { $0.name(in: flow.version) }
    }

    mutating func catches(_ node: YAMLNode) -> [FlowGraph.CatchEdge] {
        var catches: [FlowGraph.CatchEdge] = []
        for (key, value) in reader.entries(node, of: "'catch'") {
            guard let text = reader.text(key, of: "a key of 'catch'") else { continue }
            let branches = branches(value, stay: false, of: "'\(text)'")
            for name in text.split(separator: "|").map({ $0.trimmed }) {
                if catches.contains(where: { $0.key == name }) {
                    reader.report(.repeatedEdge, at: key.span, "'\(name)' is already caught in this state")
                    continue
                }
                reader.checkError(name, at: key.span, catalog: catalog)
                catches.append(.init(key: name, branches: branches, span: key.span))
            }
        }
        return catches
    }

    mutating func timedEdges(_ node: YAMLNode) -> [FlowGraph.TimedEdge] {
        let entries = reader.entries(node, of: "'after'")
        if entries.count > 1 {
            reader.report(
                .misplacedKey, at: entries[1].key.span, "'after' takes one duration", help: "keep the shortest one")
        }
        return entries.prefix(1).compactMap { key, value in
            guard let branch = branch(value, stay: false) else { return nil }
            let template = checked(reader.template(key))
            if case .literal(.string(let text)) = template {
                guard let duration = Duration.parse(text) else {
                    reader.report(
                        .badDuration, at: key.span, "'\(text)' is no duration", help: "write 30s, 15m, 24h or 7d")
                    return nil
                }
                if duration < .zero { reportPast(text, at: key.span) }
                return .init(delay: .literal(.duration(duration)), branch: branch, span: key.span)
            }
            if case .expression = template { return .init(delay: template, branch: branch, span: key.span) }
            reader.report(.badDuration, at: key.span, "this is no duration", help: "write 30s, 15m, 24h or 7d")
            return nil
        }
    }

    /// `state`, `{target, guard, assert, events}`, or a list of those whose last has no guard.
    mutating func branches(_ node: YAMLNode, stay: Bool, of what: String) -> [FlowGraph.Branch] {
        var branches = reader.items(node).compactMap { branch($0, stay: stay) }
        checkLast(&branches, at: node, what: what)
        return branches
    }

    mutating func branch(_ node: YAMLNode, stay: Bool) -> FlowGraph.Branch? {
        guard case .mapping = node.kind else {
            guard let target = target(node, stay: stay) else { return nil }
            return .init(target: target, asserts: [], events: [], span: node.span)
        }
        let parts = reader.members(node, of: "an edge", known: Self.branchKeys)
        guard let targetNode = parts["target"] else {
            reader.report(.missingKey, at: node.span, "an edge needs a 'target'")
            return nil
        }
        let condition = parts["guard"].flatMap { reader.condition($0, of: "'guard'") }.map { checked($0) }
        let asserts = parts["assert"].map { assertions($0, object: nil) } ?? []
        let events = parts["events"].map { obligations($0) } ?? []
        guard let target = target(targetNode, stay: stay), (parts["guard"] == nil) == (condition == nil) else {
            return nil
        }
        return .init(condition: condition, target: target, asserts: asserts, events: events, span: targetNode.span)
    }

    private mutating func target(_ node: YAMLNode, stay: Bool) -> FlowGraph.Target? {
        if node.text == "stay", !stateNames.contains("stay") {
            if stay { return .stay }
            reader.report(.unknownTarget, at: node.span, "'stay' is a target in a wait only")
            return nil
        }
        return stateNumber(node).map { .state($0) }
    }

    mutating func stateNumber(_ node: YAMLNode) -> Int? {
        guard let name = reader.text(node, of: "a state") else { return nil }
        if let number = stateNames.firstIndex(of: name) { return number }
        reader.unknown(.unknownTarget, "state", name, at: node.span, among: stateNames)
        return nil
    }

    mutating func checkLast(_ branches: inout [FlowGraph.Branch], at node: YAMLNode, what: String) {
        if case .sequence(let items) = node.kind {
            if items.isEmpty {
                reader.report(
                    .lastBranch, at: node.span, "\(what) has no way out", help: "end it with an edge that has no guard")
            }
            // One that could not be read may be the way out.
            if items.count > branches.count { return }
        }
        guard let last = branches.last else { return }
        if last.condition != nil {
            reader.report(
                .lastBranch, at: last.span, "\(what) has no way out when no guard holds",
                help: "end it with an edge that has no guard")
        }
        if let early = branches.dropLast().first(where: { $0.condition == nil }) {
            reader.report(.lastBranch, at: early.span, "what follows this edge is never reached: it has no guard")
        }
    }

    mutating func assertions(_ node: YAMLNode, object: Int?) -> [FlowGraph.Assertion] {
        reader.items(node).compactMap { item in
            if case .mapping = item.kind {
                let parts = reader.members(item, of: "an assertion", known: Self.assertionKeys)
                guard let condition = parts["assert"].flatMap({ reader.condition($0, of: "'assert'") }) else {
                    return nil
                }
                var assertion = FlowGraph.Assertion(condition: checked(condition))
                if let node = parts["on"], let object, let name = node.text {
                    assertion.on = status(name, of: object)
                    if assertion.on == nil {
                        reader.unknown(.unknownStatus, "status", name, at: node.span, among: statusNames(of: object))
                    }
                }
                return assertion
            }
            return reader.condition(item, of: "'assert'").map { .init(condition: checked($0)) }
        }
    }

    /// `[type, type: CEL over event]`
    mutating func obligations(_ node: YAMLNode) -> [FlowGraph.Obligation] {
        reader.items(node).compactMap { item in
            var type = item
            var condition: Expression?
            if case .mapping(let entries) = item.kind, let entry = entries.first {
                type = entry.key
                condition = within(["event"]) { decoder in
                    decoder.reader.condition(entry.value, of: "an event's condition").map { decoder.checked($0) }
                }
            }
            guard let name = reader.text(type, of: "an event") else { return nil }
            guard catalog.eventTypes.contains(name) else {
                reader.unknown(.unknownEvent, "event", name, at: type.span, among: catalog.eventTypes)
                return nil
            }
            return .init(type: name, condition: condition, span: type.span)
        }
    }

    // MARK: Names in expressions

    /// Outputs are those of sub-runs; known when all states are read.
    mutating func checkOutputReferences() {
        for (state, span) in outputReferences where !tornStates.contains(state) && state < flow.states.count {
            if case .run = flow.states[state].verb { continue }
            reader.report(
                .unknownName, at: span, "'\(flow.states[state].name)' has no outputs: it runs no flow",
                help: "read the object itself, or what 'run:' has given")
        }
    }

    mutating func checked(_ template: Template) -> Template {
        for expression in template.expressions { checkNames(expression) }
        return template
    }

    mutating func checked(_ expression: Expression) -> Expression {
        checkNames(expression)
        return expression
    }

    /// Reads a part of the file whose expressions may use further names.
    mutating func within<Part>(_ names: [String], _ read: (inout Self) -> Part) -> Part {
        let outer = extraNames
        extraNames += names
        defer { extraNames = outer }
        return read(&self)
    }

    /// Names that only some places know, and which.
    private static let places = [
        "error": "in the edges of a call", "event": "in conditions under 'events'", "test": "in scenarios",
    ]

    private mutating func checkNames(_ expression: Expression) {
        let signals = flow.signals.map(\.name)
        let everywhere = Self.reserved.filter { Self.places[$0] == nil }
        let names = inputNames + flow.objects.map(\.name) + lostNames + everywhere + extraNames
        for reference in expression.program.references {
            guard let root = reference.path.first else { continue }
            let path = reference.path.joined(separator: ".")
            if signals.contains(where: { path == $0 || path.hasPrefix($0 + ".") }) { continue }
            if root == "test", extraNames.contains(root), reference.path.count > 1 {
                if reference.path[1] != "token" {
                    reader.unknown(
                        .unknownName, "name", path, at: expression.place(of: reference.range), among: ["test.token"])
                }
            } else if root == "visits" || root == "states", reference.path.count > 1 {
                if let state = stateNames.firstIndex(of: reference.path[1]) {
                    if root == "states" { outputReferences.append((state, expression.place(of: reference.range))) }
                    continue
                }
                reader.unknown(
                    .unknownTarget, "state", reference.path[1], at: expression.place(of: reference.range),
                    among: stateNames)
            } else if let places = Self.places[root], !names.contains(root) {
                reader.report(
                    .unknownName, at: expression.place(of: reference.range), "'\(root)' is known \(places) only")
            } else if !names.contains(root) {
                reader.unknown(
                    .unknownName, "name", root, at: expression.place(of: reference.range), among: names + signals)
            }
        }
    }
}

extension Substring {
    var trimmed: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
