// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
import FaregateValues
import FaregateWire

// Calls: sending, answers, refusals, repeats.
extension Machine {
    mutating func begin(_ call: FlowGraph.Call) throws(Violation) -> Next {
        var params = ValueMap()
        for member in call.with {
            let value = try evaluate(member.value)
            if value != .optional(nil) { params[member.key] = value.unwrapped }
        }
        var options = ValueMap()
        for member in flow.options + call.options { options[member.key] = try evaluate(member.value) }
        let object = flow.objects[call.object]
        let lifecycle = catalog.graphs[object.lifecycle].lifecycle
        let operation = lifecycle.operations[call.operation]
        let route = operation.route!
        let id = route.takesID ? run.frame.objects[call.object] : nil
        if route.takesID, id == nil {
            throw violation(
                .unboundObject, at: state.verbSpan, "'\(object.name)' names no object yet",
                help: "create it first, or make the call that gives its id")
        }
        let request = Request(
            method: route.method, path: route.path(id: id), params: .map(params), version: run.version,
            idempotencyKey: route.method == "POST" ? options["idempotency_key"]?.string.map(own) ?? key : nil,
            account: options["stripe_account"]?.string.flatMap { $0.isEmpty ? nil : $0 })
        return send(
            .init(
                purpose: .state, key: key, object: call.object, operation: call.operation, objectID: id,
                request: request, attempt: 0, budget: Int(options["max_network_retries"]?.int ?? 3),
                timeout: duration(options["timeout"]), sentAt: run.now, firstSentAt: run.now, wasDirty: false))
    }

    /// `30s`, or a number of seconds.
    private func duration(_ option: Value?) -> Duration? {
        switch option {
        case .duration(let duration)?: duration
        case .int(let seconds)?: Duration(seconds: seconds)
        case .string(let text)?: Duration.parse(text)
        default: nil
        }
    }

    mutating func send(_ pending: Run.PendingCall) -> Next {
        var call = pending
        call.sentAt = run.now
        if let id = call.objectID, var snapshot = run.snapshots[id] {
            // The first answer to this very request will be newer than what was heard before it.
            call.wasDirty = snapshot.dirty
            // What comes while a read is on its way may be newer than what it brings.
            if call.attempt == 0 || call.purpose != .state { snapshot.dirty = false }
            run.snapshots[id] = snapshot
        }
        run.phase = .calling(call)
        let action = action(of: call)
        facts.append(
            .called(
                key: call.key, lifecycle: action.lifecycle, operation: action.operation, request: call.request,
                attempt: call.attempt))
        return .call(action)
    }

    func action(of call: Run.PendingCall) -> Action.Call {
        let lifecycle = lifecycle(of: call)
        return Action.Call(
            id: call.key, request: call.request, attempt: call.attempt, lifecycle: lifecycle.name,
            operation: lifecycle.operations[call.operation].name, timeout: call.timeout)
    }

    func lifecycle(of call: Run.PendingCall) -> Lifecycle {
        catalog.graphs[flow.objects[call.object].lifecycle].lifecycle
    }

    // MARK: Answers

    mutating func answered(_ call: Run.PendingCall, _ response: Response) throws(Violation) -> Next {
        let lifecycle = lifecycle(of: call)
        let name = lifecycle.operations[call.operation].name
        let error = response.error
        let body = try subject(of: response, to: call)
        if let error, isRepeatable(response, error) { return try busy(call, response, error) }
        facts.append(
            .answered(
                operation: "\(lifecycle.name).\(name)", status: response.status, objectID: body?["id"]?.string,
                objectStatus: body?["status"]?.string, error: error?.body, requestID: response.requestID,
                replayed: response.replayed))
        run.error = error?.body
        if let error { try refuseWhatCannotBeCaught(error, response.status, call) }
        // A repeated read is as fresh as a first one: only what changes things is stored under its key.
        let before = call.objectID.flatMap { run.snapshots[$0] }
        let repeated = response.replayed || (call.attempt > 0 && call.request.method == "POST")
        if let body {
            try learn(body, from: call, repeated: repeated, error: error)
        } else if let id = call.objectID, call.wasDirty {
            run.snapshots[id]?.dirty = true
        }
        updateViews()
        if let wait = call.wait { return try looked(wait, last: call.purpose == .lastLook, error: error) }
        return try leaveCall(call, error, before: before)
    }

    private func isRepeatable(_ response: Response, _ error: APIError) -> Bool {
        // The first request with the key still runs: advised against repeats or not, nobody knows what comes of it.
        if error.isKeyInUse { return true }
        if let advice = response.shouldRetry { return advice }
        return response.status == 409 || response.status == 429 || response.status >= 500
    }

    private func refuseWhatCannotBeCaught(
        _ error: APIError, _ status: Int, _ call: Run.PendingCall
    ) throws(Violation) {
        if status == 401 || status == 403, call.inDoubt {
            throw unknownOutcome(call, notes: ["the last attempt: HTTP \(status): \(error.message)"])
        }
        if status == 401 || status == 403 {
            throw violation(
                .cannotRun, .cannotRun, at: state.verbSpan,
                "the API does not let this key in (HTTP \(status)): \(error.message)", help: "check STRIPE_API_KEY")
        }
        if status == 501, error.code == "not_modelled" {
            throw violation(
                .cannotRun, .cannotRun, at: state.verbSpan, "'\(state.name)' cannot be played: \(error.message)",
                help: "leave it out, or run the flow against the API with --transport")
        }
        if error.type == "idempotency_error" {
            throw violation(
                .keyMisused, at: state.verbSpan,
                "the key '\(call.request.idempotencyKey ?? "")' was used for another request",
                help: "give each visit of '\(state.name)' a key of its own")
        }
    }

    /// - Parameter before: what was known of the object when it was called.
    private mutating func leaveCall(
        _ call: Run.PendingCall, _ error: APIError?, before: Run.Snapshot?
    ) throws(Violation) -> Next {
        let snapshot = run.frame.objects[call.object].flatMap { run.snapshots[$0] }
        if let error {
            if let caught = state.catches.first(keys: catchKeys(error)) {
                return try take(caught.branches, cause: error.code ?? error.type)
            }
            guard let snapshot, call.tookPlace(in: snapshot, error, machine: self) else {
                throw unhandled(error, call, before: before)
            }
        }
        guard let status = snapshot?.status else {
            throw violation(
                .unreadableAnswer, at: state.verbSpan,
                "the answer does not tell the status of '\(flow.objects[call.object].name)'")
        }
        if error == nil {
            try assert(state.asserts, status: status)
            oblige(state.events, call, snapshot)
        }
        return try leave(
            by: .status(object: call.object, status: status), call: call, before: before, snapshot: snapshot)
    }

    /// The most special key first.
    private func catchKeys(_ error: APIError) -> [String] {
        [error.declineCode, error.code, error.type].compactMap { $0 }
    }

    private func unhandled(_ error: APIError, _ call: Run.PendingCall, before: Run.Snapshot?) -> Violation {
        let name = TerminalText.fit(TerminalText.safe(error.declineCode ?? error.code ?? error.type), 100)
        var notes = ["the API said: \(error.message.isEmpty ? "(nothing)" : String(error.message.prefix(200)))"]
        let rows = refusals(call, before: before, keys: catchKeys(error))
        if !rows.isEmpty { notes.append("documented: \(rows.map(\.id).joined(separator: ", "))") }
        return violation(
            .unhandledError, at: state.verbSpan, "'\(state.name)' does not say what happens on the error '\(name)'",
            notes: notes, help: "add    catch: {\(error.code ?? error.type): <state>}",
            rows: rows)
    }

    mutating func leave(
        by key: FlowGraph.Key, call: Run.PendingCall, before: Run.Snapshot?, snapshot: Run.Snapshot?
    ) throws(Violation) -> Next {
        let cause = name(of: key)
        guard let edge = state.edges.first(where: { $0.key == key }) else {
            let rows = documentedRows(call, before: before, key)
            let ids = Set(rows.map(\.id)).sorted().joined(separator: ", ")
            throw violation(
                .unhandledStatus, at: state.onSpan ?? state.span,
                "'\(state.name)' does not say what happens on '\(cause)'",
                notes: rows.isEmpty ? [] : ["documented by \(ids)"], help: "add    \(cause): <state>", rows: rows)
        }
        for branch in edge.branches {
            if let condition = branch.condition, try !holds(condition) { continue }
            try assert(branch.asserts)
            oblige(branch.events, call, snapshot)
            guard case .state(let target) = branch.target else { continue }
            facts.append(.decided(state: state.name, cause: cause, target: flow.states[target].name))
            return enter(target)
        }
        throw violation(
            .unhandledStatus, at: edge.span, "no edge of '\(state.name)' can be taken on '\(cause)'",
            conditions: explained(edge.branches))
    }

    func name(of key: FlowGraph.Key) -> String {
        switch key {
        case .status(let object, let status):
            catalog.graphs[flow.objects[object].lifecycle].lifecycle.statuses[status].name(in: flow.version)
        case .signal(let signal): flow.signals[signal].name
        case .event(let type): type
        case .final(let name): name
        }
    }

    // MARK: Repeats

    mutating func failed(
        _ call: Run.PendingCall, _ failure: Reply.Failure, _ reason: String
    ) throws(Violation) -> Next {
        facts.append(.failed(failure, operation: lifecycle(of: call).operations[call.operation].name))
        let call = failure == .unknown ? doubted(call) : call
        if failure == .refused, !call.inDoubt {
            throw violation(
                .cannotRun, .cannotRun, at: state.verbSpan, "the API cannot be used: \(reason)",
                help: "check the address that --transport gives")
        }
        if failure != .refused, call.attempt < call.budget { return try again(call, failure.rawValue) }
        let isUnsent = failure == .unsent && !call.inDoubt
        let key = isUnsent ? "connection" : "timeout"
        if let caught = state.catches.first(keys: [key]) {
            run.error = ["type": .string(key)]
            if let id = call.objectID { run.snapshots[id]?.dirty = true }
            return try take(caught.branches, cause: key)
        }
        let notes = reason.isEmpty ? [] : ["the last attempt: \(reason)"]
        guard isUnsent else { throw unknownOutcome(call, notes: notes) }
        throw violation(
            .cannotRun, .cannotRun, at: state.verbSpan, "the API cannot be reached", notes: notes,
            help:
                "check the network and the address; a flow that is to go on all the same has a catch: {connection: <state>}"
        )
    }

    private func unknownOutcome(_ call: Run.PendingCall, notes: [String]) -> Violation {
        violation(
            .outcomeUnknown, .outcomeUnknown, at: state.verbSpan,
            "nobody knows whether '\(state.name)' was applied: no answer came in \(call.attempt + 1) attempts",
            notes: notes, help: "add    catch: {timeout: <state>}")
    }

    /// What only reads leaves no doubt.
    private func doubted(_ call: Run.PendingCall) -> Run.PendingCall {
        var call = call
        call.inDoubt = call.inDoubt || call.request.method != "GET"
        return call
    }

    /// The API would not, or could not, answer as documented: it is asked again, and after that only a `catch` helps.
    private mutating func busy(_ call: Run.PendingCall, _ response: Response, _ error: APIError) throws(Violation)
        -> Next
    {
        // A server that broke may have carried the call out, as one that did not answer.
        let call = response.status >= 500 ? doubted(call) : call
        let keys = catchKeys(error) + (response.status >= 500 || error.isKeyInUse ? ["timeout"] : [])
        let mayRepeat = call.attempt < call.budget && response.shouldRetry != false
        guard !mayRepeat, let caught = state.catches.first(keys: keys) else {
            guard mayRepeat || !error.isKeyInUse else {
                throw violation(
                    .outcomeUnknown, .outcomeUnknown, at: state.verbSpan,
                    "nobody knows what comes of '\(state.name)': a request with its key is still running",
                    help: "add    catch: {timeout: <state>}, or run it again with a key of its own")
            }
            return try again(call, "the answer was \(response.status)", notBefore: response.retryAfter)
        }
        run.error = error.body
        if let id = call.objectID { run.snapshots[id]?.dirty = true }
        return try take(caught.branches, cause: error.code ?? error.type)
    }

    private mutating func again(
        _ call: Run.PendingCall, _ why: String, notBefore: Duration? = nil
    ) throws(Violation) -> Next {
        guard call.attempt < call.budget else {
            throw violation(
                .outcomeUnknown, .outcomeUnknown, at: state.verbSpan,
                "'\(state.name)' was given up after \(call.attempt + 1) attempts: \(why)")
        }
        var next = call
        next.attempt += 1
        let pause = max(backOff(call), min(notBefore ?? .zero, Self.longestAdvice))
        facts.append(
            .retrying(
                operation: lifecycle(of: call).operations[call.operation].name, attempt: next.attempt, after: pause))
        let until = run.now.adding(pause) ?? run.now
        run.phase = .paused(next, until: until)
        return retryWait(next, until: until)
    }

    /// Of what `Retry-After` asks for, as the official clients take it.
    private static let longestAdvice = Duration(seconds: 60)

    /// 0.5 s, doubled each time up to 5 s, times a factor of [0.5, 1] from the call's key; never below 0.5 s.
    private func backOff(_ call: Run.PendingCall) -> Duration {
        let base = min(500 << min(call.attempt, 5), 5000)
        let share = Int64(StableHash("\(call.key)/\(call.attempt)").low % 501)
        return Duration(milliseconds: max(500, Int64(base) * (500 + share) / 1000))
    }

    func retryWait(_ call: Run.PendingCall, until: Instant) -> Next {
        .wait(
            .init(
                reason: .retry, until: until, objects: [], signals: [], poll: .never, id: "\(call.key)/\(call.attempt)")
        )
    }
}

extension APIError {
    /// A request with the same key has not been answered yet.
    fileprivate var isKeyInUse: Bool { code == "idempotency_key_in_use" }
}

extension [FlowGraph.CatchEdge] {
    /// The edge of the first key that has one.
    func first(keys: [String]) -> FlowGraph.CatchEdge? {
        for key in keys {
            if let edge = first(where: { $0.key == key }) { return edge }
        }
        return nil
    }
}
