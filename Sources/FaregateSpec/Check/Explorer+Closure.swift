// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// A move that has happened, for stories.
struct Cause: Hashable {
    var row: String
    var choice: Lifecycle.Choice?
    /// How long it took, where a clock brought it.
    var delay: Duration?
    /// The lifecycle of the object that moved, where no name leads to it any more.
    var leftBehind: Int?
}

/// A world that another one may have become by itself.
struct Reached {
    var world: AbstractWorld
    var moves: [Cause]
    var tier: Tier
}

/// The objects that move as far as they may before a step; all others wait until somebody looks.
struct Scope: Hashable {
    /// By number.
    var seen: [Bool]
    /// Whether those that come into being meanwhile belong to it.
    var takesNew: Bool

    func contains(_ number: Int) -> Bool { number < seen.count ? seen[number] : takesNew }
}

/// What the search has found out about moves.
struct ClosureMemory {
    struct Key: Hashable {
        var world: AbstractWorld
        var profile: Int?
        /// The wait that looks on; nil during a call.
        var state: Int?
        var scope: Scope
    }

    /// Whether an object may come to hold money, all by itself.
    var holds: [Solitude: Bool] = [:]
    var bonds: [Solitude: Bonds] = [:]
    private var known: [Key: [Reached]] = [:]
    private var size = 0

    subscript(key: Key) -> [Reached]? {
        get { known[key] }
        set {
            // To search again is cheaper than to remember everything.
            if size > Self.capacity {
                known.removeAll()
                size = 0
            }
            size += newValue?.count ?? 0
            known[key] = newValue
        }
    }

    private static let capacity = 50_000
}

// What happens by itself.
//
// A move can be told from no move only by those who look at what it changes. So objects stand still until somebody looks,
// and then have moved as far as they may have come by then: all orders of moves that nobody can tell apart are one.
extension Explorer {
    /// All worlds that a world may become by itself before somebody looks at some of its objects, itself first; numbers of
    /// objects stay as they are.
    ///
    /// - Parameter state: the wait that looks on meanwhile, often enough to see the statuses that have an edge before a clock
    ///   runs out.
    func closure(
        _ world: AbstractWorld, _ profile: Int?, of scope: Scope, during state: Int? = nil
    ) -> [Reached] {
        let key = ClosureMemory.Key(world: world, profile: profile, state: state, scope: scope)
        if let known = closures[key] {
            effort += known.count
            return known
        }
        let found = search(key)
        effort += found.count
        // What hung on the profile must be asked again once the case is split.
        if !(profile == nil && oracle.needsProfile) { closures[key] = found }
        return found
    }

    private func search(_ key: ClosureMemory.Key) -> [Reached] {
        var start = key.world
        let late = start.objects.indices.filter { key.scope.contains($0) && start.objects[$0].isDue }
        for number in start.objects.indices {
            start.objects[number].isDue = key.scope.contains(number) ? false : isMoving(number, in: start, key.profile)
        }
        var reached = [Reached(world: start, moves: [], tier: .likely)]
        if key.state != nil, !late.isEmpty {
            reached = spread(reached, key) { number, _ in late.contains(number) ? .yes : .no }
        }
        let leaving = key.state.map { self.leaving($0, key.world) } ?? [:]
        return spread(reached, key) { number, status in
            guard key.scope.contains(number) else { return .no }
            return leaving[number]?.contains(max(0, status)) ?? false ? .brief : .yes
        }
    }

    /// Whether an object may move at all by itself.
    private func isMoving(_ number: Int, in world: AbstractWorld, _ profile: Int?) -> Bool {
        if world.objects[number].isDue { return true }
        let needed = oracle.needsProfile
        defer { oracle.needsProfile = needed }
        return !oracle.moves(of: number, in: world, profile: profile).isEmpty
    }

    private enum Move { case yes, no, brief }

    /// - Parameter mayMove: by number and status of an object; `brief`: no clock runs out meanwhile.
    private func spread(
        _ start: [Reached], _ key: ClosureMemory.Key, _ mayMove: (Int, Int) -> Move
    ) -> [Reached] {
        let place = key.world.reached().place
        var reached: [Reached] = []
        // Rare moves last, so that each world is reached in the most believable way.
        var waiting = [start.filter { $0.tier == .likely }, start.filter { $0.tier != .likely }]
        var heads = [0, 0]
        var best: [AbstractWorld: Tier] = [:]
        for item in start { best[item.world] = item.tier }
        while let lane = waiting.indices.first(where: { heads[$0] < waiting[$0].count }) {
            let next = waiting[lane][heads[lane]]
            heads[lane] += 1
            if let known = best[next.world], known < next.tier { continue }
            reached.append(next)
            guard reached.count < Self.mostWorlds else {
                isOverBudget = true
                isCrowded = true
                break
            }
            for number in next.world.objects.indices {
                let may = mayMove(number, next.world.objects[number].status)
                if may == .no { continue }
                for outcome in oracle.moves(of: number, in: next.world, profile: key.profile) {
                    if outcome.isTimed, may == .brief { continue }
                    let tier = max(next.tier, outcome.rare ? .rare : .likely)
                    let isLeftBehind = number < place.count && place[number] < 0
                    let cause = Cause(
                        row: outcome.rows.last ?? "", choice: outcome.choice, delay: outcome.delay,
                        leftBehind: isLeftBehind ? next.world.objects[number].lifecycle : nil)
                    for var world in apply(outcome, to: number, [:], in: next.world) {
                        for other in world.objects.indices where !key.scope.contains(other) {
                            let isSame =
                                other < next.world.objects.count && next.world.objects[other] == world.objects[other]
                            if !isSame { world.objects[other].isDue = isMoving(other, in: world, key.profile) }
                        }
                        if let known = best[world], known <= tier { continue }
                        best[world] = tier
                        waiting[tier == .likely ? 0 : 1].append(
                            Reached(world: world, moves: next.moves + [cause], tier: tier))
                    }
                }
            }
        }
        return reached
    }

    /// Beyond this many, one look at one situation takes too long.
    private static let mostWorlds = 4096
}
