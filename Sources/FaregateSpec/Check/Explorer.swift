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
    let merging: Merging
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
    /// A single look showed too much.
    var isCrowded = false
    /// What it has cost so far, in situations and worlds looked at, sub-flows included.
    var effort = 0

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
    /// What worlds may become by themselves, as far as it has been asked.
    var closures = ClosureMemory()

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
        flows: FlowSet, number: Int, oracle: RowOracle, limits: FlowChecker.Limits, merging: Merging, depth: Int = 0
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
        counted = VisitCounter(flow, isOn: merging < .counts)
        viewPlaces = flow.objects.map(viewPlace)
        ahead = Ahead.all(of: flow, flows, oracle)
    }

    let counted: VisitCounter
    /// By state: what it and the states that it leads to ask about.
    private(set) var ahead: [Ahead] = []
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
        let found = finder.cases(of: number, given: given, profile: profile)
        forgetsInputs = found.count > Self.manyCases
        for item in found {
            var start = world
            updateViews(&start, item)
            let visits = counted.entering(flow.initial, counted.none)
            add(flow.initial, item, visits, start, .likely, from: nil, assumption: nil)
        }
        weights = finder.weights
    }

    /// With many cases, what nobody asks about any more is forgotten: stories then say less of what made the difference.
    private var forgetsInputs = false
    private static let manyCases = 500

    /// How many methods each one that was tried stands for.
    private(set) var weights: [Value: Int] = [:]

    func run() {
        while !isOverBudget, let next = pop() {
            if configurations.count > limits.configurations || effort > limits.configurations * 4 {
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
        var world = isTimeless(state) ? world : world.fresh([])
        world = forgetting(world, before: state, checkCase.profile).canonical(oracle)
        if merging > .nothing {
            for at in world.objects.indices {
                world.objects[at].data = 0
                world.objects[at].isOwn = false
            }
        }
        let checkCase = forgetsInputs ? forgetting(checkCase, before: state) : checkCase
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
        effort += 1
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
}
