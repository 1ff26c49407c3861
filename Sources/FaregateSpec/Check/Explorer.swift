// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateText
import FaregateValues

/// One situation of a flow: where it is, in which case, what it has counted, what there is.
struct Configuration: Hashable {
    var state: Int
    var checkCase: UInt32
    /// Of the states whose visits some guard compares, up to the largest number that it compares with.
    var visits: [UInt8]
    var world: UInt32
}

/// How little a configuration is to be believed in; what is worse is looked at later.
enum Tier: Int, Comparable, CaseIterable {
    case likely
    /// Only by a row that is marked as rare.
    case rare
    /// Only if something holds that cannot be decided here.
    case assumed
    /// Only if the flow were right where it is known to be wrong.
    case supposed

    static func < (a: Tier, b: Tier) -> Bool { a.rawValue < b.rawValue }
}

/// One step of the search, with what a story needs to know of it.
struct Passage {
    enum Kind { case step, time, signal }

    var target: Int
    var checkCase: CheckCase
    var visits: [UInt8]
    var world: AbstractWorld
    var tier: Tier
    var kind: Kind
    /// Which way out of the state it is.
    var exit: Exit
    /// What was assumed on the way.
    var assumption: String?
}

/// A way out of a state.
struct Exit: Hashable {
    enum Group: Hashable { case edge, caught, after, choose, target }

    var state: Int
    var group: Group
    var number: Int
    var branch: Int
}

/// Searches all configurations of a flow, breadth first, the most believable first.
final class Explorer {
    let flows: FlowSet
    let number: Int
    let flow: FlowGraph
    let oracle: RowOracle
    let limits: FlowChecker.Limits
    /// 0: nothing is merged; 1: what is known of objects' fields; 2: counted visits as well.
    let merging: Int
    let depth: Int

    var cases = Interner<CheckCase>()
    var worlds = Interner<AbstractWorld>()
    var configurations = Interner<Configuration>()
    var parents: [Parent?] = []
    var tiers: [Tier] = []
    private var isDone: [Bool] = []
    private var queues: [[UInt32]] = Tier.allCases.map { _ in [] }
    private var heads = Tier.allCases.map { _ in 0 }
    var successors: [[Link]] = []
    var isOverBudget = false

    var taken: Set<Exit> = []
    var takenIfSupposed: Set<Exit> = []
    /// By state: the first configuration that reached it.
    var firstVisits: [UInt32?]
    var calls: [CallRecord]
    var waits: [WaitRecord]
    /// Configurations in which something was found that ends them.
    var faulty: Set<UInt32> = []
    var ends: [UInt32] = []
    var findings = FindingBook()
    /// Findings of the configuration that is being looked at; they count once it is certain that its case need not be split.
    var pending: [FindingBook.Entry] = []
    private var closures: [ClosureKey: [Reached]] = [:]

    struct Parent {
        var from: UInt32
        var assumption: String?
    }

    struct Link {
        var target: UInt32
        var kind: Passage.Kind
        var tier: Tier
    }

    struct CallRecord {
        var isAllowed = false
        var refusal:
            (
                configuration: UInt32, number: Int, world: AbstractWorld, params: ValueMap, outcome: RowOutcome,
                moves: [Cause]
            )?
        var isSupposed = false
    }

    struct WaitRecord {
        /// Statuses that the flow knew of when it came here, by object, each with the most believable way of it.
        var entered: [Int: Tier] = [:]
        /// Statuses that were there while it waited, by object.
        var present: Set<Int> = []
        var neverWaited = true
        var visited = false
    }

    init(
        flows: FlowSet, number: Int, oracle: RowOracle, limits: FlowChecker.Limits, merging: Int, depth: Int = 0
    ) {
        self.flows = flows
        self.number = number
        flow = flows.graphs[number]
        self.oracle = oracle
        self.limits = limits
        self.merging = merging
        self.depth = depth
        firstVisits = flow.states.map { _ in nil }
        calls = flow.states.map { _ in CallRecord() }
        waits = flow.states.map { _ in WaitRecord() }
        counted = VisitCounter(flow, isOn: merging < 2)
        viewPlaces = flow.objects.map(viewPlace)
    }

    let counted: VisitCounter
    /// By object of the flow.
    private(set) var viewPlaces: [ViewPlace?] = []
    /// What sub-flows came to, by the world and the inputs that they began with.
    var summaries: [SummaryKey: [(final: String, world: AbstractWorld, tier: Tier)]] = [:]

    struct SummaryKey: Hashable {
        var flow: Int
        var given: [Value?]
        var profile: Int?
        var world: AbstractWorld
    }

    // MARK: The search

    func begin(given: [Value?], profile: Int?, roots: [Int], objects: [AbstractObject]) {
        // A file whose states cannot be read has none.
        guard flow.states.indices.contains(flow.initial) else { return }
        var finder = CaseFinder(flows: flows, oracle: oracle)
        let names = flow.objects.map { _ in AbstractObject.none } + roots
        let world = AbstractWorld(objects: objects, names: names)
        for item in finder.cases(of: number, given: given, profile: profile) {
            var start = world
            updateViews(&start, item)
            let visits = counted.entering(flow.initial, counted.none)
            add(flow.initial, item, visits, start, .likely, from: nil, assumption: nil)
        }
        weights = finder.weights
    }

    /// How many methods each one that was tried stands for.
    private(set) var weights: [Value: Int] = [:]

    func run() {
        while let next = pop() {
            if configurations.count > limits.configurations {
                isOverBudget = true
                return
            }
            look(at: next)
        }
    }

    private func pop() -> UInt32? {
        for tier in Tier.allCases {
            while heads[tier.rawValue] < queues[tier.rawValue].count {
                let next = queues[tier.rawValue][heads[tier.rawValue]]
                heads[tier.rawValue] += 1
                if isDone[Int(next)] || tiers[Int(next)] < tier { continue }
                isDone[Int(next)] = true
                return next
            }
        }
        return nil
    }

    @discardableResult
    func add(
        _ state: Int, _ checkCase: CheckCase, _ visits: [UInt8], _ world: AbstractWorld, _ tier: Tier,
        from parent: UInt32?, assumption: String?
    ) -> UInt32 {
        // News may come while a call is on its way; and only waits ask for them.
        var world = (isTimeless(state) ? world : world.fresh([])).canonical(oracle)
        if merging > 0 {
            for at in world.objects.indices {
                world.objects[at].data = 0
                world.objects[at].isOwn = false
            }
        }
        // A step rarely changes the case, and to compare is cheaper than to hash.
        let before = parent.map { configurations[$0].checkCase }
        let number = before.flatMap { cases[$0] == checkCase ? $0 : nil } ?? cases.intern(checkCase)
        return add(
            Configuration(state: state, checkCase: number, visits: visits, world: worlds.intern(world)), tier,
            from: parent, assumption: assumption)
    }

    private func add(_ configuration: Configuration, _ tier: Tier, from parent: UInt32?, assumption: String?) -> UInt32
    {
        let before = configurations.count
        let number = configurations.intern(configuration)
        if configurations.count > before {
            parents.append(parent.map { Parent(from: $0, assumption: assumption) })
            tiers.append(tier)
            isDone.append(false)
            successors.append([])
            queues[tier.rawValue].append(number)
        } else if !isDone[Int(number)], tier < tiers[Int(number)] {
            tiers[Int(number)] = tier
            parents[Int(number)] = parent.map { Parent(from: $0, assumption: assumption) }
            queues[tier.rawValue].append(number)
        }
        return number
    }

    /// Whether a run may pass a state in no time.
    private func isTimeless(_ state: Int) -> Bool {
        switch flow.states[state].verb {
        case .call: false
        case .final: depth > 0
        case .wait, .choose, .emit, .run: true
        }
    }

    private func look(at number: UInt32) {
        let configuration = configurations[number]
        let item = cases[configuration.checkCase]
        oracle.needsProfile = false
        pending = []
        let here = Here(
            number: number, state: configuration.state, checkCase: item, visits: configuration.visits,
            world: worlds[configuration.world], tier: tiers[Int(number)])
        let passages = passages(from: here)
        if oracle.needsProfile, item.profile == nil {
            // The two profiles differ from here on: look again, once for each.
            let origin = parents[Int(number)]
            for profile in RowOracle.profiles.indices {
                var split = item
                split.profile = profile
                let twin = add(
                    here.state, split, here.visits, here.world, here.tier, from: origin?.from,
                    assumption: origin?.assumption)
                if let origin { successors[Int(origin.from)].append(Link(target: twin, kind: .step, tier: here.tier)) }
            }
            splits.insert(number)
            return
        }
        if firstVisits[here.state] == nil { firstVisits[here.state] = number }
        for entry in pending { findings.note(entry, self) }
        for passage in passages { follow(passage, from: number) }
    }

    /// Configurations that stand for two others, one for each profile.
    var splits: Set<UInt32> = []

    func follow(_ passage: Passage, from number: UInt32) {
        if passage.tier == .supposed { takenIfSupposed.insert(passage.exit) } else { taken.insert(passage.exit) }
        let next = add(
            passage.target, passage.checkCase, counted.entering(passage.target, passage.visits), passage.world,
            passage.tier, from: number, assumption: passage.assumption)
        successors[Int(number)].append(Link(target: next, kind: passage.kind, tier: passage.tier))
    }

    private func passages(from here: Here) -> [Passage] {
        let state = flow.states[here.state]
        switch state.verb {
        case .call(let call): return self.call(call, from: here)
        case .wait(let wait): return self.wait(wait, from: here)
        case .choose(let branches):
            return leave(branches, .choose, 0, here, here.world, tier: here.tier, kind: .step)
        case .emit(_, let with):
            noteUnbound(with, here)
            return state.target.map { leave([$0], .target, 0, here, here.world, tier: here.tier, kind: .step) } ?? []
        case .run(let name, let with): return runFlow(name, with, from: here)
        case .final(let final):
            for member in final.outputs { noteUnbound(member.value, here) }
            ends.append(here.number)
            noteHolding(here)
            return []
        }
    }

    /// The configuration that is being looked at.
    struct Here {
        var number: UInt32
        var state: Int
        var checkCase: CheckCase
        var visits: [UInt8]
        var world: AbstractWorld
        var tier: Tier
    }

    // MARK: What happens by itself

    /// A move that has happened, for stories.
    struct Cause: Hashable {
        var row: String
        var choice: Lifecycle.Choice?
        /// The lifecycle of the object that moved, where no name leads to it any more.
        var leftBehind: Int?
    }

    /// A world that another one may have become by itself.
    struct Reached {
        var world: AbstractWorld
        var moves: [Cause]
        var tier: Tier
    }

    private struct ClosureKey: Hashable {
        var world: AbstractWorld
        var profile: Int?
        /// The wait that looks on; nil during a call.
        var state: Int?
    }

    /// All worlds that a world may become by itself, itself first; numbers of objects stay as they are.
    ///
    /// - Parameter state: the wait that looks on meanwhile, often enough to see the statuses that have an edge before a clock
    ///   runs out.
    func closure(_ world: AbstractWorld, _ profile: Int?, during state: Int? = nil) -> [Reached] {
        let key = ClosureKey(world: world, profile: profile, state: state)
        if let known = closures[key] { return known }
        let leaving = state.map { self.leaving($0, world) } ?? [:]
        let place = world.reached().place
        var reached: [Reached] = []
        var waiting = [Reached(world: world, moves: [], tier: .likely)]
        var best: [AbstractWorld: Tier] = [world: .likely]
        // Rare moves last, so that each world is reached in the most believable way.
        while !waiting.isEmpty {
            let at = waiting.indices.min { (waiting[$0].tier, $0) < (waiting[$1].tier, $1) }!
            let next = waiting.remove(at: at)
            if let known = best[next.world], known < next.tier { continue }
            reached.append(next)
            guard reached.count < 512 else { break }
            for number in next.world.objects.indices {
                let isBrief = leaving[number]?.contains(max(0, next.world.objects[number].status)) ?? false
                for outcome in oracle.moves(of: number, in: next.world, profile: profile) {
                    if outcome.isTimed, isBrief { continue }
                    let tier = max(next.tier, outcome.rare ? .rare : .likely)
                    let isLeftBehind = number < place.count && place[number] < 0
                    let cause = Cause(
                        row: outcome.rows.last ?? "", choice: outcome.choice,
                        leftBehind: isLeftBehind ? next.world.objects[number].lifecycle : nil)
                    for world in apply(outcome, to: number, [:], in: next.world) {
                        if let known = best[world], known <= tier { continue }
                        best[world] = tier
                        waiting.append(Reached(world: world, moves: next.moves + [cause], tier: tier))
                    }
                }
            }
        }
        // What hung on the profile must be asked again once the case is split.
        if !(profile == nil && oracle.needsProfile) { closures[key] = reached }
        return reached
    }
}
