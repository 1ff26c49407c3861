// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateSpec
import FaregateValues
import FaregateWire

// How rows are carried out.
extension Transaction {
    /// How an operation ended: done, or done and answered by an error, or refused.
    enum Result {
        case done
        case complaint(Complaint)
    }

    /// Carries out an operation on an object, actors asked where the rows leave it to them.
    mutating func perform(_ operation: Int, on id: String?) -> Result {
        let graph = catalog.graphs[lifecycle]
        let name = graph.lifecycle.operations[operation].name
        let draft = id == nil ? provider.fresh(self, subject ?? "") : nil
        let facts = facts(of: id, body: draft, lifecycle: lifecycle)
        let status = object(id)?.status
        let rows = graph.answers(operation, from: status, facts: facts).matches.filter(\.certain).map(\.row)
        guard let (row, argument) = choose(among: rows, of: graph.lifecycle, object: id ?? subject ?? "", draft) else {
            if let status { notice(graph.lifecycle.name, graph.lifecycle.refusalName(operation, at: status)) }
            return .complaint(Complaint(code: graph.lifecycle.refusal ?? "", object: id, operation: name))
        }
        notice(graph.lifecycle.name, row.id)
        if case .refuse(let code) = row.outcome {
            return .complaint(
                Complaint(
                    code: code, argument: argument, param: row.param, http: row.http, object: id, operation: name,
                    row: row.id))
        }
        if id == nil, let draft, let subject {
            world.add(World.Object(id: subject, lifecycle: lifecycle, status: 0, body: draft))
        }
        guard let subject = id ?? subject else { return .done }
        return apply(row, to: subject, argument: argument, operation: name)
    }

    private func choose(
        among rows: [Lifecycle.Row], of lifecycle: Lifecycle, object: String, _ draft: ValueMap?
    ) -> (Lifecycle.Row, String?)? {
        var open: [(Lifecycle.Choice, Lifecycle.Row)] = []
        for row in rows {
            guard case .call(_, let choice?) = row.trigger else { return (row, nil) }
            open.append((choice, row))
        }
        guard let actor = open.first?.0.actor else { return nil }
        let offers = (lifecycle.actor(named: actor)?.choices ?? []).filter { name in
            open.contains { $0.0.name == name && $0.0.actor == actor }
        }
        let decision = decision(actor, object, lifecycle, offers, draft)
        let words = decide(decision)
        let chosen = offers.contains(words.name) ? words : ChoiceWords(name: offers[0])
        return open.first { $0.0.name == chosen.name && $0.0.actor == actor }.map { ($0.1, chosen.argument) }
    }

    /// - Parameter draft: what an object is to say that is not there yet.
    private func decision(
        _ actor: String, _ id: String, _ lifecycle: Lifecycle, _ offers: [String], _ draft: ValueMap? = nil
    ) -> Decision {
        let body = object(id)?.body ?? draft
        let used = references("payment_method", of: id).first ?? body?["payment_method"]?.string
        let method = object(used)
        return Decision(
            actor: actor, object: id, lifecycle: lifecycle.name, offers: offers,
            token: method?.attributes["token"]?.string, situations: provider.situations(self, id, method))
    }

    /// Carries out one row on one object, and what follows in the same breath.
    mutating func apply(_ row: Lifecycle.Row, to id: String, argument: String?, operation: String) -> Result {
        guard var object = object(id) else { return .done }
        former = [id: object]
        let number = object.lifecycle
        let before = facts(of: id, lifecycle: number)
        let status = row.from.isEmpty ? nil : object.status
        let isMove = if case .call = row.trigger { false } else { true }
        if case .to(let status) = row.outcome {
            object.status = status
            object.entry += 1
        } else if isMove, row.then == nil {
            object.entry += 1
        }
        object.changes += 1
        world.objects[id] = object
        note(row.id, of: id, from: status)

        let touched = sideEffects(of: row, on: id, before)
        set(row.sets, on: id, before)
        provider.settle(&self, id, row)
        for other in touched.values.sorted() { plan(other) }
        let code = row.error.flatMap { catalog.graphs[number].code($0, before) }
        let complaint = row.error.map { _ in
            Complaint(
                code: code ?? "", argument: argument, param: row.param, http: row.http, object: id,
                operation: operation, row: row.id, isAttempt: isMove)
        }
        if let field = catalog.graphs[number].lifecycle.errorField { note(complaint, in: field, of: id, row) }
        for event in row.events { send(event, of: row, about: id, touched) }
        if let then = row.then { return perform(then, on: id) }
        return complaint.map { .complaint($0) } ?? .done
    }

    private mutating func set(_ members: [Template.Member], on id: String, _ facts: Facts) {
        let attributes = object(id).map { catalog.graphs[$0.lifecycle].lifecycle.attributes } ?? []
        for member in members {
            guard let value = try? member.value.evaluate({ facts.value($0) }) else { continue }
            if member.key.hasPrefix("_") {
                // `_verified`: an attribute of the payment method in use.
                for other in references("payment_method", of: id) {
                    world.objects[other]?.attributes[String(member.key.dropFirst())] = value
                }
            } else if attributes.contains(member.key) {
                world.objects[id]?.attributes[member.key] = value
            } else {
                world.objects[id]?.body[member.key] = value
            }
        }
    }

    /// The last attempt's error stands in the object until something else happens to it.
    private mutating func note(_ complaint: Complaint?, in field: String, of id: String, _ row: Lifecycle.Row) {
        guard var complaint else {
            if row.then == nil { world.objects[id]?.body[field] = .null }
            return
        }
        complaint.object = nil
        let error = provider.refusal(self, complaint).error
        world.objects[id]?.body[field] = .map(error)
        provider.failed(&self, id, complaint, error)
    }

    // MARK: Other objects

    /// Moves and makes what a row moves and makes; gives the objects, by lifecycle.
    private mutating func sideEffects(of row: Lifecycle.Row, on id: String, _ facts: Facts) -> [String: String] {
        var touched: [String: String] = [:]
        for effect in row.creates where Self.holds(effect.condition, facts) {
            guard let parent = object(id),
                let reference = catalog.graphs[parent.lifecycle].lifecycle.reference(named: effect.reference)
            else { continue }
            let new = newID(reference.lifecycle)
            let body = provider.born(self, reference.lifecycle, new, parent)
            add(new, lifecycle: reference.lifecycle, status: effect.status, body: body)
            world.objects[new]?.entry = 1
            note(row.id, of: new, from: nil)
            provider.moved(&self, new, parent)
            touched[reference.lifecycle] = new
            guard let field = reference.field else { continue }
            if catalog.graphs[parent.lifecycle].lifecycle.attributes.contains(field) {
                world.objects[id]?.attributes[field] = .string(new)
            } else {
                world.objects[id]?.body[field] = .string(new)
            }
        }
        for effect in row.also where Self.holds(effect.condition, facts) {
            for other in references(effect.reference, of: id) { move(other, to: effect.status, by: id, row, &touched) }
        }
        return touched
    }

    private static func holds(_ condition: Expression?, _ facts: Facts) -> Bool {
        guard let condition else { return true }
        return condition.program.evaluate({ facts.value($0) }) == .success(true)
    }

    private mutating func move(
        _ id: String, to name: String, by mover: String, _ row: Lifecycle.Row, _ touched: inout [String: String]
    ) {
        guard var object = object(id), let parent = self.object(mover) else { return }
        let lifecycle = catalog.graphs[object.lifecycle].lifecycle
        guard let status = lifecycle.status(named: name), status != object.status,
            !lifecycle.statuses[object.status].terminal
        else { return }
        let before = object.status
        former[id] = object
        object.status = status
        object.entry += 1
        object.changes += 1
        world.objects[id] = object
        note(row.id, of: id, from: before)
        provider.moved(&self, id, parent)
        touched[lifecycle.name] = id
    }

    /// Writes down where an object has come from, and where it is.
    private mutating func note(_ row: String, of id: String, from: Int?) {
        guard world.keepsJournal, let object = object(id) else { return }
        world.note(
            World.Step(
                at: world.now, row: row, from: from, to: object.status, request: request == nil ? nil : requestID),
            of: id)
    }

    // MARK: Events

    /// Announces something: about the object itself, or about one that it has just moved or that it refers to.
    private mutating func send(_ type: String, of row: Lifecycle.Row, about id: String, _ touched: [String: String]) {
        guard let object = object(id) else { return }
        // `charge.dispute.created` is about a dispute: the last of its words that names a kind of object.
        let words = type.split(separator: ".").dropLast().map(String.init)
        let kind = words.last { catalog.number(of: $0) != nil } ?? type
        let own = catalog.graphs[object.lifecycle].lifecycle
        var subject: String? = id
        if kind != own.name {
            // What the row would have moved is announced only where it did move.
            let moves = (row.also + row.creates).contains { own.reference(named: $0.reference)?.lifecycle == kind }
            let reference = own.references.first { $0.lifecycle == kind }
            subject = moves ? touched[kind] : reference.flatMap { references($0.name, of: id).first }
        }
        guard let subject, let about = self.object(subject), isTrue(type, of: about) else { return }
        world.objects[subject]?.changes += 1
        let eventID =
            "evt_\(StableHash("\(world.seed)/\(subject)/\(type)/\(about.changes)/\(about.entry)").base62.prefix(24))"
        let cause: Value =
            request == nil
            ? .null
            : ["id": .string(requestID), "idempotency_key": request?.idempotencyKey.map { .string($0) } ?? .null]
        var data: ValueMap = ["object": provider.rendered(announced(about), world.accountVersion)]
        if let former = former[subject], let changes = changes(type, of: about, since: former) {
            data["previous_attributes"] = changes
        }
        let body: Value = [
            "id": .string(eventID), "object": "event", "api_version": .string(world.accountVersion),
            "created": .int(world.now.milliseconds / 1000), "type": .string(type), "livemode": false,
            "pending_webhooks": 0, "request": cause,
            "data": .map(data),
        ]
        world.append(Event(body: body))
    }

    /// What the fields were that an event of the kind `….updated` has changed; of a map only the members that did.
    private func changes(_ type: String, of object: World.Object, since former: World.Object) -> Value? {
        guard type.hasSuffix(".updated"), case .map(let now) = provider.rendered(shown(object), world.accountVersion),
            case .map(let then) = provider.rendered(shown(former), world.accountVersion)
        else { return nil }
        return .map(then.former(to: now))
    }

    /// The end of an object is announced with its last state.
    private func announced(_ object: World.Object) -> Value {
        var object = object
        object.body["deleted"] = nil
        return shown(object)
    }

    /// `payment_method.attached` is not said of a method that came to rest in another status.
    private func isTrue(_ type: String, of object: World.Object) -> Bool {
        let lifecycle = catalog.graphs[object.lifecycle].lifecycle
        guard let word = type.split(separator: ".").last, let status = lifecycle.status(named: String(word)) else {
            return true
        }
        return object.status == status
    }

    // MARK: What happens by itself

    /// Asks the actors what they will do now that an object rests in its status, and sets the clocks.
    mutating func plan(_ id: String) {
        guard let object = object(id) else { return }
        world.schedule.removeAll(of: id)
        let graph = catalog.graphs[object.lifecycle]
        let facts = facts(of: id, lifecycle: object.lifecycle)
        let rows = graph.moves(from: object.status, facts: facts).filter(\.certain).map(\.row)
        for row in rows {
            if case .clock = row.trigger {
                add(.clock(row: row.id), to: object, after: delay(row, facts))
            }
        }
        for actor in graph.lifecycle.actors {
            let open = rows.filter {
                if case .choice(let choice) = $0.trigger { choice.actor == actor.name } else { false }
            }
            guard !open.isEmpty else { continue }
            let words = decide(decision(actor.name, id, graph.lifecycle, actor.choices))
            let name = actor.choices.contains(words.name) ? words.name : actor.choices[0]
            let chosen = Lifecycle.Choice(actor: actor.name, name: name)
            let taken = open.first { $0.trigger == .choice(chosen) } ?? LifecycleGraph.inaction(among: open)
            guard let row = taken, case .choice(let choice) = row.trigger else { continue }
            let argument = actor.choices.contains(words.name) ? words.argument : nil
            add(.choice(choice, argument: argument), to: object, after: words.after ?? delay(row, facts))
        }
    }

    private func delay(_ row: Lifecycle.Row, _ facts: Facts) -> Duration {
        switch try? row.after?.evaluate({ facts.value($0) }) {
        case .duration(let duration)?: duration
        case .string(let text)?: Duration.parse(text) ?? Duration(milliseconds: 1)
        default: Duration(milliseconds: 1)
        }
    }

    private mutating func add(_ cause: World.Move.Cause, to object: World.Object, after delay: Duration) {
        // Strictly after the answer that allows it.
        let due = max(world.now.milliseconds + 1, (world.now.adding(delay) ?? world.now).milliseconds)
        world.schedule.add(
            .init(due: Instant(milliseconds: due), object: object.id, entry: object.entry, cause: cause))
    }
}

extension ValueMap {
    /// The members that read otherwise in a newer map, as they were.
    fileprivate func former(to newer: ValueMap) -> ValueMap {
        var changed = ValueMap()
        for (key, value) in self where newer[value: key] != value {
            if case .map(let inner) = value, case .map(let other)? = newer[value: key] {
                changed[value: key] = .map(inner.former(to: other))
            } else {
                changed[value: key] = value
            }
        }
        for (key, value) in newer where self[value: key] == nil && value != .null { changed[value: key] = .null }
        return changed
    }
}
