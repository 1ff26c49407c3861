// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateValues

/// What the check has to keep of a lifecycle's objects: that which some row decides by, and nothing else.
final class LifecycleModel {
    let graph: LifecycleGraph
    let number: Int
    /// Fields that name other objects.
    private(set) var slots: [String] = []
    /// Plain fields that conditions read.
    private(set) var fields: [String] = []
    /// Parameters that conditions read or that name objects.
    private var params: Set<String> = []
    private(set) var readsProfile = false
    /// Columns of the table of methods that conditions read.
    private(set) var columns: [[String]] = []
    /// All codes of errors that some row gives.
    private(set) var codes: Set<String> = []
    /// Statuses in which an object is still up to something.
    private(set) var open = StatusSet()

    /// Statuses that no field of an object tells apart; empty where objects have a status of their own.
    private var alike = StatusSet()
    /// The statuses that rows of other lifecycles may put such an object into.
    let movedByOthers: StatusSet

    /// The lifecycle's facts by name.
    private(set) var conditions: [String: Expression] = [:]
    /// Where the ids of other objects stand, those of references that go the other way not among them.
    private(set) var links: [Link] = []

    /// A reference with its paths taken apart.
    struct Link {
        enum Path {
            case param(String)
            case slot(Int)
            /// A field of the object that another link leads to.
            case through(String, field: String)
        }

        var name: String
        var paths: [Path]
    }

    var lifecycle: Lifecycle { graph.lifecycle }
    // What a search asks for all the time: to take a whole lifecycle out of its graph costs more than the answer.
    let name: String
    let ended: StatusSet
    /// Statuses that hold money.
    let holding: StatusSet
    let hasErrorField: Bool

    static func models(of catalog: Catalog) -> [LifecycleModel] {
        let models = catalog.graphs.enumerated().map { LifecycleModel($1, number: $0, catalog) }
        // What rows of one lifecycle read of another one's objects.
        for model in models {
            for path in model.foreign {
                guard let reference = model.lifecycle.reference(named: path[0]),
                    let target = models.firstIndex(where: { $0.lifecycle.name == reference.lifecycle })
                else { continue }
                models[target].keep(path[1])
            }
        }
        return models
    }

    private var foreign: [[String]] = []

    private init(_ graph: LifecycleGraph, number: Int, _ catalog: Catalog) {
        self.graph = graph
        self.number = number
        let lifecycle = graph.lifecycle
        name = lifecycle.name
        ended = StatusSet(lifecycle.statuses.indices.filter { lifecycle.statuses[$0].terminal })
        holding = StatusSet(lifecycle.statuses.indices.filter { lifecycle.statuses[$0].holds })
        hasErrorField = lifecycle.errorField != nil
        movedByOthers = catalog.movedByOthers(lifecycle.name)
        if lifecycle.statusExpression != nil { alike = graph.statuses(of: .map([:]), version: "") }
        for fact in lifecycle.facts { conditions[fact.name] = fact.condition }
        for reference in lifecycle.references {
            for path in reference.by {
                let steps = path.split(separator: ".", maxSplits: 1).map(String.init)
                if steps.count == 2, steps[0] == "object" { addSlot(steps[1]) }
                if steps.count == 2, steps[0] == "params" { params.insert(steps[1]) }
            }
            if let field = reference.field { addSlot(field) }
        }
        params.formUnion(["payment_method_types", "payment_method_data", "type"])
        fields = ["payment_method_types"]
        var seen: Set<String> = []
        for row in lifecycle.rows {
            read(row.condition, &seen)
            for effect in row.also + row.creates { read(effect.condition, &seen) }
            for expression in row.error?.expressions ?? [] { read(expression, &seen) }
            if case .literal(.string(let code))? = row.error { codes.insert(code) }
            if case .refuse(let code) = row.outcome { codes.insert(code) }
            noteOpen(row)
        }
        // What rows write into the fields that conditions read.
        for member in lifecycle.rows.flatMap(\.sets) where fields.contains(member.key) {
            for expression in member.value.expressions { read(expression, &seen) }
        }
        if let refusal = lifecycle.refusal { codes.insert(refusal) }
        links = lifecycle.references.filter { $0.inverse == nil }.map(link)
    }

    private func addSlot(_ field: String) {
        if !slots.contains(field), slots.count < Slots.capacity { slots.append(field) }
    }

    private func link(_ reference: Lifecycle.Reference) -> Link {
        let paths = reference.by + (reference.field.map { ["object.\($0)"] } ?? [])
        return Link(
            name: reference.name,
            paths: paths.compactMap { path in
                let steps = path.split(separator: ".", maxSplits: 1).map(String.init)
                guard steps.count == 2 else { return nil }
                switch steps[0] {
                case "params": return .param(steps[1])
                case "object": return slot(steps[1]).map { .slot($0) }
                default: return steps[0] == reference.name ? nil : .through(steps[0], field: steps[1])
                }
            })
    }

    func link(named name: String) -> Link? { links.first { $0.name == name } }

    private func read(_ expression: Expression?, _ seen: inout Set<String>) {
        for reference in expression?.program.references ?? [] {
            let path = reference.path
            switch path[0] {
            case "object": if path.count > 1 { keep(path[1]) }
            case "params": if path.count > 1 { params.insert(path[1]) }
            case "method": if path.count > 1, !columns.contains(path) { columns.append(path) }
            case "profile": readsProfile = true
            default:
                if let fact = lifecycle.facts.first(where: { $0.name == path[0] }) {
                    if seen.insert(fact.name).inserted { read(fact.condition, &seen) }
                } else if path.count > 1, path[1] != "status", path[1] != "id" {
                    foreign.append(Array(path.prefix(2)))
                }
            }
        }
    }

    /// Whether a parameter decides anything, now or by standing in the object later.
    func wants(_ param: String) -> Bool { params.contains(param) || fields.contains(param) || slots.contains(param) }

    private func keep(_ field: String) {
        if !slots.contains(field), !fields.contains(field) { fields.append(field) }
    }

    private func noteOpen(_ row: Lifecycle.Row) {
        for status in row.from.members where !lifecycle.statuses[status].terminal {
            switch row.outcome {
            case .to: if !row.rare { open.insert(status) }
            case .stay: if row.then != nil { open.insert(status) }
            case .refuse: break
            }
        }
    }

    /// What a run believes of an object after a read of it, by what it believed before.
    ///
    /// The API may not show what it is; what it was and what may have happened to it since then leave less open.
    func belief(_ before: StatusSet, reading status: Int) -> StatusSet {
        let shown = alike.contains(status) ? alike : StatusSet([status])
        guard !before.isEmpty else { return shown }
        let hasEnded = before.bits & ~ended.bits == 0
        // A search that supposes what cannot be comes to what no run would believe.
        return (hasEnded ? before : before.union(movedByOthers)).intersection(shown).union(StatusSet([status]))
    }

    /// The slots that no body shows.
    private(set) lazy var hiddenSlots: [Int] = slots.indices.filter { lifecycle.attributes.contains(slots[$0]) }

    /// What is known of a new object's slots before anybody has read it: of hidden ones, that nobody has told.
    private(set) lazy var unread: Slots = {
        var unread = Slots(repeating: AbstractObject.unknown)
        for slot in hiddenSlots { unread[slot] = AbstractObject.none }
        return unread
    }()

    /// By status: the slots of the objects that an object may take along by itself, now or later.
    private(set) lazy var movedAlong: [Set<Int>] = rowsAhead.map { rows in
        var slots: Set<Int> = []
        for effect in rows.flatMap(\.also) {
            guard let link = link(named: effect.reference) else { continue }
            for case .slot(let slot) in link.paths { slots.insert(slot) }
        }
        return slots
    }

    /// By status: the slots of the objects that decide how an object moves by itself, now or later.
    private(set) lazy var readAlong: [Set<Int>] = rowsAhead.map { rows in
        var found: Set<String> = []
        var seen: Set<String> = []
        for row in rows { noteFields(row, &found, &seen) }
        return Set(slots.indices.filter { found.contains(slots[$0]) })
    }

    /// Statuses that an object may leave, or in which it may change, by itself.
    private(set) lazy var moving = StatusSet(lifecycle.statuses.indices.filter { !rowsAhead[$0].isEmpty })

    /// Whether nothing but calls on such an object itself ever changes it.
    private(set) lazy var isStill = moving.isEmpty && movedByOthers.isEmpty

    /// By status: the rows that an object may take by itself, now or later, with all that follows in the same request.
    private(set) lazy var rowsAhead: [[Lifecycle.Row]] = {
        var rows = lifecycle.statuses.map { _ in [Lifecycle.Row]() }
        var next = lifecycle.statuses.map { _ in Set<Int>() }
        for row in lifecycle.rows {
            if case .call = row.trigger { continue }
            for status in row.from.members { follow([row], from: status, &rows[status], &next[status]) }
        }
        // Once for each status that a way may pass.
        for _ in rows.indices {
            for status in rows.indices {
                for row in next[status].flatMap({ rows[$0] }) where !rows[status].contains(row) {
                    rows[status].append(row)
                }
            }
        }
        return rows
    }()

    /// Notes the last row and where it ends, with all that follows in the same request.
    private func follow(
        _ rows: [Lifecycle.Row], from status: Int, _ found: inout [Lifecycle.Row], _ next: inout Set<Int>
    ) {
        guard let row = rows.last else { return }
        if !found.contains(row) { found.append(row) }
        let after = if case .to(let target) = row.outcome { target } else { status }
        guard let then = row.then else {
            next.insert(after)
            return
        }
        // A circle of `then` is the lifecycle check's business; here it only must end.
        for row in lifecycle.rows where row.from.contains(after) && !rows.contains(row) {
            if case .call(then, _) = row.trigger { follow(rows + [row], from: after, &found, &next) }
        }
    }

    /// The fields, plain ones and slots, that decide how an object moves by itself.
    private(set) lazy var decidingMoves: Set<String> = {
        var rows = lifecycle.rows.filter { if case .call = $0.trigger { false } else { true } }
        var next = 0
        while next < rows.count {
            if let then = rows[next].then {
                for row in lifecycle.rows where !rows.contains(row) {
                    if case .call(then, _) = row.trigger { rows.append(row) }
                }
            }
            next += 1
        }
        var found: Set<String> = ["payment_method_types"]
        var seen: Set<String> = []
        for row in rows { noteFields(row, &found, &seen) }
        return found
    }()

    private func noteFields(_ row: Lifecycle.Row, _ found: inout Set<String>, _ seen: inout Set<String>) {
        var expressions = row.sets.flatMap(\.value.expressions)
        expressions += ([row.condition] + (row.also + row.creates).map(\.condition)).compactMap { $0 }
        for expression in expressions { noteFields(expression, &found, &seen) }
    }

    private func noteFields(_ expression: Expression, _ found: inout Set<String>, _ seen: inout Set<String>) {
        for reference in expression.program.references {
            let path = reference.path
            if path[0] == "object", path.count > 1 { found.insert(path[1]) }
            guard seen.insert(path[0]).inserted else { continue }
            if let fact = conditions[path[0]] { noteFields(fact, &found, &seen) }
            var name: String? = path[0]
            while let link = name.flatMap({ link(named: $0) }) {
                name = nil
                for path in link.paths {
                    switch path {
                    case .slot(let slot): found.insert(slots[slot])
                    case .through(let other, _): if seen.insert(other).inserted { name = other }
                    case .param: continue
                    }
                }
            }
        }
    }

    func slot(_ field: String) -> Int? { slots.firstIndex(of: field) }

    /// The statuses that an object from outside may be in: one that has ended would be the caller's mistake.
    var usable: StatusSet {
        StatusSet(bits: lifecycle.all.bits & ~ended.bits)
    }
}
