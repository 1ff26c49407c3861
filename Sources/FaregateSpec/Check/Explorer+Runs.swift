// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

// Sub-flows: what they come to, worked out once for each way to begin them.
extension Explorer {
    func runFlow(_ name: String, _ with: [Template.Member], from here: Here) -> [Passage] {
        for member in with { noteUnbound(member.value, here) }
        guard depth < 8, let child = flows.number(of: name) else { return [] }
        let graph = flows.graphs[child]
        let world = here.world.canonical(oracle)
        let given = graph.inputs.map { input -> Value? in
            guard let member = with.first(where: { $0.key == input.name }) else { return input.defaultValue }
            guard let value = evaluate(member.value, here, world) else { return input.defaultValue }
            switch value {
            case .unknown: return nil
            case .ref(let number):
                // The same object, by the name that it has here.
                guard let place = world.names.firstIndex(of: number) else { return nil }
                return .ref(-1 - (graph.objects.count + place))
            default: return value
            }
        }
        let key = SummaryKey(flow: child, given: given, profile: here.checkCase.profile, world: world)
        let ends = summaries[key] ?? summary(key, child)
        summaries[key] = ends
        let state = flow.states[here.state]
        return ends.flatMap { end -> [Passage] in
            guard let number = state.edges.firstIndex(where: { $0.key == .final(end.final) }) else { return [] }
            var world = end.world
            updateViews(&world, here.checkCase)
            return leave(
                state.edges[number].branches, .edge, number, here, world, tier: max(here.tier, end.tier), kind: .step)
        }
    }

    private func summary(_ key: SummaryKey, _ child: Int) -> [(final: String, world: AbstractWorld, tier: Tier)] {
        let needed = oracle.needsProfile
        let explorer = Explorer(
            flows: flows, number: child, oracle: oracle, limits: limits, merging: merging, depth: depth + 1)
        explorer.effort = effort
        explorer.begin(given: key.given, profile: key.profile, roots: key.world.names, objects: key.world.objects)
        explorer.run()
        oracle.needsProfile = needed
        effort = explorer.effort
        if explorer.isOverBudget { isOverBudget = true }
        if explorer.isCrowded { isCrowded = true }
        var seen: [SummaryEnd: Int] = [:]
        var ends: [(final: String, world: AbstractWorld, tier: Tier)] = []
        for number in explorer.ends {
            let end = explorer.configurations[number]
            var world = explorer.worlds[end.world]
            world.names.removeFirst(explorer.flow.objects.count)
            world = world.canonical(oracle)
            let name = explorer.flow.states[end.state].name
            let tier = explorer.tiers[Int(number)]
            if let at = seen[SummaryEnd(final: name, world: world)] {
                ends[at].tier = min(ends[at].tier, tier)
            } else {
                seen[SummaryEnd(final: name, world: world)] = ends.count
                ends.append((name, world, tier))
            }
        }
        return ends
    }

    private struct SummaryEnd: Hashable {
        var final: String
        var world: AbstractWorld
    }
}
