// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// What ties an object to those that its fields name, by slot: as the rows have it, or as they apply to this very object.
struct Bonds {
    /// Those that it may take along by itself, now or later.
    var moved: Set<Int>
    /// Those that decide how it moves by itself, now or later.
    var read: Set<Int>
}

/// An object and what its fields lead to, apart from all others.
struct Solitude: Hashable {
    /// The object is number 0.
    var world: AbstractWorld
    var profile: Int?
}

// What an object does by itself, when nobody else does anything.
extension Explorer {
    func solitude(of number: Int, in world: AbstractWorld, _ profile: Int?) -> Solitude {
        var objects = world.objects
        for at in objects.indices {
            objects[at].belief = StatusSet()
            objects[at].isFresh = false
            objects[at].isDue = false
            objects[at].seenReferences = Slots(repeating: AbstractObject.unknown)
        }
        return Solitude(world: AbstractWorld(objects: objects, names: [number]).canonical(oracle), profile: profile)
    }

    /// Whether an object may come to hold money.
    func mayHold(_ number: Int, in world: AbstractWorld, _ profile: Int?) -> Bool {
        let model = oracle.models[world.objects[number].lifecycle]
        guard !model.holding.isEmpty, !model.ended.contains(max(0, world.objects[number].status)) else { return false }
        guard world.objects[number].status >= 0, model.movedByOthers.isEmpty else { return true }
        let alone = solitude(of: number, in: world, profile)
        if let known = closures.holds[alone] { return known }
        let holds = outcomes(of: alone).contains { model.holding.contains($0.objects[0].status) }
        closures.holds[alone] = holds
        return holds
    }

    /// The bonds that really hold, which are fewer than the rows have for objects of its kind.
    func bonds(of number: Int, in world: AbstractWorld, _ profile: Int?) -> Bonds {
        let object = world.objects[number]
        let model = oracle.models[object.lifecycle]
        var bonds = Bonds(moved: model.movedAlong[object.status], read: model.readAlong[object.status])
        if bonds.moved.isEmpty, bonds.read.isEmpty { return bonds }
        let alone = solitude(of: number, in: world, profile)
        if let known = closures.bonds[alone] { return known }
        let before = alone.world.objects
        let after = outcomes(of: alone)
        bonds.moved = bonds.moved.filter { slot in
            let other = before[0].references[slot]
            return other >= 0 && after.contains { $0.objects[other] != before[other] }
        }
        bonds.read = bonds.read.filter { slot in
            let other = before[0].references[slot]
            guard other > 0 else { return false }
            return oracle.models[before[other].lifecycle].lifecycle.statuses.indices.contains { status in
                var elsewhere = alone
                elsewhere.world.objects[other].status = status
                elsewhere.world.objects[other].data = 0
                return shapes(outcomes(of: elsewhere), without: other) != shapes(after, without: other)
            }
        }
        closures.bonds[alone] = bonds
        return bonds
    }

    private func outcomes(of alone: Solitude) -> [AbstractWorld] {
        let needed = oracle.needsProfile
        defer { oracle.needsProfile = needed }
        let seen = alone.world.objects.indices.map { $0 == 0 }
        return closure(alone.world, alone.profile, of: Scope(seen: seen, takesNew: false)).map(\.world)
    }

    private func shapes(_ worlds: [AbstractWorld], without other: Int) -> Set<[AbstractObject]> {
        Set(
            worlds.map { world in
                var objects = world.objects
                objects[other] = worlds[0].objects[0]
                return objects
            })
    }
}
