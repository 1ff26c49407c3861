// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateSpec
import FaregateText
import FaregateValues
import FaregateWire

// Objects: what was read of them, what the documentation allows them to be, what was announced.
extension Machine {
    /// Takes in a body: binds the name that it answers, holds its status against the lifecycle.
    mutating func learn(
        _ body: Value, from call: Run.PendingCall, repeated: Bool, error: APIError?
    ) throws(Violation) {
        guard let id = body["id"]?.string else { return }
        let object = flow.objects[call.object]
        let graph = catalog.graphs[object.lifecycle]
        let shown = graph.statuses(of: body, version: run.version)
        guard !shown.isEmpty else {
            throw violation(
                .undocumentedStatus, at: state.verbSpan,
                "'\(TerminalText.fit(body["status"]?.interpolated ?? "no status", 100))' is no status of \(graph.lifecycle.name)",
                notes: ["known: \(graph.lifecycle.statuses.map { $0.name(in: run.version) }.joined(separator: ", "))"])
        }
        let before = run.snapshots[id]
        let expected = expectation(call, before: before, body: body, isRefused: error != nil)
        var belief = expected.statuses.intersection(shown)
        if repeated {
            // A stored answer tells an old status; only a read will tell the present one.
            belief = belief.isEmpty ? shown : belief
        } else if belief.isEmpty {
            throw undocumented(shown, expected, call, graph)
        }
        let status = belief.members[0]
        var snapshot =
            before ?? Run.Snapshot(id: id, lifecycle: object.lifecycle, body: .null, belief: StatusSet(), dirty: false)
        snapshot.body = learned(named(body, graph, status), of: graph, id: id)
        snapshot.status = status
        snapshot.belief = repeated ? expected.statuses.union(shown) : belief
        if repeated { snapshot.dirty = true }
        run.snapshots[id] = snapshot
        if object.view == nil { run.frame.objects[call.object] = id }
        facts.append(.observed(object: object.name, id: id, status: graph.lifecycle.statuses[status].name))
    }

    /// The body with its status in the names of the flow's own version.
    private func named(_ body: Value, _ graph: LifecycleGraph, _ status: Int) -> Value {
        guard flow.version != run.version, body["status"] != nil, case .map(var map) = body else { return body }
        map["status"] = .string(graph.lifecycle.statuses[status].name(in: flow.version))
        return .map(map)
    }

    // MARK: What is documented

    struct Expectation {
        var statuses: StatusSet
        /// The rows that lead there, for messages.
        var rows: [(id: String, status: Int, footnote: Int?)]
        var from: StatusSet?
    }

    /// The statuses that the documentation allows for the answer to a call.
    func expectation(
        _ call: Run.PendingCall, before: Run.Snapshot?, body: Value, isRefused: Bool = false
    ) -> Expectation {
        let graph = catalog.graphs[flow.objects[call.object].lifecycle]
        var facts = knowledge(call, before: before, body: body, graph)
        let others = catalog.movedByOthers(graph.lifecycle.name)
        var from: StatusSet?
        if call.objectID != nil {
            // What was never read may be anything; what was read may have moved by itself.
            var belief = before.map { $0.belief } ?? graph.lifecycle.all
            let resting = belief.members.allSatisfy { graph.lifecycle.statuses[$0].terminal }
            if !resting { belief.formUnion(others) }
            if belief.members.contains(where: { !graph.moves(from: $0, facts: facts).isEmpty }) {
                // What moves by itself takes fields along that were read before: another attempt, another error.
                facts = knowledge(call, before: before, body: body, graph, isStale: true)
            }
            from = graph.closure(belief, facts: facts)
        }
        if graph.lifecycle.operations[call.operation].name == "retrieve" {
            return Expectation(statuses: from ?? graph.lifecycle.all, rows: [], from: from)
        }
        var expectation = Expectation(statuses: StatusSet(), rows: [], from: from)
        for status in from?.members.map(Optional.some) ?? [nil] {
            for ending in graph.endings(call.operation, from: status, facts: facts) {
                guard let next = ending.status, (ending.answer == .ok) != isRefused else { continue }
                expectation.statuses.insert(next)
                if let row = ending.rows.last { expectation.rows.append((row.id, next, row.footnote)) }
            }
        }
        return expectation
    }

    /// The rows by which a call may end in an error: those of an error's keys, or all that refuse it.
    func refusals(_ call: Run.PendingCall, before: Run.Snapshot?, keys: [String] = []) -> [DocumentedRow] {
        let graph = catalog.graphs[flow.objects[call.object].lifecycle]
        let facts = knowledge(call, before: before, body: before?.body ?? .null, graph)
        let from = before.map { graph.closure($0.belief, facts: facts).members.map(Optional.some) } ?? [nil]
        let endings = from.flatMap { graph.endings(call.operation, from: $0, facts: facts) }
        func rows(_ fits: (LifecycleGraph.Ending.Answer) -> Bool) -> [DocumentedRow] {
            endings.filter { fits($0.answer) }.compactMap { $0.rows.last.map { documented($0, by: call) } }.uniqued()
        }
        let meant = rows { answer in
            switch answer {
            case .refused(let code), .error(let code?): keys.contains(code)
            case .ok, .error: false
            }
        }
        return meant.isEmpty ? rows { if case .refused = $0 { true } else { false } } : meant
    }

    /// What a run knows when rows are asked. What it does not know is unknown, never false.
    ///
    /// - Parameter isStale: the object may have moved since it was read.
    func knowledge(
        _ call: Run.PendingCall, before: Run.Snapshot?, body: Value, _ graph: LifecycleGraph, isStale: Bool = false
    ) -> Facts {
        let params = call.request.params
        var object = before?.body.map != nil ? before!.body : body
        if case .map(var map) = object {
            // What the API does not show is not known, which is another thing than not being there.
            for name in graph.lifecycle.attributes where map[name] == nil { map[name] = .unknown(name) }
            if isStale {
                for field in graph.ownFields { map[field] = .unknown("object.\(field)") }
            }
            object = .map(map)
        }
        let reference = params["payment_method"]?.string ?? object["payment_method"]?.string
        let used = reference.flatMap { run.snapshots[$0] }
        let type =
            params[path: "payment_method_data.type"]?.string ?? used?.body["type"]?.string
            ?? only(object["payment_method_types"]) ?? only(params["payment_method_types"])
        var method = Value.unknown("method")
        if let type, let entry = catalog.methods[type] { method = entry }
        var paymentMethod = Value.null
        if reference != nil || params["payment_method_data"] != nil {
            paymentMethod = .unknown("payment_method")
            if let used, let status = certainStatus(used) {
                let name = catalog.graphs[used.lifecycle].lifecycle.statuses[status].name
                paymentMethod = ["id": .string(used.id), "status": .string(name), "verified": .unknown("verified")]
            }
        } else if call.objectID != nil {
            paymentMethod = .unknown("payment_method")
        }
        let profile = run.profile
        let version = run.version
        let references = graph.lifecycle.references.map(\.name)
        let known = object
        return Facts(graph.lifecycle) { name in
            switch name {
            case "params": params
            case "object": known
            case "method": method
            case "payment_method": paymentMethod
            case "profile": .string(profile)
            case "version": .string(version)
            default: references.contains(name) ? .unknown(name) : nil
            }
        }
    }

    /// The status that an object must have by now: other objects may have moved it since it was read.
    private func certainStatus(_ snapshot: Run.Snapshot) -> Int? {
        let lifecycle = catalog.graphs[snapshot.lifecycle].lifecycle
        var belief = snapshot.belief
        if !belief.members.allSatisfy({ lifecycle.statuses[$0].terminal }) {
            belief.formUnion(catalog.movedByOthers(lifecycle.name))
        }
        return belief.members.count == 1 ? belief.members[0] : nil
    }

    private func only(_ list: Value?) -> String? {
        guard case .list(let items)? = list, items.count == 1 else { return nil }
        return items[0].string
    }

    private func undocumented(
        _ shown: StatusSet, _ expected: Expectation, _ call: Run.PendingCall, _ graph: LifecycleGraph
    ) -> Violation {
        let lifecycle = graph.lifecycle
        let operation = lifecycle.operations[call.operation].name
        let names = lifecycle.names(shown).joined(separator: " or ")
        let before = expected.from.map { " from \(lifecycle.names($0).joined(separator: " or "))" } ?? ""
        var notes: [String] = []
        for row in expected.rows where !notes.contains(where: { $0.hasPrefix("\(row.id):") }) {
            notes.append("\(row.id): \(operation) leads to \(lifecycle.statuses[row.status].name)")
            if let footnote = row.footnote, let text = lifecycle.footnoteTexts[footnote] {
                notes.append("footnote \(footnote): \(text)")
            }
        }
        let refusals = expected.rows.isEmpty ? refusals(call, before: call.objectID.flatMap { run.snapshots[$0] }) : []
        for row in refusals { notes.append("\(row.id): \(operation) is refused") }
        if expected.rows.isEmpty, !expected.statuses.isEmpty {
            notes.append("documented: \(lifecycle.names(expected.statuses).joined(separator: ", "))")
        } else if expected.rows.isEmpty, refusals.isEmpty {
            notes.append("documented: \(operation) is refused there")
        }
        notes.append("see \(lifecycle.docs)")
        return violation(
            .undocumentedStatus, at: state.verbSpan,
            "\(lifecycle.name).\(operation)\(before) answered '\(names)', which is not documented", notes: notes,
            rows: refusals + expected.rows.map { documented($0.id, $0.status, $0.footnote, by: call) }.uniqued())
    }

    private func documented(
        _ id: String, _ status: Int?, _ footnote: Int?, by call: Run.PendingCall
    ) -> DocumentedRow {
        let lifecycle = lifecycle(of: call)
        return DocumentedRow(
            lifecycle: lifecycle.name, id: id, operation: lifecycle.operations[call.operation].name,
            status: status.map { lifecycle.statuses[$0].name },
            footnote: footnote.flatMap { lifecycle.footnoteTexts[$0] },
            docs: lifecycle.docs)
    }

    /// A row that refuses a call.
    private func documented(_ row: Lifecycle.Row, by call: Run.PendingCall) -> DocumentedRow {
        documented(row.id, nil, row.footnote, by: call)
    }

    /// The rows that lead to the status that a call's answer has shown.
    func documentedRows(
        _ call: Run.PendingCall, before: Run.Snapshot?, _ key: FlowGraph.Key
    ) -> [DocumentedRow] {
        guard case .status(_, let status) = key else { return [] }
        let expected = expectation(call, before: before, body: before?.body ?? .null, isRefused: run.error != nil)
        return expected.rows.filter { $0.status == status }.map { documented($0.id, $0.status, $0.footnote, by: call) }
            .uniqued()
    }

    // MARK: Views and events

    /// Views name whatever object their expression gives now.
    mutating func updateViews() {
        for (number, object) in flow.objects.enumerated() {
            guard let view = object.view else { continue }
            if case .success(let value) = view.program.evaluate({ self.value(of: $0) }) {
                let id = value.string ?? value["id"]?.string
                if let id, ObjectID.isPlausible(id) {
                    run.frame.objects[number] = id
                } else if value.isNull {
                    run.frame.objects[number] = nil
                }
            }
        }
    }

    /// An event is a hint: it never sets a status, it only says that a read is worth while.
    mutating func hear(_ event: Event) {
        let first = run.seenEvents.insert(event.id).inserted
        if first {
            facts.append(.event(id: event.id, type: event.type, objectID: event.objectID))
            run.heard.append(.init(type: event.type, objectID: event.objectID, at: run.now, body: event.body))
            if let due = run.obligations.firstIndex(where: { fulfils($0, event.type, event.objectID, event.body) }) {
                run.obligations.remove(at: due)
            }
        }
        run.snapshots[event.objectID]?.dirty = true
        guard concernsUs(event) else { return }
        for (id, snapshot) in run.snapshots where event.body[path: "data.object"]?.names(id) == true {
            let body = learned(snapshot.body, of: catalog.graphs[snapshot.lifecycle], id: id)
            run.snapshots[id]?.body = body
        }
        if case .waiting = run.phase {
            let watchedIt = watched.contains(event.objectID)
            let takesIt = state.edges.contains { $0.key == .event(event.type) }
            if watchedIt, !takesIt { return }
        } else if !first {
            return
        }
        // What no state ever waits for need not be kept.
        guard run.frames.contains(where: { interpreter.flows.graphs[$0.flow].awaits(event.type) }) else { return }
        run.inbox.append(.event(type: event.type, body: event.body))
    }

    private func concernsUs(_ event: Event) -> Bool {
        guard let object = event.body[path: "data.object"]?.map else { return false }
        return object.values.contains { value in
            guard let id = value.string else { return false }
            return run.snapshots[id] != nil || run.frames.contains { $0.objects.contains(id) }
        }
    }

    /// A body with what events have told beyond it: the API does not show a charge's dispute, but the dispute names its charge.
    private func learned(_ body: Value, of graph: LifecycleGraph, id: String) -> Value {
        guard case .map(var map) = body else { return body }
        for reference in graph.lifecycle.references {
            guard let field = reference.field, graph.lifecycle.attributes.contains(field) else { continue }
            let told = run.heard.last { heard in
                let object = heard.body[path: "data.object"]
                return object?["object"]?.string == reference.lifecycle && object?.names(id) == true
            }
            map[field] = told.map { .string($0.objectID) } ?? map[field]
        }
        return .map(map)
    }

    mutating func oblige(_ obligations: [FlowGraph.Obligation], _ call: Run.PendingCall, _ snapshot: Run.Snapshot?) {
        for obligation in obligations {
            let due = Run.Obligation(
                obligation: obligation, state: state.name, objectID: snapshot?.id,
                lifecycle: lifecycle(of: call).name, since: call.firstSentAt)
            let early = run.heard.contains { $0.at >= due.since && fulfils(due, $0.type, $0.objectID, $0.body) }
            if !early { run.obligations.append(due) }
        }
    }

    private func fulfils(_ due: Run.Obligation, _ type: String, _ objectID: String, _ body: Value) -> Bool {
        guard due.obligation.type == type else { return false }
        if let id = due.objectID, type.hasPrefix(due.lifecycle + "."), id != objectID { return false }
        if let condition = due.obligation.condition { return (try? holds(condition, event: body)) == true }
        return true
    }
}

extension Run.PendingCall {
    /// Whether a refused call did something all the same: some row says so, and the object shows it.
    func tookPlace(in snapshot: Run.Snapshot, _ error: APIError, machine: Machine) -> Bool {
        guard error.embedded(machine.lifecycle(of: self).name) != nil else { return false }
        let graph = machine.catalog.graphs[snapshot.lifecycle]
        let facts = machine.knowledge(self, before: nil, body: snapshot.body, graph)
        let from = objectID == nil ? [nil] : graph.lifecycle.all.members.map(Optional.some)
        return from.flatMap { graph.endings(operation, from: $0, facts: facts) }.contains { ending in
            guard ending.status == snapshot.status, case .error(let code) = ending.answer else { return false }
            // A declined card has many codes, and the rows name one.
            return error.type == "card_error" || code == nil || code == error.code ?? ""
        }
    }
}

extension Value {
    /// Whether one of the members is this id.
    fileprivate func names(_ id: String) -> Bool { map?.values.contains(.string(id)) ?? false }
}

extension [DocumentedRow] {
    /// Each once, in their order.
    fileprivate func uniqued() -> [DocumentedRow] {
        var seen: Set<DocumentedRow> = []
        return filter { seen.insert($0).inserted }
    }
}
