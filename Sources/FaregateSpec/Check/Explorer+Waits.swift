// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

// Waits: until a status is one of those that have an edge, asked at entry and after every read.
extension Explorer {
    func wait(_ wait: FlowGraph.Wait, from here: Here) -> [Passage] {
        switch wait.subject {
        case .objects(let objects): return self.wait(for: objects, from: here)
        case .signal, .time:
            let world = here.world.fresh([])
            var passages = heard(here, world, tier: here.tier)
            let state = flow.states[here.state]
            if let target = state.target {
                let kind: Passage.Kind = if case .time = wait.subject { .time } else { .signal }
                passages += leave([target], .target, 0, here, world, tier: here.tier, kind: kind)
            }
            passages += timedOut(here, world, tier: here.tier)
            if case .signal(let signal) = wait.subject, state.after.isEmpty {
                noteSilence(flow.signals[signal].name, here)
            }
            return passages
        }
    }

    private func wait(for objects: [Int], from here: Here) -> [Passage] {
        let state = flow.states[here.state]
        for object in objects where here.world.names[object] < 0 {
            noteUnbound(object: object, here)
            return []
        }
        waits[here.state].visited = true
        var passages: [Passage] = []
        // What the flow knows already is enough, if it has an edge and no news tell it to read again.
        let watched = objects.map { here.world.names[$0] }
        let known = objects.map { ($0, here.world.objects[here.world.names[$0]].seen) }
        let isFresh = watched.allSatisfy { here.world.objects[$0].isFresh }
        for (object, status) in known where status >= 0 {
            let known = waits[here.state].entered[Self.packed(object, status)] ?? here.tier
            waits[here.state].entered[Self.packed(object, status)] = min(known, here.tier)
        }
        if known.allSatisfy({ $0.1 >= 0 }) {
            var world = here.world
            for number in watched { world.objects[number].isFresh = true }
            let (isLeft, left) = leave(known, world, here, tier: here.tier, state)
            passages += left
            if isLeft, isFresh { return passages }
            if !isLeft {
                waits[here.state].neverWaited = false
                passages += heard(here, world.fresh(watched), tier: here.tier)
            }
        } else {
            waits[here.state].neverWaited = false
        }
        let scope = scope(ofWaitFor: watched, in: here.world, here.checkCase.profile)
        for reached in closure(here.world, here.checkCase.profile, of: scope, during: here.state) {
            var world = reached.world.fresh(watched)
            for number in watched { read(number, &world) }
            updateViews(&world, here.checkCase)
            let tier = max(here.tier, reached.tier)
            let present = objects.map { ($0, world.objects[world.names[$0]].seen) }
            for (object, status) in present where status >= 0 {
                waits[here.state].present.insert(Self.packed(object, status))
            }
            let (isLeft, left) = leave(
                present, world, here, tier: tier, state, assumption: haste(reached.moves, here))
            passages += left
            if isLeft { continue }
            passages += heard(here, world, tier: tier)
            passages += timedOut(here, world.fresh([]), tier: tier)
            var isNew = false
            for (object, status) in present where status >= 0 {
                if known.contains(where: { $0 == (object, status) }) || isStay(object, status, state) { continue }
                if known.contains(where: { $0.0 == object && $0.1 < 0 }) { continue }
                isNew = true
                noteUnhandledStatus(status, of: object, reached.moves, waiting: true, here, tier: tier)
            }
            if !isNew { noteEndless(objects, world, reached, scope, here, tier: tier, state) }
        }
        return passages
    }

    /// By number of an object: the statuses in which a wait does not leave it alone for long.
    func leaving(_ number: Int, _ world: AbstractWorld) -> [Int: StatusSet] {
        let state = flow.states[number]
        // Who never looks hears of a status when the news of it comes, which may be too late.
        guard case .wait(let wait) = state.verb, wait.poll != .never else { return [:] }
        var leaving: [Int: StatusSet] = [:]
        for edge in state.edges {
            guard case .status(let object, let status) = edge.key, !isStay(object, status, state) else { continue }
            leaving[world.names[object], default: StatusSet()].insert(status)
        }
        return leaving
    }

    static func packed(_ object: Int, _ status: Int) -> Int { object << 8 | status }

    private func isStay(_ object: Int, _ status: Int, _ state: FlowGraph.State) -> Bool {
        state.edges.contains { edge in
            edge.key == .status(object: object, status: status) && edge.branches.allSatisfy { $0.target == .stay }
        }
    }

    /// Leaves by the first status that has an edge; an edge to `stay` does not leave.
    private func leave(
        _ statuses: [(Int, Int)], _ world: AbstractWorld, _ here: Here, tier: Tier, _ state: FlowGraph.State,
        assumption: String? = nil
    ) -> (Bool, [Passage]) {
        for (number, edge) in state.edges.enumerated() {
            guard case .status(let object, let status) = edge.key, statuses.contains(where: { $0 == (object, status) })
            else { continue }
            var scope = here
            scope.tier = tier
            assert(state.asserts, status: status, scope, world)
            let stays = choose(edge.branches, scope, world).filter { edge.branches[$0.branch].target == .stay }
            for item in stays {
                let exit = Exit(state: here.state, group: .edge, number: number, branch: item.branch)
                if tier == .supposed { takenIfSupposed.insert(exit) } else { taken.insert(exit) }
            }
            let passages = leave(
                edge.branches, .edge, number, scope, world, tier: tier, kind: .time, assumption: assumption)
            if stays.isEmpty { return (true, passages) }
            if !passages.isEmpty { return (false, passages) }
        }
        return (false, [])
    }

    /// Signals and events may come at any time, but for events of objects that do not exist yet.
    private func heard(_ here: Here, _ world: AbstractWorld, tier: Tier) -> [Passage] {
        let state = flow.states[here.state]
        var passages: [Passage] = []
        for (number, edge) in state.edges.enumerated() {
            switch edge.key {
            case .signal:
                passages += leave(edge.branches, .edge, number, here, world, tier: tier, kind: .signal)
            case .event(let type):
                for told in worlds(telling: type, from: world, here) {
                    passages += leave(
                        edge.branches, .edge, number, here, told.world, tier: max(tier, told.tier), kind: .signal)
                }
            default: continue
            }
        }
        return passages
    }

    private func timedOut(_ here: Here, _ world: AbstractWorld, tier: Tier) -> [Passage] {
        guard let timed = flow.states[here.state].after.first else { return [] }
        return leave([timed.branch], .after, 0, here, world, tier: tier, kind: .time)
    }

    // MARK: Waits without end

    private func noteEndless(
        _ objects: [Int], _ world: AbstractWorld, _ reached: Reached, _ scope: Scope, _ here: Here, tier: Tier,
        _ state: FlowGraph.State
    ) {
        guard state.after.isEmpty else { return }
        var inaction: (Lifecycle.Choice, Int)?
        for object in objects {
            let number = world.names[object]
            let own = oracle.liveness(of: number, in: world, profile: here.checkCase.profile)
            if own.isLeft { return }
            if inaction == nil, let choice = own.inaction { inaction = (choice, object) }
            // Others may take it along.
            let name = oracle.models[world.objects[number].lifecycle].name
            for other in world.objects.indices where other != number && scope.contains(other) {
                let liveness = oracle.liveness(of: other, in: world, profile: here.checkCase.profile)
                guard liveness.moves.contains(name) else { continue }
                if liveness.isLeft { return }
                if inaction == nil, let choice = liveness.inaction { inaction = (choice, object) }
            }
        }
        let isHeard = state.edges.contains { edge in
            switch edge.key {
            case .signal, .event: true
            default: false
            }
        }
        noteEndlessWait(objects, world, inaction?.0, isHeard: isHeard, reached.moves, here, tier: tier)
    }
}
