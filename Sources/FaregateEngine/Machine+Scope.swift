// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateSpec
import FaregateText
import FaregateValues
import FaregateWire

// What expressions see, and what they say.
extension Machine {
    func value(of name: String) -> Value? {
        let frame = run.frame
        if let value = frame.inputs[name] { return value }
        if let object = flow.object(named: name) { return body(of: object) }
        if let time = time(name) { return time }
        if let signal = flow.signal(named: name) { return frame.signals[signal] ?? .null }
        switch name {
        case "now": return .timestamp(run.now.timestamp)
        case "omit": return .optional(nil)
        case "error": return run.error ?? .null
        case "methods": return catalog.methods
        case "currencies": return catalog.currencies
        case "visits":
            var visits = ValueMap()
            for (number, state) in flow.states.enumerated() { visits[state.name] = .int(Int64(frame.visits[number])) }
            return .map(visits)
        case "states": return .map(frame.outputs)
        default: return nil
        }
    }

    /// `payment.created`: a number on the wire, and a timestamp for expressions.
    private func time(_ name: String) -> Value? {
        guard let dot = name.firstIndex(of: "."), let object = flow.object(named: String(name[..<dot])) else {
            return nil
        }
        let field = String(name[name.index(after: dot)...])
        let lifecycle = catalog.graphs[flow.objects[object].lifecycle].lifecycle.name
        guard catalog.times[lifecycle]?.contains(field) == true, case .int(let seconds)? = body(of: object)[field]
        else { return nil }
        return .timestamp(Timestamp(seconds: seconds))
    }

    /// An object as the flow knows it: its last body, or only its id.
    private func body(of object: Int) -> Value {
        guard let id = run.frame.objects[object] else { return .null }
        if let snapshot = run.snapshots[id], snapshot.body.map != nil { return snapshot.body }
        return ["id": .string(id)]
    }

    /// The inputs, without those that the flow calls secret.
    var shownInputs: ValueMap {
        var inputs = run.frame.inputs
        for input in flow.inputs where input.secret && inputs[input.name] != nil {
            inputs[input.name] = .string(Redaction.mark)
        }
        return inputs
    }

    func evaluate(_ template: Template) throws(Violation) -> Value {
        do throws(ExpressionError) {
            return try template.evaluate { value(of: $0) }
        } catch {
            let failed = template.expressions.filter { $0.span == error.span && $0.source == error.source }
            throw violation(
                .expressionFailed, at: error.span, "'\(error.source)' cannot be computed: \(error.message)",
                conditions: failed.prefix(1).map(explained))
        }
    }

    func holds(_ condition: Expression, event: Value? = nil) throws(Violation) -> Bool {
        let lookup: (String) -> Value? = { $0 == "event" && event != nil ? event : value(of: $0) }
        switch condition.program.evaluate(lookup) {
        case .success(.bool(let truth)): return truth
        case .success(let other):
            throw violation(
                .expressionFailed, at: condition.span,
                "'\(condition.source)' is \(JSON.write(other)), not true or false",
                conditions: [condition.program.explain(lookup)])
        case .failure(let error):
            throw violation(
                .expressionFailed, at: condition.span, "'\(condition.source)' cannot be computed: \(error.message)",
                conditions: [condition.program.explain(lookup)])
        }
    }

    func assert(_ assertions: [FlowGraph.Assertion], status: Int? = nil) throws(Violation) {
        for assertion in assertions {
            if let on = assertion.on, on != status { continue }
            guard try holds(assertion.condition) else {
                throw violation(
                    .assertionFailed, at: assertion.condition.span,
                    "'\(assertion.condition.source)' does not hold in '\(state.name)'",
                    conditions: [explained(assertion.condition)])
            }
        }
    }

    /// A condition with the values that its parts have now, those of secret inputs hidden.
    func explained(_ condition: Expression) -> ExplainedTree {
        let secrets = flow.inputs.filter(\.secret).flatMap { run.frame.inputs[$0.name]?.heldTexts ?? [] }
        return hidden(condition.program.explain { value(of: $0) }, secrets.filter { !$0.isEmpty })
    }

    private func hidden(_ tree: ExplainedTree, _ secrets: [String]) -> ExplainedTree {
        guard !secrets.isEmpty else { return tree }
        var tree = tree
        if case .success(let value) = tree.value {
            let text = JSON.write(value)
            if secrets.contains(where: text.contains) { tree.value = .success(.string(Redaction.mark)) }
        }
        tree.children = tree.children.map { hidden($0, secrets) }
        return tree
    }

    /// The guards of some edges, none of which could be taken.
    func explained(_ branches: [FlowGraph.Branch]) -> [ExplainedTree] {
        branches.compactMap(\.condition).map(explained)
    }

    func violation(
        _ code: RunCode, _ kind: Violation.Kind = .failed, at span: Span, _ message: String, notes: [String] = [],
        help: String? = nil, conditions: [ExplainedTree] = [], rows: [DocumentedRow] = []
    ) -> Violation {
        Violation(
            kind: kind, finding: Finding(code.rawValue, in: flow.file, at: span, message, notes: notes, help: help),
            conditions: conditions, rows: rows)
    }

    // MARK: Keys

    /// Names a call or an effect: run, path, state and visit; nothing more, nothing less.
    var key: String {
        let frame = run.frame
        let text = "\(run.id)\u{1f}\(frame.path)\u{1f}\(state.name)\u{1f}\(frame.visits[frame.state])"
        return "fg1-" + StableHash(text).base32
    }

    /// A key that the flow gives itself, made one of this run where that is asked for; no longer than keys may be.
    func own(_ key: String) -> String {
        guard run.ownsKeys else { return key }
        let ending = "-" + StableHash(run.id).base32
        let room = 255 - ending.unicodeScalars.count
        if key.unicodeScalars.count <= room { return key + ending }
        return StableHash(key).base32 + ending
    }
}
