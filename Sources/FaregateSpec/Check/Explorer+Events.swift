// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

// Events that tell of new objects: nobody hears of a dispute before there is one.
extension Explorer {
    /// The worlds in which an event of this type may come.
    func worlds(telling type: String, from world: AbstractWorld, _ here: Here) -> [Reached] {
        let rows = births(type)
        let present = Reached(world: world, moves: [], tier: .likely)
        guard !rows.isEmpty else { return [present] }
        let kinds = Set(world.objects.map(\.lifecycle))
        var told = rows.contains { $0.kinds.isSubset(of: kinds) } ? [present] : []
        let scope = scope(
            ofObjectsOf: origins(of: Set(rows.map(\.teller))), in: world, here.checkCase.profile)
        told += closure(world, here.checkCase.profile, of: scope).filter { reached in
            reached.moves.contains { move in rows.contains { $0.row == move.row } }
        }
        return told.map { reached in
            var reached = reached
            learnHidden(&reached.world)
            updateViews(&reached.world, here.checkCase)
            return reached
        }
    }

    /// The rows that announce an event and make objects by it; none, where some row announces it without.
    private func births(_ type: String) -> [(row: String, teller: Int, kinds: Set<Int>)] {
        var births: [(row: String, teller: Int, kinds: Set<Int>)] = []
        for model in oracle.models {
            for row in model.lifecycle.rows where row.events.contains(type) {
                let kinds = row.creates.compactMap { effect in
                    model.lifecycle.reference(named: effect.reference).flatMap {
                        oracle.catalog.number(of: $0.lifecycle)
                    }
                }
                guard !kinds.isEmpty else { return [] }
                births.append((row.id, model.number, Set(kinds)))
            }
        }
        return births
    }

    /// Lifecycles, and those whose objects may make objects of them by themselves.
    private func origins(of lifecycles: Set<Int>) -> Set<Int> {
        var origins = lifecycles
        for _ in oracle.models {
            for model in oracle.models where origins.isDisjoint(with: [model.number]) {
                let made = model.lifecycle.rows.flatMap(\.creates).compactMap {
                    model.lifecycle.reference(named: $0.reference).flatMap { oracle.catalog.number(of: $0.lifecycle) }
                }
                if made.contains(where: { origins.contains($0) }) { origins.insert(model.number) }
            }
        }
        return origins
    }

    /// References that no body shows are known from events.
    private func learnHidden(_ world: inout AbstractWorld) {
        for number in world.objects.indices {
            for slot in oracle.models[world.objects[number].lifecycle].hiddenSlots {
                world.objects[number].seenReferences[slot] = world.objects[number].references[slot]
            }
        }
    }
}
