// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What ends a status by itself.
struct Liveness: Hashable {
    /// It is certain to be left: a clock runs, or some actor's choices are all actions.
    var isLeft: Bool
    /// A choice by which nothing happens.
    var inaction: Lifecycle.Choice?
    /// Lifecycles whose objects these moves take along.
    var moves: [String]
}

extension Liveness {
    /// - Parameter matches: the moves that a status has.
    init(_ matches: [LifecycleGraph.Match], _ lifecycle: Lifecycle) {
        self.init(isLeft: false, moves: [])
        var acts: [String: [Lifecycle.Row]] = [:]
        for match in matches {
            for effect in match.row.also {
                if let reference = lifecycle.reference(named: effect.reference) {
                    moves.append(reference.lifecycle)
                }
            }
            guard match.certain else { continue }
            switch match.row.trigger {
            case .clock: isLeft = true
            case .choice(let choice):
                acts[choice.actor, default: []].append(match.row)
            case .call: break
            }
        }
        for actor in lifecycle.actors {
            guard let taken = acts[actor.name] else { continue }
            let idle = actor.choices.lazy.map { Lifecycle.Choice(actor: actor.name, name: $0) }
                .first { choice in !taken.contains { $0.trigger == .choice(choice) } }
            if let idle, LifecycleGraph.inaction(among: taken) == nil {
                if inaction == nil { inaction = idle }
            } else {
                isLeft = true
            }
        }
    }
}
