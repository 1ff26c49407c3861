// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateValues

// What rows do to the objects of a world.
extension Explorer {
    /// The worlds after an outcome on one object: several where a condition of a side effect cannot be decided.
    func apply(
        _ outcome: RowOutcome, to number: Int, _ params: ValueMap, by operation: String? = nil, in world: AbstractWorld
    ) -> [AbstractWorld] {
        var worlds = [world]
        let before = world.objects[number].status
        if let status = outcome.status { worlds[0].objects[number].status = status }
        for step in outcome.steps {
            switch step {
            case .create(let reference, let status, let truth):
                worlds = worlds.flatMap { before -> [AbstractWorld] in
                    var after = before
                    create(reference, status, by: number, params, &after)
                    return truth == .yes ? [after] : [before, after]
                }
            case .move(let reference, let status, let truth):
                worlds = worlds.flatMap { before -> [AbstractWorld] in
                    var after = before
                    move(reference, status, by: number, params, &after)
                    return truth == .yes || after == before ? [after] : [before, after]
                }
            case .set(let field, let value):
                for at in worlds.indices { set(field, value, on: number, params, &worlds[at]) }
            }
        }
        if !outcome.isRefused {
            for at in worlds.indices { settle(number, from: before, by: operation, params, outcome, &worlds[at]) }
        }
        return worlds
    }

    /// A new object as a call makes it, its status yet to come.
    func draft(_ lifecycle: Int, _ params: ValueMap, in world: AbstractWorld) -> AbstractObject {
        let model = oracle.models[lifecycle]
        var object = AbstractObject(lifecycle: lifecycle, status: 0, references: AbstractObject.none, isOwn: true)
        object.seenReferences = model.unread
        if model.lifecycle.operation(named: "create") != nil, let type = params["type"]?.string,
            oracle.catalog.methods[type] != nil
        {
            object.method = Int(oracle.methods.intern(type))
            // Nobody has looked into an account that was just named.
            if model.fields.contains("verified"), let verifies = oracle.catalog.methods[type]?["verifies"]?.bool {
                object.data = oracle.data.intern(["verified": .bool(!verifies)])
            }
        }
        keep(params, in: &object, all: true)
        // Fields that follow from other objects: a refund's charge from its payment.
        var trial = world
        trial.objects.append(object)
        for reference in model.lifecycle.references where reference.inverse == nil {
            let other = oracle.resolve(reference, of: trial.objects.count - 1, params, in: trial)
            for path in reference.by where path.hasPrefix("object.") {
                if let slot = model.slot(String(path.dropFirst(7))), object.references[slot] == AbstractObject.none {
                    object.references[slot] = other
                }
            }
        }
        return object
    }

    /// Parameters that stand in the object under their own names.
    func keep(_ params: ValueMap, in object: inout AbstractObject, all: Bool = false) {
        let model = oracle.models[object.lifecycle]
        var data = oracle.data[object.data]
        for (key, value) in params {
            guard let name = key.string else { continue }
            if let slot = model.slot(name) {
                switch value {
                case .ref(let number): object.references[slot] = number
                case .null, .string(""): object.references[slot] = AbstractObject.none
                default: object.references[slot] = AbstractObject.unknown
                }
            } else if model.fields.contains(name) {
                data[name] = value == "" ? .null : value
            }
        }
        object.data = oracle.data.intern(data)
    }

    private func create(
        _ name: String, _ status: String, by number: Int, _ params: ValueMap, _ world: inout AbstractWorld
    ) {
        let parent = world.objects[number]
        let model = oracle.models[parent.lifecycle]
        guard let reference = model.lifecycle.reference(named: name),
            let born = oracle.models.first(where: { $0.name == reference.lifecycle }),
            let status = born.lifecycle.status(named: status)
        else { return }
        var object = AbstractObject(
            lifecycle: born.number, status: status, references: AbstractObject.none,
            method: oracle.method(of: number, params, in: world))
        object.seenReferences = born.unread
        for own in born.lifecycle.references {
            var target = AbstractObject.none
            if own.lifecycle == model.name {
                target = number
            } else if let shared = model.lifecycle.references.first(where: { $0.lifecycle == own.lifecycle }) {
                target = oracle.resolve(shared, of: number, params, in: world)
            }
            for path in own.by where path.hasPrefix("object.") {
                if let slot = born.slot(String(path.dropFirst(7))) { object.references[slot] = target }
            }
        }
        world.objects.append(object)
        if let field = reference.field, let slot = model.slot(field) {
            world.objects[number].references[slot] = world.objects.count - 1
        }
    }

    private func move(
        _ name: String, _ status: String, by number: Int, _ params: ValueMap, _ world: inout AbstractWorld
    ) {
        let model = oracle.models[world.objects[number].lifecycle]
        guard let reference = model.lifecycle.reference(named: name) else { return }
        var targets: [Int] = []
        if let inverse = reference.inverse {
            targets = world.objects.indices.filter { other in
                let kind = oracle.models[world.objects[other].lifecycle]
                guard kind.name == reference.lifecycle, let slot = kind.slot(inverse) else { return false }
                return world.objects[other].references[slot] == number
            }
        } else {
            let other = oracle.resolve(reference, of: number, params, in: world)
            if other >= 0 { targets = [other] }
        }
        for other in targets {
            let kind = oracle.models[world.objects[other].lifecycle]
            let before = world.objects[other].status
            guard let next = kind.lifecycle.status(named: status), next != before,
                before < 0 || !kind.ended.contains(before)
            else { continue }
            world.objects[other].status = next
            // What was null may be set now: a method that is attached has a customer.
            for slot in kind.slots.indices where world.objects[other].references[slot] == AbstractObject.none {
                world.objects[other].references[slot] = AbstractObject.unknown
            }
        }
    }

    private func set(
        _ field: String, _ value: Value, on number: Int, _ params: ValueMap, _ world: inout AbstractWorld
    ) {
        if field.hasPrefix("_") {
            // An attribute of the payment method in use.
            let model = oracle.models[world.objects[number].lifecycle]
            guard let reference = model.lifecycle.reference(named: "payment_method") else { return }
            let other = oracle.resolve(reference, of: number, params, in: world)
            if other >= 0 { write(String(field.dropFirst()), value, on: other, &world) }
            return
        }
        write(field, value, on: number, &world)
    }

    private func write(_ field: String, _ value: Value, on number: Int, _ world: inout AbstractWorld) {
        let model = oracle.models[world.objects[number].lifecycle]
        if let slot = model.slot(field) {
            switch value {
            case .ref(let other): world.objects[number].references[slot] = other
            case .null: world.objects[number].references[slot] = AbstractObject.none
            default: world.objects[number].references[slot] = AbstractObject.unknown
            }
        } else if model.fields.contains(field) {
            world.objects[number].data = oracle.data(world.objects[number].data, with: field, value)
        }
    }

    // MARK: Objects from outside

    /// Parameters with every id of an object from outside replaced by an object of which little is known, and methods made
    /// in passing; several worlds where such an object may be of several kinds.
    func materialise(
        _ params: ValueMap, for lifecycle: Int, subject: Int?, in world: AbstractWorld
    ) -> [(params: ValueMap, world: AbstractWorld)] {
        var variants = [(params: params, world: world)]
        let model = oracle.models[lifecycle]
        for reference in model.lifecycle.references {
            guard let target = oracle.models.first(where: { $0.name == reference.lifecycle }) else {
                continue
            }
            for path in reference.by where path.hasPrefix("params.") {
                let name = String(path.dropFirst(7))
                if name == "payment_method", let data = params["payment_method_data"] {
                    variants = variants.map { made($0.params, $0.world, name, target, type: data["type"]) }
                    continue
                }
                guard let value = params[name] else { continue }
                switch value {
                case .null, .ref, .string(""): continue
                default: break
                }
                variants = variants.flatMap { variant in
                    outside(variant.params, variant.world, name, value, target, subject)
                }
            }
        }
        return variants
    }

    private func made(
        _ params: ValueMap, _ world: AbstractWorld, _ name: String, _ model: LifecycleModel, type: Value?
    ) -> (params: ValueMap, world: AbstractWorld) {
        let object = draft(model.number, ["type": type ?? .unknown("type")], in: world)
        var world = world
        var params = params
        params[name] = .ref(world.objects.count)
        world.objects.append(object)
        return (params, world)
    }

    private func outside(
        _ params: ValueMap, _ world: AbstractWorld, _ name: String, _ value: Value, _ model: LifecycleModel,
        _ subject: Int?
    ) -> [(params: ValueMap, world: AbstractWorld)] {
        var types: [Int] = [AbstractObject.unknownMethod]
        var data: ValueMap = [:]
        if model.lifecycle.name == "payment_method" {
            if let id = value.string, let type = oracle.catalog.tokenTypes[id] {
                types = [Int(oracle.methods.intern(type))]
                // A test token of a bank account stands for one that was verified before.
                if model.fields.contains("verified"),
                    oracle.catalog.methods[type]?["verifies"] != true
                        || oracle.catalog.verifiedTokens.contains(id)
                {
                    data["verified"] = true
                }
            } else {
                let list =
                    params["payment_method_types"]?.list
                    ?? subject.flatMap { oracle.data[world.objects[$0].data]["payment_method_types"]?.list } ?? []
                let known = list.compactMap(\.string)
                if !known.isEmpty, known.count == list.count, known.count <= 8 {
                    types = known.map { Int(oracle.methods.intern($0)) }
                }
            }
        }
        // A literal is a test token, which belongs to nobody.
        let statuses = value.string != nil ? [0] : model.usable.members
        return types.flatMap { type in
            statuses.map { status in
                var world = world
                var params = params
                params[name] = .ref(world.objects.count)
                var object = AbstractObject(
                    lifecycle: model.number, status: status, references: AbstractObject.unknown, method: type)
                object.data = oracle.data.intern(data)
                world.objects.append(object)
                return (params, world)
            }
        }
    }
}
