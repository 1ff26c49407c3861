// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

// Who sees whom: the objects whose moves make a difference to a step, and those that can be forgotten.
extension Explorer {
    /// What a wait for some objects can tell from what it was.
    func scope(ofWaitFor watched: [Int], in world: AbstractWorld, _ profile: Int?) -> Scope {
        var scope = [Bool](repeating: false, count: world.objects.count)
        for number in watched { scope[number] = true }
        return Scope(seen: widened(scope, written: scope.map { _ in false }, world, profile), takesNew: false)
    }

    /// What a call can tell from what it was.
    ///
    /// - Parameter subject: nil for a call that makes an object.
    func scope(ofCallOn subject: Int?, _ params: ValueMap, in world: AbstractWorld, _ profile: Int?) -> Scope {
        var scope = [Bool](repeating: false, count: world.objects.count)
        var pending = [subject].compactMap { $0 }
        for (_, value) in params { if case .ref(let number) = value { pending.append(number) } }
        if let subject {
            // A call may take along those that name its object.
            let model = oracle.models[world.objects[subject].lifecycle]
            for reference in model.lifecycle.references {
                guard let inverse = reference.inverse else { continue }
                pending += world.objects.indices.filter { other in
                    let kind = oracle.models[world.objects[other].lifecycle]
                    guard kind.name == reference.lifecycle, let slot = kind.slot(inverse) else { return false }
                    return world.objects[other].references[slot] == subject
                }
            }
        }
        while let number = pending.popLast() {
            if scope[number] { continue }
            scope[number] = true
            for slot in 0..<Slots.capacity where world.objects[number].references[slot] >= 0 {
                pending.append(world.objects[number].references[slot])
            }
        }
        let written = scope.indices.map { number in
            scope[number] && (number == subject || !oracle.models[world.objects[number].lifecycle].isStill)
        }
        return Scope(seen: widened(scope, written: written, world, profile), takesNew: true)
    }

    /// What has to do with objects of some lifecycles.
    func scope(ofObjectsOf lifecycles: Set<Int>, in world: AbstractWorld, _ profile: Int?) -> Scope {
        let scope = world.objects.map { lifecycles.contains($0.lifecycle) }
        return Scope(seen: widened(scope, written: scope.map { _ in false }, world, profile), takesNew: true)
    }

    /// Takes in what moves those that are seen, what they move, and what decides how they move.
    ///
    /// - Parameter written: objects that the step itself may change.
    private func widened(_ seen: [Bool], written: [Bool], _ world: AbstractWorld, _ profile: Int?) -> [Bool] {
        let models = oracle.models
        func isMoving(_ number: Int) -> Bool {
            let object = world.objects[number]
            return object.status >= 0 && models[object.lifecycle].moving.contains(object.status)
        }
        let byRows = world.objects.map { object in
            let model = models[object.lifecycle]
            return object.status < 0
                ? Bonds(moved: [], read: [])
                : Bonds(moved: model.movedAlong[object.status], read: model.readAlong[object.status])
        }
        let wide = widened(seen, written: written, world, byRows)
        // Few ways to move together are soon tried; with many it is worth a look at what really holds.
        guard wide.indices.count(where: { wide[$0] && isMoving($0) }) > Self.fewMovers else { return wide }
        let real = world.objects.indices.map { number in
            wide[number] && world.objects[number].status >= 0 ? bonds(of: number, in: world, profile) : byRows[number]
        }
        return widened(seen, written: written, world, real)
    }

    private static let fewMovers = 2

    private func widened(_ seen: [Bool], written: [Bool], _ world: AbstractWorld, _ bonds: [Bonds]) -> [Bool] {
        var seen = seen
        var written = written
        var isChanged = true
        func mark(_ number: Int) {
            if seen[number] { return }
            seen[number] = true
            isChanged = true
        }
        func markWritten(_ number: Int) {
            if written[number] { return }
            written[number] = true
            isChanged = true
        }
        while isChanged {
            isChanged = false
            for (number, object) in world.objects.enumerated() where object.status >= 0 {
                let isMoving = oracle.models[object.lifecycle].moving.contains(object.status)
                if isMoving, seen[number] { markWritten(number) }
                for slot in bonds[number].moved {
                    let other = object.references[slot]
                    guard other >= 0, !hasEnded(other, world) else { continue }
                    if seen[other] { mark(number) }
                    guard seen[number] else { continue }
                    markWritten(other)
                    // One that stands still until it is taken along may move on later.
                    let status = world.objects[other].status
                    if status < 0 || oracle.models[world.objects[other].lifecycle].moving.contains(status) {
                        mark(other)
                    }
                }
                for slot in bonds[number].read {
                    let other = object.references[slot]
                    guard other >= 0, !hasEnded(other, world) else { continue }
                    if written[other] { mark(number) }
                    if seen[number], !oracle.models[world.objects[other].lifecycle].isStill { mark(other) }
                }
            }
        }
        return seen
    }

    private func hasEnded(_ number: Int, _ world: AbstractWorld) -> Bool {
        let status = world.objects[number].status
        return status >= 0 && oracle.models[world.objects[number].lifecycle].ended.contains(status)
    }

    // MARK: What nobody looks at any more

    /// The statuses that an object may be in by now, for all that the flow has let pass.
    func statuses(of number: Int, _ here: Here) -> [Int] {
        let object = here.world.objects[number]
        guard object.isDue else { return object.status >= 0 ? [object.status] : [] }
        let needed = oracle.needsProfile
        defer { oracle.needsProfile = needed }
        let scope = scope(ofWaitFor: [number], in: here.world, here.checkCase.profile)
        return closure(here.world, here.checkCase.profile, of: scope).map { $0.world.objects[number].status }
            .filter { $0 >= 0 }
    }

    /// The same world without the names that nothing ahead of a state mentions, unless their objects may hold money at the end.
    func forgetting(_ world: AbstractWorld, before state: Int, _ profile: Int?) -> AbstractWorld {
        var world = world
        for name in flow.objects.indices where world.names[name] >= 0 && !ahead[state].objects.contains(name) {
            let number = world.names[name]
            if !mayHold(number, in: world, profile) { world.names[name] = AbstractObject.none }
        }
        return world
    }

    /// The same case without the inputs that nothing ahead of a state asks about.
    func forgetting(_ checkCase: CheckCase, before state: Int) -> CheckCase {
        var item = checkCase
        for input in item.inputs.indices where !ahead[state].inputs.contains(input) { item.inputs[input] = nil }
        item.bits.removeAll { !ahead[state].conditions.contains($0.guardText) }
        return item
    }
}
