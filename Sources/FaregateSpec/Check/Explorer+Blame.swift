// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

// Calls that nothing allows: who is to blame, and how the search goes on behind them.
extension Explorer {
    /// Reports each call that was refused whenever it was made, and goes on as if the flow were right about its answers,
    /// so that one mistake does not hide the next.
    func supposeRefusedCalls() {
        while let state = flow.states.indices.first(where: { isNeverAllowed($0) && !calls[$0].isSupposed }) {
            calls[state].isSupposed = true
            suppose(state)
            run()
            if isOverBudget { break }
        }
        // A call that is never allowed is told once, however often it is made again.
        findings.removeAll { $0.code == .unhandledError && calls[$0.state].isSupposed }
    }

    func isNeverAllowed(_ state: Int) -> Bool {
        calls[state].refusal != nil && !calls[state].isAllowed && !flow.states[state].edges.isEmpty
    }

    private func suppose(_ state: Int) {
        guard case .call(let call) = flow.states[state].verb, let record = calls[state].refusal else { return }
        let configuration = configurations[record.configuration]
        var here = Here(
            number: record.configuration, state: state, checkCase: cases[configuration.checkCase],
            visits: configuration.visits, world: worlds[configuration.world], tier: tiers[Int(record.configuration)])
        let lifecycle = oracle.models[flow.objects[call.object].lifecycle].lifecycle
        var request = Request(
            call: call, params: record.params, world: record.world, subject: record.number, moves: record.moves,
            tier: .supposed, isCreate: lifecycle.operations[call.operation].route?.takesID == false)
        pending = []
        blame(request, record.outcome, here)
        for entry in pending { findings.note(entry, self) }

        here.tier = .supposed
        pending = []
        var passages: [Passage] = []
        var answered: Set<Int> = []
        if let repaired = repaired(request, here) {
            for outcome in repaired.outcomes where !outcome.isRefused {
                if let status = outcome.status { answered.insert(status) }
                passages += carryOut(outcome, repaired.request, here)
            }
            // For all that the flow supposes beyond that, the object may be in any status.
            request = repaired.request
            request.world.objects[request.world.objects.count - 1].status = AbstractObject.anyStatus
        }
        for (number, edge) in flow.states[state].edges.enumerated() {
            guard case .status(_, let status) = edge.key, !answered.contains(status) else { continue }
            var world = request.world
            world.objects[request.subject].status = status
            if request.isCreate { world.names[call.object] = request.subject }
            see(request.subject, &world)
            updateViews(&world, here.checkCase)
            passages += leave(edge.branches, .edge, number, here, world, tier: .supposed, kind: .step)
        }
        for entry in pending { findings.note(entry, self) }
        for passage in passages { follow(passage, from: here.number) }
    }

    /// The same request with one object more, where that is all that is missing.
    private func repaired(_ request: Request, _ here: Here) -> (
        request: Request, outcomes: [RowOutcome], missing: String
    )? {
        let model = oracle.models[request.world.objects[request.subject].lifecycle]
        for reference in model.lifecycle.references where reference.inverse == nil {
            guard
                oracle.resolve(reference, of: request.subject, request.params, in: request.world)
                    == AbstractObject.none,
                let target = oracle.models.first(where: { $0.lifecycle.name == reference.lifecycle }),
                let slot = reference.by.lazy.filter({ $0.hasPrefix("object.") }).compactMap({
                    model.slot(String($0.dropFirst(7)))
                }).first
            else { continue }
            var trial = request
            trial.world.objects.append(
                AbstractObject(
                    lifecycle: target.number, status: target.usable.first ?? 0, references: AbstractObject.unknown))
            trial.world.objects[trial.subject].references[slot] = trial.world.objects.count - 1
            let outcomes = ask(
                trial, from: request.isCreate ? nil : request.world.objects[request.subject].status, here)
            if outcomes.contains(where: { !$0.isRefused }) { return (trial, outcomes, reference.name) }
        }
        return nil
    }

    private func ask(_ request: Request, from status: Int?, _ here: Here) -> [RowOutcome] {
        oracle.endings(
            request.call.operation, on: request.subject, from: status, params: request.params, in: request.world,
            profile: here.checkCase.profile ?? 0)
    }

    private func allows(_ request: Request, from status: Int?, _ here: Here) -> Bool {
        ask(request, from: status, here).contains { !$0.isRefused }
    }

    // MARK: Who is to blame

    private func blame(_ request: Request, _ outcome: RowOutcome, _ here: Here) {
        let subject = request.world.objects[request.subject]
        let model = oracle.models[subject.lifecycle]
        let statuses: [Int?] = request.isCreate ? [nil] : model.lifecycle.statuses.indices.map { $0 }
        let present: Int? = request.isCreate ? nil : subject.status
        var isStatus = false
        var allowed = statuses.filter { allows(request, from: $0, here) }
        var isOther = false
        for (member, number) in named(request) {
            let others = variants(request, number)
            let helpful = others.filter { other in statuses.contains { allows(other, from: $0, here) } }
            guard allowed.isEmpty, !helpful.isEmpty else { continue }
            isOther = true
            // Told by the row that would refuse it where the status is right.
            let right = statuses.first { status in helpful.contains { allows($0, from: status, here) } } ?? present
            var elsewhere = request
            if let right { elsewhere.world.objects[request.subject].status = right }
            noteDeadReference(member, number, elsewhere, ask(request, from: right, here).first ?? outcome, here)
            if !helpful.contains(where: { allows($0, from: present, here) }) {
                isStatus = true
                allowed = statuses.filter { status in helpful.contains { allows($0, from: status, here) } }
                break
            }
        }
        if !isOther || isStatus { noteNeverAllowed(request, outcome, allowed.compactMap { $0 }, here) }
    }

    /// Whether a parameter alone is to blame: it names an object that has ended.
    func noteDeadReferences(_ request: Request, _ outcome: RowOutcome, _ here: Here) -> Bool {
        let status: Int? = request.isCreate ? nil : request.world.objects[request.subject].status
        for (member, number) in named(request) {
            let object = request.world.objects[number]
            guard object.status >= 0, oracle.models[object.lifecycle].lifecycle.statuses[object.status].terminal,
                variants(request, number).contains(where: { allows($0, from: status, here) })
            else { continue }
            noteDeadReference(member, number, request, outcome, here)
            return true
        }
        return false
    }

    /// The objects that parameters of the call name.
    private func named(_ request: Request) -> [(FlowGraph.Call.Parameter, Int)] {
        request.call.with.compactMap { member in
            if case .ref(let number)? = request.params[member.key] { (member, number) } else { nil }
        }
    }

    private func variants(_ request: Request, _ number: Int) -> [Request] {
        let object = request.world.objects[number]
        return oracle.models[object.lifecycle].lifecycle.statuses.indices.filter { $0 != object.status }.map { status in
            var other = request
            other.world.objects[number].status = status
            return other
        }
    }

    private func noteDeadReference(
        _ member: Template.Member, _ number: Int, _ request: Request, _ outcome: RowOutcome, _ here: Here
    ) {
        let object = request.world.objects[number]
        let lifecycle = oracle.models[object.lifecycle].lifecycle
        let status = object.status >= 0 ? lifecycle.statuses[object.status] : nil
        let state = flow.states[here.state]
        note(
            .deadReference, .error, here, subject: member.key,
            at: member.value.expressions.first?.span ?? state.verbSpan,
            "'\(member.key)' names a \(lifecycle.name) that is '\(status?.name ?? "ended")' by then"
                + (status?.terminal == true ? ": it can never be used again" : ""),
            because: [refusal(request, outcome)],
            help: "call '\(state.name)' earlier, or give another \(lifecycle.name)")
    }

    private func noteNeverAllowed(_ request: Request, _ outcome: RowOutcome, _ allowed: [Int], _ here: Here) {
        let state = flow.states[here.state]
        let subject = request.world.objects[request.subject]
        let lifecycle = oracle.models[subject.lifecycle].lifecycle
        let name = flow.objects[request.call.object].name
        let operation = "\(name).\(lifecycle.operations[request.call.operation].name)"
        let place =
            request.isCreate || subject.status < 0
            ? "" : ": '\(name)' is '\(statusName(subject.status, of: request.call.object))'"
        var help: String?
        if !allowed.isEmpty {
            help =
                "call it where '\(name)' is "
                + allowed.map { statusName($0, of: request.call.object) }.joined(separator: " or ")
        } else if let repaired = repaired(request, here) {
            help = "give it a \(repaired.missing)"
        }
        note(
            .neverAllowed, .error, here, subject: operation, at: state.verbSpan,
            "'\(operation)' can never be allowed here\(place)",
            because: moved(request.moves) + [refusal(request, outcome)],
            help: help)
    }
}

extension FlowGraph.Call {
    typealias Parameter = Template.Member
}
