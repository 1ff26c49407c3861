// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateValues

/// Asks the lifecycles' rows on behalf of the check, and remembers the answers.
///
/// Few different questions are asked, however many configurations there are.
final class RowOracle {
    let catalog: Catalog
    let version: String
    let models: [LifecycleModel]
    var data = Interner<ValueMap>()
    var methods = Interner<String>()
    private var params = Interner<Value>()
    private var changes: [DataChange: UInt32] = [:]
    private var endings: [Question: Told<[RowOutcome]>] = [:]
    private var moves: [Question: Told<[RowOutcome]>] = [:]
    private var liveness: [Question: Told<Liveness>] = [:]
    private var knowledge: [Question: Knowledge] = [:]

    /// An answer, and whether it hangs on the profile.
    private struct Told<Answer> {
        var answer: Answer
        var readsProfile: Bool
    }

    /// Set when an answer hangs on the profile and the case has none yet.
    var needsProfile = false

    static let profiles = ["documented", "seed"]

    init(catalog: Catalog, version: String) {
        self.catalog = catalog
        self.version = version
        models = LifecycleModel.models(of: catalog)
        _ = data.intern([:])
    }

    /// All that rows can see, in numbers.
    struct Question: Hashable {
        var lifecycle: Int
        var operation: Int
        var status: Int
        var params: UInt32
        var object: AbstractObject
        var others: [Int]
        var method: Int
        var profile: Int
    }

    // MARK: Data

    private struct DataChange: Hashable {
        var data: UInt32
        var field: String
        var value: Value
    }

    /// The number of the same fields with another value in one of them.
    func data(_ number: UInt32, with field: String, _ value: Value) -> UInt32 {
        let change = DataChange(data: number, field: field, value: value)
        if let known = changes[change] { return known }
        var fields = data[number]
        // A number that only grows must not make configurations without end.
        if case .int(let count) = value, !(0...32).contains(count) {
            fields[field] = .unknown(field)
        } else {
            fields[field] = value
        }
        let result = data.intern(fields)
        changes[change] = result
        return result
    }

    /// The number of those fields that decide how an object moves by itself, without the others.
    func data(decidingMovesIn number: UInt32, of model: LifecycleModel) -> UInt32 {
        var kept = ValueMap()
        for name in model.decidingMoves { kept[name] = data[number][name] }
        return data.intern(kept)
    }

    // MARK: Asking

    func endings(
        _ operation: Int, on number: Int, from status: Int?, params: ValueMap, in world: AbstractWorld, profile: Int?
    ) -> [RowOutcome] {
        let model = models[world.objects[number].lifecycle]
        return ask(
            number, params, in: world, profile: profile, operation: operation, status: status ?? -1, memory: \.endings
        ) { facts in
            model.graph.endings(operation, from: status, facts: facts).compactMap {
                RowOutcome($0, of: model.lifecycle, facts)
            }
        }
    }

    func moves(of number: Int, in world: AbstractWorld, profile: Int?) -> [RowOutcome] {
        let status = world.objects[number].status
        let model = models[world.objects[number].lifecycle]
        guard status >= 0, !model.ended.contains(status) else { return [] }
        return ask(number, [:], in: world, profile: profile, operation: -1, status: status, memory: \.moves) { facts in
            model.graph.moves(from: status, facts: facts).flatMap {
                RowOutcome.outcomes(of: $0, from: status, model.graph, facts)
            }
        }
    }

    func liveness(of number: Int, in world: AbstractWorld, profile: Int?) -> Liveness {
        let status = world.objects[number].status
        let model = models[world.objects[number].lifecycle]
        guard status >= 0 else { return Liveness(isLeft: true, moves: []) }
        return ask(number, [:], in: world, profile: profile, operation: -2, status: status, memory: \.liveness) {
            facts in
            Liveness(model.graph.moves(from: status, facts: facts), model.lifecycle)
        }
    }

    /// With both profiles where the case leaves it open; if they differ, the case has to be split.
    private func ask<Answer: Equatable>(
        _ number: Int, _ params: ValueMap, in world: AbstractWorld, profile: Int?, operation: Int, status: Int,
        memory: ReferenceWritableKeyPath<RowOracle, [Question: Told<Answer>]>, _ answer: (Facts) -> Answer
    ) -> Answer {
        let object = world.objects[number]
        let model = models[object.lifecycle]
        var key = object
        key.belief = StatusSet()
        key.isFresh = false
        key.isDue = false
        key.status = 0
        key.seenReferences = Slots(repeating: AbstractObject.unknown)
        key.references = object.references.map { min($0, 0) }
        let others = model.links.map { resolve($0, of: number, params, in: world) }
        var question = Question(
            lifecycle: object.lifecycle, operation: operation, status: status,
            params: params.isEmpty ? 0 : self.params.intern(.map(params)) + 1, object: key,
            others: others.map { $0 >= 0 ? packed(world.objects[$0]) : $0 },
            method: method(of: object, others, params, in: world), profile: profile ?? 0)
        func told() -> Told<Answer> {
            if let known = self[keyPath: memory][question] { return known }
            let knowledge = self.knowledge(question, object, params, others, world)
            knowledge.readsProfile = false
            let told = Told(answer: answer(knowledge.facts), readsProfile: knowledge.readsProfile)
            self[keyPath: memory][question] = told
            return told
        }
        let first = told()
        guard profile == nil, first.readsProfile else { return first.answer }
        question.profile = 1
        if told().answer != first.answer { needsProfile = true }
        return first.answer
    }

    private func packed(_ object: AbstractObject) -> Int {
        let kind = (object.lifecycle << 8) | (object.status + 1)
        return (((kind << 16) | (object.method + 1)) << 24) | Int(object.data)
    }

    // MARK: Facts

    /// The same for all operations and statuses.
    private func knowledge(
        _ question: Question, _ object: AbstractObject, _ params: ValueMap, _ others: [Int], _ world: AbstractWorld
    ) -> Knowledge {
        var key = question
        key.operation = 0
        key.status = 0
        if let known = knowledge[key] { return known }
        let model = models[object.lifecycle]
        var values: [String: Value] = [
            "params": .map(params), "profile": .string(Self.profiles[question.profile]), "version": .string(version),
            "object": .map(body(of: object, model)),
        ]
        for (link, other) in zip(model.links, others) {
            switch other {
            case AbstractObject.none: values[link.name] = .null
            case AbstractObject.unknown: values[link.name] = .unknown(link.name)
            default: values[link.name] = described(world.objects[other])
            }
        }
        values["method"] = .unknown("method")
        if question.method >= 0, let entry = catalog.methods[methods[UInt32(question.method)]] {
            values["method"] = entry
        }
        for reference in model.lifecycle.references where reference.inverse != nil {
            values[reference.name] = .unknown(reference.name)
        }
        let made = Knowledge(model, values)
        knowledge[key] = made
        return made
    }

    /// What rows see, each fact computed once and only when a row asks.
    private final class Knowledge {
        private let lifecycle: Lifecycle
        private var values: [String: Value]
        private let conditions: [String: Expression]
        private var onProfile: Set<String> = ["profile"]
        /// Whether something was asked that hangs on the profile.
        var readsProfile = false

        init(_ model: LifecycleModel, _ values: [String: Value]) {
            lifecycle = model.lifecycle
            conditions = model.conditions
            self.values = values
        }

        var facts: Facts { Facts(lifecycle) { self.value($0) } }

        private func value(_ name: String) -> Value? {
            if let known = values[name] {
                if onProfile.contains(name) { readsProfile = true }
                return known
            }
            guard let condition = conditions[name] else { return nil }
            let before = readsProfile
            readsProfile = false
            // Facts that build on each other in a circle are unknown.
            values[name] = .unknown(name)
            if case .success(let value) = condition.program.evaluate({ self.value($0) }) { values[name] = value }
            if readsProfile { onProfile.insert(name) }
            readsProfile = readsProfile || before
            return values[name]
        }
    }

    private func body(of object: AbstractObject, _ model: LifecycleModel) -> ValueMap {
        var body = data[object.data]
        for (slot, field) in model.slots.enumerated() {
            switch object.references[slot] {
            case AbstractObject.none: body[field] = .null
            case AbstractObject.unknown: body[field] = .unknown(field)
            case let number: body[field] = .ref(number)
            }
        }
        for field in model.fields where body[field] == nil {
            if model.lifecycle.attributes.contains(field) { continue }
            body[field] = object.isOwn ? .null : .unknown(field)
        }
        return body
    }

    private func described(_ object: AbstractObject) -> Value {
        let lifecycle = models[object.lifecycle].lifecycle
        var map = data[object.data]
        for field in models[object.lifecycle].fields where map[field] == nil { map[field] = .unknown(field) }
        map["status"] = object.status >= 0 ? .string(lifecycle.statuses[object.status].name) : .unknown("status")
        return .map(map)
    }

    // MARK: References

    /// The object that a reference stands for: a number, `none` or `unknown`.
    func resolve(_ reference: Lifecycle.Reference, of number: Int, _ params: ValueMap, in world: AbstractWorld) -> Int {
        guard let link = models[world.objects[number].lifecycle].link(named: reference.name) else {
            return AbstractObject.none
        }
        return resolve(link, of: number, params, in: world)
    }

    private func resolve(_ link: LifecycleModel.Link, of number: Int, _ params: ValueMap, in world: AbstractWorld)
        -> Int
    {
        for path in link.paths {
            switch path {
            case .param(let name):
                guard !params.isEmpty else { continue }
                switch params[name] {
                case .ref(let other)?: return other
                case nil, .null?, .string("")?: continue
                default: return AbstractObject.unknown
                }
            case .slot(let slot):
                let other = world.objects[number].references[slot]
                if other != AbstractObject.none { return other }
            case .through(let name, let field):
                guard let holder = models[world.objects[number].lifecycle].link(named: name) else { continue }
                let other = resolve(holder, of: number, params, in: world)
                if other == AbstractObject.unknown { return other }
                guard other >= 0, let slot = models[world.objects[other].lifecycle].slot(field) else { continue }
                let found = world.objects[other].references[slot]
                if found != AbstractObject.none { return found }
            }
        }
        return AbstractObject.none
    }

    /// The type of the payment method that decides: number of its name, or `unknownMethod`.
    func method(of number: Int, _ params: ValueMap, in world: AbstractWorld) -> Int {
        let object = world.objects[number]
        let others = models[object.lifecycle].links.map { resolve($0, of: number, params, in: world) }
        return method(of: object, others, params, in: world)
    }

    private func method(of object: AbstractObject, _ others: [Int], _ params: ValueMap, in world: AbstractWorld) -> Int
    {
        if let type = params["payment_method_data"]?["type"]?.string { return Int(methods.intern(type)) }
        for other in others where other >= 0 && world.objects[other].method >= 0 { return world.objects[other].method }
        if object.method >= 0 { return object.method }
        if let type = Self.only(params["payment_method_types"]) { return Int(methods.intern(type)) }
        if let type = Self.only(data[object.data]["payment_method_types"]) { return Int(methods.intern(type)) }
        return AbstractObject.unknownMethod
    }

    static func only(_ list: Value?) -> String? {
        guard case .list(let items)? = list, items.count == 1 else { return nil }
        return items[0].string
    }
}
