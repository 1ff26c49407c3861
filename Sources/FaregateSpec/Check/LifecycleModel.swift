// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateValues

/// What the check has to keep of a lifecycle's objects: that which some row decides by, and nothing else.
struct LifecycleModel {
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

    var lifecycle: Lifecycle { graph.lifecycle }

    static func models(of catalog: Catalog) -> [LifecycleModel] {
        var models = catalog.graphs.enumerated().map { LifecycleModel($1, number: $0) }
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

    private init(_ graph: LifecycleGraph, number: Int) {
        self.graph = graph
        self.number = number
        let lifecycle = graph.lifecycle
        for reference in lifecycle.references {
            for path in reference.by {
                let steps = path.split(separator: ".", maxSplits: 1).map(String.init)
                if steps.count == 2, steps[0] == "object", !slots.contains(steps[1]) { slots.append(steps[1]) }
                if steps.count == 2, steps[0] == "params" { params.insert(steps[1]) }
            }
            if let field = reference.field, !slots.contains(field) { slots.append(field) }
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
        if let refusal = lifecycle.refusal { codes.insert(refusal) }
    }

    private mutating func read(_ expression: Expression?, _ seen: inout Set<String>) {
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

    private mutating func keep(_ field: String) {
        if !slots.contains(field), !fields.contains(field) { fields.append(field) }
    }

    private mutating func noteOpen(_ row: Lifecycle.Row) {
        for status in row.from.members where !lifecycle.statuses[status].terminal {
            switch row.outcome {
            case .to: if !row.rare { open.insert(status) }
            case .stay: if row.then != nil { open.insert(status) }
            case .refuse: break
            }
        }
    }

    func slot(_ field: String) -> Int? { slots.firstIndex(of: field) }

    /// The statuses that an object from outside may be in: one that has ended would be the caller's mistake.
    var usable: StatusSet {
        StatusSet(lifecycle.statuses.indices.filter { !lifecycle.statuses[$0].terminal })
    }
}
