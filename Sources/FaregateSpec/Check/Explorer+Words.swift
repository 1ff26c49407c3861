// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

// What is wrong, in words.
extension Explorer {
    func note(
        _ code: CheckCode, _ severity: Finding.Severity, _ here: Here, subject: String, at span: Span,
        _ message: String,
        label: String = "", because: [String] = [], help: String? = nil, arrow: String? = nil,
        assumption: String? = nil,
        waiting: Int? = nil, met: [Int] = []
    ) {
        pending.append(
            .init(
                code: code, severity: severity, state: here.state, subject: subject, span: span, message: message,
                label: label, because: because, help: help, arrow: arrow, configuration: here.number,
                checkCase: here.checkCase, tier: here.tier, assumption: assumption, waiting: waiting, met: met))
        faulty.insert(here.number)
    }

    // MARK: Statuses

    func noteUnhandledStatus(
        _ status: Int, of object: Int, _ request: Request, _ outcome: RowOutcome, _ here: Here
    ) {
        if here.tier == .supposed, !outcome.certain || request.isGuess { return }
        let name = statusName(status, of: object)
        var clauses = moved(request.moves)
        let operation = operationName(request.call)
        clauses.append(
            outcome.rows.isEmpty
                ? "a read may then show '\(name)'" : "\(operation) then answers '\(name)' (\(outcome.rows.last!))")
        noteUnhandledStatus(
            status, of: object, clauses, here, assumption: assumption(outcome, request, here), waiting: false)
    }

    func noteUnhandledStatus(
        _ status: Int, of object: Int, _ moves: [Cause], waiting: Bool, _ here: Here, tier: Tier
    ) {
        var scope = here
        scope.tier = tier
        var clauses = moved(moves)
        if let last = clauses.popLast() {
            clauses.append("\(last) and '\(flow.objects[object].name)' becomes '\(statusName(status, of: object))'")
        }
        noteUnhandledStatus(status, of: object, clauses, scope, assumption: haste(moves, here), waiting: waiting)
    }

    private func noteUnhandledStatus(
        _ status: Int, of object: Int, _ because: [String], _ here: Here, assumption: String?, waiting: Bool
    ) {
        let state = flow.states[here.state]
        let name = statusName(status, of: object)
        let handled = state.edges.compactMap { edge -> String? in
            if case .status(let owner, let status) = edge.key { statusName(status, of: owner) } else { nil }
        }
        let isShared =
            if case .wait(let wait) = state.verb, case .objects(let all) = wait.subject { all.count > 1 } else { false }
        let key = isShared ? "\(flow.objects[object].name).\(name)" : name
        note(
            .unhandledStatus, .error, here, subject: key, at: state.onSpan ?? state.span,
            "'\(state.name)' does not say what happens on '\(key)'",
            label: handled.isEmpty ? "" : "handles \(handled.joined(separator: ", "))", because: because,
            help: (state.onSpan == nil ? "add    on: {\(key): <state>}" : "add    \(key): <state>")
                + (waiting ? ", or    \(key): stay" : ""),
            arrow: name, assumption: assumption, waiting: waiting ? Self.packed(object, status) : nil)
    }

    func noteUnhandledError(_ code: String, _ request: Request, _ outcome: RowOutcome, _ here: Here) {
        if here.tier == .supposed, !outcome.certain || request.isGuess { return }
        if outcome.certain, !request.isGuess, noteDeadReferences(request, outcome, here) { return }
        let state = flow.states[here.state]
        let key = code.isEmpty ? Self.errorType(code) : code
        var clauses = moved(request.moves)
        clauses.append(refusal(request, outcome))
        note(
            .unhandledError, .error, here, subject: key, at: state.verbSpan,
            "'\(state.name)' does not say what happens on the error '\(key)'", because: clauses,
            help: state.catches.isEmpty ? "add    catch: {\(key): <state>}" : "add to 'catch'    \(key): <state>",
            arrow: key,
            assumption: assumption(outcome, request, here))
    }

    /// What has to be assumed for an outcome to come about.
    func assumption(_ outcome: RowOutcome, _ request: Request, _ here: Here) -> String? {
        let all = [outcome.certain ? nil : outcome.assumption, haste(request.moves, here)].compactMap { $0 }
        return all.isEmpty ? nil : all.joined(separator: " && ")
    }

    /// `setup_intent.cancel is refused in succeeded (S31)`
    func refusal(_ request: Request, _ outcome: RowOutcome) -> String {
        let object = request.world.objects[request.subject]
        let lifecycle = oracle.models[object.lifecycle].lifecycle
        let place = request.isCreate || object.status < 0 ? "" : " in '\(lifecycle.statuses[object.status].name)'"
        let row = lifecycle.rows.first { $0.id == outcome.rows.last }
        let condition = row?.condition.map { " where \($0.source)" } ?? ""
        let isRow = if case .refuse? = row?.outcome { true } else { false }
        return "\(operationName(request.call)) is then refused\(place)"
            + (isRow ? "\(condition) (\(row!.id))" : ": no row allows it")
    }

    func moved(_ moves: [Cause]) -> [String] { moves.suffix(2).map { words($0) } }

    func words(_ cause: Cause) -> String {
        let whose = cause.leftBehind.map { ", for a \(oracle.models[$0].name) left behind" } ?? ""
        return (cause.choice.map { "the \($0.words)" } ?? "time passes") + " (\(cause.row)\(whose))"
    }

    func operationName(_ call: FlowGraph.Call) -> String {
        let lifecycle = oracle.models[flow.objects[call.object].lifecycle].lifecycle
        return "\(lifecycle.name).\(lifecycle.operations[call.operation].name)"
    }

    func statusName(_ status: Int, of object: Int) -> String {
        oracle.models[flow.objects[object].lifecycle].lifecycle.statuses[status].name(in: flow.version)
    }

    // MARK: Objects

    func noteUnbound(object: Int, _ here: Here) {
        let state = flow.states[here.state]
        let name = flow.objects[object].name
        note(
            .unboundObject, .error, here, subject: name, at: state.verbSpan,
            "'\(name)' stands for no object yet in '\(state.name)'", help: unboundHelp(object))
    }

    func noteLeftBehind(_ request: Request, _ here: Here) {
        let object = request.call.object
        let before = here.world.names[object]
        guard before >= 0, here.tier < .supposed, flow.objects[object].view == nil else { return }
        let status = here.world.objects[before].seen
        let model = oracle.models[flow.objects[object].lifecycle]
        guard status >= 0, model.open.contains(status) else { return }
        let name = flow.objects[object].name
        let state = flow.states[here.state]
        let again =
            model.lifecycle.operation(named: "confirm") != nil
            ? "confirm the same one again:    call: \(name).confirm" : "end the old one first"
        note(
            .leftBehind, .warning, here, subject: "\(status)", at: state.verbSpan,
            "'\(state.name)' leaves '\(name)' behind in '\(statusName(status, of: object))' and makes another one",
            help: again)
        faulty.remove(here.number)
    }

    func noteHolding(_ here: Here) {
        guard here.tier < .supposed, depth == 0 else { return }
        for (object, item) in flow.objects.enumerated() {
            let number = here.world.names[object]
            guard number >= 0 else { continue }
            let lifecycle = oracle.models[item.lifecycle].lifecycle
            guard let status = statuses(of: number, here).first(where: { lifecycle.statuses[$0].holds })
            else { continue }
            let state = flow.states[here.state]
            note(
                .leftHolding, .warning, here, subject: "\(item.name).\(status)", at: state.span,
                "'\(item.name)' may still be '\(statusName(status, of: object))' at the end: it holds money",
                help: "capture or cancel it before '\(state.name)'")
            faulty.remove(here.number)
        }
    }

    // MARK: Waits

    func noteSilence(_ signal: String, _ here: Here) {
        let state = flow.states[here.state]
        note(
            .endlessWait, .warning, here, subject: "silent", at: state.verbSpan, "'\(state.name)' may wait for ever",
            because: ["'\(signal)' may never come"], help: "add    after: {24h: <state>}")
        faulty.remove(here.number)
    }

    func noteEndlessWait(
        _ objects: [Int], _ world: AbstractWorld, _ inaction: Lifecycle.Choice?, isHeard: Bool, _ moves: [Cause],
        _ here: Here, tier: Tier
    ) {
        let state = flow.states[here.state]
        var scope = here
        scope.tier = tier
        let statuses = objects.map { object -> String in
            let status = world.objects[world.names[object]].status
            return status >= 0 ? statusName(status, of: object) : "unknown"
        }
        let place = statuses.joined(separator: " and ")
        var clauses = moved(moves)
        clauses.append(
            inaction.map { "the \($0.actor) may do nothing ('\($0.name)'), and no clock ends '\(place)'" }
                ?? "nothing moves '\(flow.objects[objects[0]].name)' out of '\(place)'")
        // A bank that takes its time will answer in the end; a customer who is gone will not.
        let isPatience = inaction?.name == "waits"
        note(
            .endlessWait, isPatience ? .note : isHeard ? .warning : .error, scope,
            subject: isHeard || isPatience ? "slow" : "stuck",
            at: state.verbSpan, "'\(state.name)' may wait for ever", because: clauses,
            help: "add    after: {24h: <state>}",
            arrow: place,
            met: objects.compactMap { object in
                let status = world.objects[world.names[object]].status
                return status >= 0 ? Self.packed(object, status) : nil
            })
        if isHeard || isPatience { faulty.remove(here.number) }
    }
}
