// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateValues
import FaregateWire

// Waits: level-triggered. A wait asks what is, never what has changed.
extension Machine {
    /// Ids of the objects that the present wait watches.
    var watched: [String] {
        guard case .wait(let wait) = state.verb, case .objects(let objects) = wait.subject else { return [] }
        return objects.compactMap { run.frame.objects[$0] }
    }

    mutating func begin(wait state: FlowGraph.State) throws(Violation) -> Next {
        guard case .wait(let wait) = state.verb else { return .fail(unexpected) }
        var pending = Run.PendingWait()
        switch wait.subject {
        case .objects(let objects):
            for object in objects where run.frame.objects[object] == nil {
                throw violation(
                    .unboundObject, at: state.verbSpan, "'\(flow.objects[object].name)' names no object yet")
            }
            if let timed = state.after.first { pending.deadline = try instant(after: timed.delay) }
        case .signal:
            if let timed = state.after.first { pending.deadline = try instant(after: timed.delay) }
        case .time(let template): pending.deadline = try instant(after: template)
        }
        facts.append(.waiting(state: state.name, until: pending.deadline))
        return try proceed(with: pending)
    }

    private var unexpected: Violation {
        violation(.expressionFailed, at: state.span, "'\(state.name)' is no wait")
    }

    /// A duration counts from the entry into the state; a timestamp is itself.
    private func instant(after template: Template) throws(Violation) -> Instant {
        let value = try evaluate(template)
        let instant: Instant?
        switch value {
        case .duration(let duration): instant = run.frame.entered.adding(duration)
        case .timestamp(let time): instant = time.instant
        case .string(let text): instant = Duration.parse(text).flatMap { run.frame.entered.adding($0) }
        default: instant = nil
        }
        guard let instant else {
            throw violation(.expressionFailed, at: state.verbSpan, "\(JSON.write(value)) is no duration to wait for")
        }
        return instant
    }

    mutating func proceed(with pending: Run.PendingWait) throws(Violation) -> Next {
        var wait = pending
        guard case .wait(let verb) = state.verb else { return .fail(unexpected) }
        if let (object, id) = unread(verb) { return look(at: object, id, wait, last: false) }
        if let action = try match(&wait, verb) { return action }
        if let deadline = wait.deadline, run.now >= deadline { return try timeIsOver(wait, verb) }
        run.phase = .waiting(wait)
        return .wait(
            .init(
                reason: .state, until: wait.deadline, objects: watched, signals: wantedSignals(verb), poll: verb.poll,
                takesEvents: takesEvents, id: "\(run.frame.path)\(state.name)#\(run.frame.visits[run.frame.state])"))
    }

    /// An object that must be read before the wait can be decided.
    private func unread(_ verb: FlowGraph.Wait) -> (object: Int, id: String)? {
        guard case .objects(let objects) = verb.subject else { return nil }
        for object in objects {
            guard let id = run.frame.objects[object], readable(object) else { continue }
            if run.snapshots[id]?.dirty ?? true { return (object, id) }
        }
        return nil
    }

    private func readable(_ object: Int) -> Bool {
        catalog.graphs[flow.objects[object].lifecycle].lifecycle.operation(named: "retrieve") != nil
    }

    private mutating func look(at object: Int, _ id: String, _ wait: Run.PendingWait, last: Bool) -> Next {
        let lifecycle = catalog.graphs[flow.objects[object].lifecycle].lifecycle
        let operation = lifecycle.operation(named: "retrieve")!
        let route = lifecycle.operations[operation].route!
        return send(
            .init(
                purpose: last ? .lastLook : .look, key: "\(key)/look/\(run.now.milliseconds)", object: object,
                operation: operation, objectID: id,
                request: Request(method: route.method, path: route.path(id: id), version: run.version), attempt: 0,
                budget: 3, sentAt: run.now, firstSentAt: run.now, wasDirty: false, wait: wait))
    }

    /// What a read of a waited-for object has brought.
    mutating func looked(_ wait: Run.PendingWait, last: Bool, error: APIError?) throws(Violation) -> Next {
        if let error {
            throw violation(
                .unhandledError, at: state.verbSpan,
                "what '\(state.name)' waits for cannot be read: \(error.code ?? error.type)")
        }
        guard last, case .wait(let verb) = state.verb else { return try proceed(with: wait) }
        var wait = wait
        if let action = try match(&wait, verb) { return action }
        return try expire()
    }

    /// Edges in order of their kind: statuses, signals, events.
    private mutating func match(_ wait: inout Run.PendingWait, _ verb: FlowGraph.Wait) throws(Violation) -> Next? {
        for edge in state.edges {
            guard case .status(let object, let status) = edge.key else { continue }
            let current = run.frame.objects[object].flatMap { run.snapshots[$0]?.status }
            if current != status {
                wait.handled.removeAll { $0 == edge.key }
            } else if !wait.handled.contains(edge.key) {
                if let action = try follow(edge, &wait) { return action }
            }
        }
        for edge in state.edges {
            guard case .signal(let signal) = edge.key else { continue }
            while takeSignal(signal) {
                if let action = try follow(edge, &wait) { return action }
            }
        }
        for edge in state.edges {
            guard case .event(let type) = edge.key else { continue }
            while let at = run.inbox.firstIndex(where: { $0.isEvent(type) }) {
                run.inbox.remove(at: at)
                if let action = try follow(edge, &wait) { return action }
            }
        }
        if case .signal(let signal) = verb.subject, takeSignal(signal), let target = state.target {
            return try take([target], cause: flow.signals[signal].name)
        }
        return nil
    }

    private mutating func takeSignal(_ signal: Int) -> Bool {
        let name = flow.signals[signal].name
        for (at, hint) in run.inbox.enumerated() {
            if case .signal(name, let payload) = hint {
                run.inbox.remove(at: at)
                run.frame.signals[signal] = payload
                return true
            }
        }
        return false
    }

    /// Leaves by an edge; nil where its target is `stay`.
    private mutating func follow(_ edge: FlowGraph.Edge, _ wait: inout Run.PendingWait) throws(Violation) -> Next? {
        let cause = name(of: edge.key)
        for branch in edge.branches {
            if let condition = branch.condition, try !holds(condition) { continue }
            if case .status(_, let status) = edge.key { try assert(state.asserts, status: status) }
            try assert(branch.asserts)
            switch branch.target {
            case .state(let target):
                facts.append(.decided(state: state.name, cause: cause, target: flow.states[target].name))
                return enter(target)
            case .stay:
                wait.handled.append(edge.key)
                facts.append(.decided(state: state.name, cause: cause, target: "stay"))
                return nil
            }
        }
        throw violation(
            .unhandledStatus, at: edge.span, "no edge of '\(state.name)' can be taken on '\(cause)'",
            conditions: explained(edge.branches))
    }

    /// The deadline has come: one last look, and what it shows goes before the time-out.
    private mutating func timeIsOver(_ wait: Run.PendingWait, _ verb: FlowGraph.Wait) throws(Violation) -> Next {
        if case .time = verb.subject, let target = state.target { return try take([target], cause: "time") }
        // `poll: never` hears of changes by events alone.
        if verb.poll != .never, case .objects(let objects) = verb.subject,
            let object = objects.first(where: { readable($0) }),
            let id = run.frame.objects[object]
        {
            return look(at: object, id, wait, last: true)
        }
        return try expire()
    }

    private mutating func expire() throws(Violation) -> Next {
        facts.append(.timeout(state: state.name))
        guard let timed = state.after.first else { return .fail(unexpected) }
        return try take([timed.branch], cause: "timeout")
    }

    private var takesEvents: Bool {
        state.edges.contains { if case .event = $0.key { true } else { false } }
    }

    private func wantedSignals(_ verb: FlowGraph.Wait) -> [String] {
        var names = state.edges.compactMap { edge -> String? in
            if case .signal(let signal) = edge.key { flow.signals[signal].name } else { nil }
        }
        if case .signal(let signal) = verb.subject { names.append(flow.signals[signal].name) }
        return names
    }
}

extension Run.Hint {
    func isEvent(_ wanted: String) -> Bool {
        if case .event(let type, _) = self { type == wanted } else { false }
    }
}
