// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSimulator
import FaregateSpec
import FaregateText
import FaregateValues
import FaregateVerify
import FaregateWire

/// What the check is held against: plays real runs in real worlds, all of them, and notes what goes wrong.
///
/// It knows no rows and no tables. Each answer, each choice and each order comes from the interpreter and the simulator;
/// only equal pairs of a run and a world are looked at once. Time does not pass by itself: what is about to happen may
/// happen at any point, before or after any time-out, and that is what the check assumes too.
struct NaiveChecker {
    let interpreter: Interpreter
    let simulator: Simulator
    /// A state that is visited more often is not followed any further.
    var visits = 5
    var limit = 20_000
    /// Whether the first answer to a call may be lost.
    var mayLose = true
    /// Only runs that pass these states in this order are followed.
    var story: [String]?

    var flow: FlowGraph { interpreter.flows.graphs[0] }

    /// Something that went wrong, and how it came about.
    struct Problem: Hashable {
        enum Kind: String, Hashable { case status, error, assertion, unbound, stuck, other }
        var kind: Kind
        var state: String
        /// The status, or the names of the error, the most special first.
        var subject: [String]
        var message: String
    }

    /// What a file may lead to.
    struct Outcome {
        /// With the states that led there, in order.
        var problems: [Problem: [String]] = [:]
        var reached: Set<String> = []
        /// `state/cause`: the edges that were taken.
        var taken: Set<String> = []
        /// Calls that were answered without an error.
        var allowed: Set<String> = []
        /// Errors that came, by `state/name`.
        var refused: Set<String> = []
        var finals: Set<String> = []
        var situations = 0
        var isComplete = true
        /// There were too many situations: what was not seen may all the same be.
        var isCut = false
        /// Statuses that waits met, without an edge: `Problem`s unless a wait may begin in them.
        fileprivate var met: [Problem: [String]] = [:]
        fileprivate var begun: Set<Problem> = []

        mutating func merge(_ other: Outcome) {
            problems.merge(other.problems) { $1.count < $0.count ? $1 : $0 }
            met.merge(other.met) { $1.count < $0.count ? $1 : $0 }
            begun.formUnion(other.begun)
            reached.formUnion(other.reached)
            taken.formUnion(other.taken)
            allowed.formUnion(other.allowed)
            refused.formUnion(other.refused)
            finals.formUnion(other.finals)
            situations += other.situations
            isComplete = isComplete && other.isComplete
            isCut = isCut || other.isCut
        }

        /// What a wait passes over in silence because it may begin with it is no problem, whenever it comes.
        mutating func settle() {
            if isCut { return }
            for (problem, path) in met where !begun.contains(problem) { problems[problem] = path }
        }
    }

    /// A run in a world, and what the run asks for next.
    private struct Situation: Hashable {
        var run: Run
        var world: World
        var action: Action
        /// By object that the present wait waits for: the status that the flow knew when it came here.
        var known: [Int: Int] = [:]
    }

    private struct Node {
        var situation: Situation
        var parent: Int?
        var entered: [String]
        /// How many states the run has entered.
        var depth: Int
    }

    // MARK: Cases

    /// Every value of every input that has a list of them, the others as they are by default.
    func explore(profiles: [String]) -> Outcome {
        var cases: [ValueMap] = [[:]]
        for input in flow.inputs {
            var values = input.oneOf
            if values.isEmpty, input.type == "bool" { values = [false, true] }
            if values.isEmpty, input.defaultValue == nil { values = [input.type == "int" ? 1 : "pm_card_visa"] }
            guard !values.isEmpty else { continue }
            cases = cases.flatMap { base in
                values.map { value in
                    var copy = base
                    copy[input.name] = value
                    return copy
                }
            }
        }
        var outcome = Outcome()
        for inputs in cases {
            for profile in profiles {
                outcome.merge(explore(inputs, profile: profile))
            }
        }
        outcome.settle()
        return outcome
    }

    func explore(_ inputs: ValueMap, profile: String) -> Outcome {
        var outcome = Outcome()
        let start = Interpreter.Start(flow: 0, id: "x", inputs: inputs, profile: profile, at: TestDriver.epoch)
        let world = World(
            seed: "x", now: start.at, profile: profile, accountVersion: interpreter.catalog.version)
        let (run, step) = interpreter.start(start)
        var first = Situation(run: run, world: world, action: step.action)
        var nodes: [Node] = []
        var seen: [Situation: Set<Int>] = [:]
        func add(_ situation: Situation, _ facts: [Fact], from parent: Int?) {
            let entered = note(facts, situation.run, &outcome)
            let depth = (parent.map { nodes[$0].depth } ?? 0) + entered.count
            if let story {
                let part = story.dropFirst(depth - entered.count).prefix(entered.count)
                guard part.elementsEqual(entered) else { return }
            }
            guard seen[situation, default: []].insert(story == nil ? 0 : depth).inserted else { return }
            nodes.append(Node(situation: situation, parent: parent, entered: entered, depth: depth))
        }
        remember(step.facts, &first)
        add(first, step.facts, from: nil)
        var next = 0
        while next < nodes.count {
            if nodes.count > limit {
                outcome.isComplete = false
                outcome.isCut = true
                break
            }
            let number = next
            next += 1
            let situation = nodes[number].situation
            let path = { self.path(to: number, nodes) }
            if situation.run.frame.visits.contains(where: { $0 > visits }) {
                outcome.isComplete = false
                continue
            }
            judge(situation, path, &outcome)
            let steps = successors(of: situation, &outcome)
            if steps.isEmpty, case .wait(let wait) = situation.action, wait.reason == .state {
                let names = situation.world.kinds.joined().compactMap { id in
                    situation.world.objects[id].map { object in
                        interpreter.catalog.graphs[object.lifecycle].lifecycle.statuses[object.status].name
                    }
                }
                let problem = Problem(
                    kind: .stuck, state: stateName(situation.run), subject: [],
                    message: "nothing happens any more with \(names.joined(separator: ", "))")
                if outcome.problems[problem] == nil { outcome.problems[problem] = path() }
            }
            for (after, facts) in steps { add(after, facts, from: number) }
        }
        outcome.situations = nodes.count
        return outcome
    }

    private func path(to number: Int, _ nodes: [Node]) -> [String] {
        var path: [[String]] = []
        var at: Int? = number
        while let here = at {
            path.append(nodes[here].entered)
            at = nodes[here].parent
        }
        return path.reversed().flatMap { $0 }
    }

    private func stateName(_ run: Run) -> String {
        let frame = run.frames[0]
        return interpreter.flows.graphs[frame.flow].states[frame.state].name
    }

    // MARK: Steps

    private func successors(of situation: Situation, _ outcome: inout Outcome) -> [(Situation, [Fact])] {
        var next: [(Situation, [Fact])] = []
        switch situation.action {
        case .finish, .fail: return []
        case .call(let call):
            next += moves(of: situation)
            for (world, response) in worlds(
                after: situation.world,
                { world, decide in
                    self.simulator.handle(call.request, &world, decide: decide)
                })
            {
                if case .calling(let pending) = situation.run.phase, pending.purpose == .state,
                    situation.run.frames.count == 1
                {
                    if let error = response.error {
                        for name in names(of: error) { outcome.refused.insert("\(stateName(situation.run))/\(name)") }
                    } else {
                        outcome.allowed.insert(stateName(situation.run))
                    }
                }
                next.append(reply(.answer(response), situation, world))
                next += overtaken(response, situation, world)
                // The answer is lost once; its repeat tells what was, and the run reads what is.
                if mayLose, call.attempt == 0, call.request.method == "POST", response.error == nil {
                    next.append(reply(.failure(.unknown), situation, world))
                }
            }
        case .wait(let wait):
            switch wait.reason {
            case .settling:
                if case .settling(let end, _) = situation.run.phase { outcome.finals.insert(end.final) }
                return []
            case .retry:
                var due = situation
                if case .paused(let call, _) = due.run.phase { due.run.phase = .paused(call, until: due.run.now) }
                return [reply(.woke, due, due.world)]
            case .state: break
            }
            next += moves(of: situation)
            let isNews = wait.objects.contains { id in
                guard let real = situation.world.objects[id]?.status else { return false }
                return situation.run.snapshots[id]?.status != real || situation.run.snapshots[id]?.dirty == true
            }
            if isNews { next.append(reply(.look, situation, situation.world)) }
            for name in wait.signals { next += signals(name, situation) }
            next += events(situation)
            if wait.until != nil, case .waiting(var pending) = situation.run.phase {
                // The clock stands still; it is the deadline that comes.
                var due = situation
                pending.deadline = due.run.now
                due.run.phase = .waiting(pending)
                next.append(reply(.woke, due, due.world))
            }
        }
        return next
    }

    private func reply(_ content: Reply.Content, _ before: Situation, _ world: World) -> (Situation, [Fact]) {
        var after = before
        after.world = world
        let step = interpreter.resume(&after.run, Reply(content, at: world.now))
        after.action = step.action
        remember(step.facts, &after)
        forget(&after)
        return (after, step.facts)
    }

    /// Something happens while the answer is on its way, and the news of it is faster.
    private func overtaken(_ response: Response, _ before: Situation, _ world: World) -> [(Situation, [Fact])] {
        var sent = before
        sent.world = world
        let events = world.events
        forget(&sent)
        sent.world.events = events
        sent.world.taken = events.count
        return sent.world.moves.indices.flatMap { move($0, in: sent, isBrief: true) }.compactMap { moved in
            var after = sent
            after.world = moved
            let events = after.world.takeEvents().filter { before.run.snapshots[$0.objectID] != nil }
            if events.isEmpty { return nil }
            for event in events { _ = interpreter.resume(&after.run, Reply(.event(event), at: after.world.now)) }
            return reply(.answer(response), after, after.world)
        }
    }

    /// What the flow knew of the objects when it came to a wait.
    private func remember(_ facts: [Fact], _ situation: inout Situation) {
        guard facts.contains(where: { if case .entered = $0 { true } else { false } }) else { return }
        situation.known = [:]
        let frame = situation.run.frame
        let graph = interpreter.flows.graphs[frame.flow]
        guard case .wait(let wait) = graph.states[frame.state].verb, case .objects(let objects) = wait.subject else {
            return
        }
        for object in objects {
            guard let id = frame.objects[object] else { continue }
            situation.known[object] = situation.run.snapshots[id]?.status ?? -1
        }
    }

    /// Drops what no later step reads: histories differ by it, and nothing else does.
    private func forget(_ situation: inout Situation) {
        let objects = situation.world.objects
        situation.world.moves.removeAll { objects[$0.object]?.entry != $0.entry }
        situation.world.moves.sort { ($0.object, "\($0.cause)") < ($1.object, "\($1.cause)") }
        for number in situation.world.moves.indices {
            let wait = situation.world.moves[number].due.milliseconds - situation.world.now.milliseconds
            let isSlow = wait > 60_000 && situation.world.moves[number].due != Self.far
            situation.world.moves[number].due = isSlow ? Self.late : Self.far
            situation.world.moves[number].entry = 0
        }
        for id in situation.world.kinds.joined() { situation.world.objects[id]?.entry = 0 }
        let current: String? =
            switch situation.run.phase {
            case .calling(let call), .paused(let call, _): call.request.idempotencyKey
            default: nil
            }
        let hasOwnKeys = interpreter.flows.graphs.contains { graph in
            !graph.options.isEmpty
                || graph.states.contains { if case .call(let call) = $0.verb { !call.options.isEmpty } else { false } }
        }
        // A key names one visit of one state.
        if !hasOwnKeys { situation.world.answers = situation.world.answers.filter { $0.key == current } }
        let takesEvents = interpreter.flows.graphs.contains { graph in
            graph.states.contains { state in
                state.edges.contains { if case .event = $0.key { true } else { false } }
            }
        }
        if !takesEvents {
            situation.world.events = []
            situation.world.taken = 0
            situation.run.heard = []
            situation.run.seenEvents = []
            for id in situation.world.kinds.joined() { situation.world.objects[id]?.changes = 0 }
        }
    }

    /// Moves never come due by themselves; those that were planned for hours or days later are told from the others.
    private static let far = Instant(milliseconds: Int64.max / 4)
    private static let late = Instant(milliseconds: Int64.max / 4 + 1)

    /// Each of the things that are about to happen, now.
    private func moves(of situation: Situation) -> [(Situation, [Fact])] {
        let isBrief = if case .calling(let call) = situation.run.phase { call.attempt > 0 } else { false }
        return situation.world.moves.indices.flatMap { number -> [(Situation, [Fact])] in
            move(number, in: situation, isBrief: isBrief).map { world in
                var after = situation
                after.world = world
                forget(&after)
                return (after, [])
            }
        }
    }

    /// - Parameter isBrief: clocks count hours and days; none runs out while an answer is on its way.
    private func move(_ number: Int, in situation: Situation, isBrief: Bool) -> [World] {
        let move = situation.world.moves[number]
        if move.due == Self.late, isBrief || isLookedAt(move.object, situation) { return [] }
        var before = situation.world
        before.moves[number].due = before.now
        return worlds(after: before) { world, decide in
            self.simulator.advance(&world, to: world.now, decide: decide)
        }.map(\.0)
    }

    /// A wait looks often enough to see a status before a clock ends it; one that never looks is told, sooner or later.
    private func isLookedAt(_ id: String, _ situation: Situation) -> Bool {
        guard let status = situation.world.objects[id]?.status else { return false }
        let frame = situation.run.frame
        let graph = interpreter.flows.graphs[frame.flow]
        guard case .wait(let wait) = graph.states[frame.state].verb, wait.poll != .never else { return false }
        return graph.states[frame.state].edges.contains { edge in
            guard case .status(let object, status) = edge.key, frame.objects[object] == id else { return false }
            return !edge.branches.allSatisfy { $0.target == .stay }
        }
    }

    /// Every world that a step may lead to: it is taken again and again, with other choices each time.
    private func worlds<T>(
        after world: World, _ step: (inout World, @escaping (Decision) -> ChoiceWords) -> T
    ) -> [(World, T)] {
        var found: [(World, T)] = []
        var script: [Int] = []
        while true {
            let asked = Asked(script: script)
            var copy = world
            let result = step(&copy) { asked.decide($0) }
            found.append((copy, result))
            script = asked.script
            while let last = script.indices.last, script[last] + 1 >= asked.offers[last] { script.removeLast() }
            guard let last = script.indices.last else { return found }
            script[last] += 1
        }
    }

    /// Answers decisions by a list of numbers, and by the first offer where the list ends.
    private final class Asked {
        var script: [Int]
        var offers: [Int] = []

        init(script: [Int]) { self.script = script }

        func decide(_ decision: Decision) -> ChoiceWords {
            let number = offers.count
            offers.append(max(1, decision.offers.count))
            if number >= script.count { script.append(0) }
            return ChoiceWords(name: decision.offers.isEmpty ? "" : decision.offers[script[number]])
        }
    }

    private func signals(_ name: String, _ situation: Situation) -> [(Situation, [Fact])] {
        let graph = interpreter.flows.graphs[situation.run.frame.flow]
        guard let signal = graph.signals.first(where: { $0.name == name }) else { return [] }
        var payload = ValueMap()
        for field in signal.fields {
            switch field.type {
            case "int": payload[field.name] = 1
            case "bool": payload[field.name] = true
            default: payload[field.name] = field.name == "payment_method" ? "pm_card_visa" : "x"
            }
        }
        // The ids that a page would hand back, as well.
        var right = payload
        for (object, id) in situation.run.frame.objects.enumerated() {
            let kind = interpreter.catalog.graphs[graph.objects[object].lifecycle].lifecycle.name
            guard let id else { continue }
            if payload[kind] != nil { right[kind] = .string(id) }
            if payload["\(kind)_client_secret"] != nil {
                right["\(kind)_client_secret"] = situation.run.snapshots[id]?.body["client_secret"] ?? "x"
            }
        }
        var next = [reply(.signal(name: name, payload: .map(payload)), situation, situation.world)]
        if right != payload {
            next.append(reply(.signal(name: name, payload: .map(right)), situation, situation.world))
        }
        return next
    }

    private func events(_ situation: Situation) -> [(Situation, [Fact])] {
        let graph = interpreter.flows.graphs[situation.run.frame.flow]
        let wanted = graph.states[situation.run.frame.state].edges.compactMap { edge -> String? in
            if case .event(let type) = edge.key { type } else { nil }
        }
        return situation.world.events.enumerated().compactMap { number, event in
            guard wanted.contains(event.type), !situation.run.seenEvents.contains(event.id) else { return nil }
            return reply(.event(event), situation, situation.world)
        }
    }

    // MARK: Notes

    private func note(_ facts: [Fact], _ run: Run, _ outcome: inout Outcome) -> [String] {
        var entered: [String] = []
        for fact in facts {
            switch fact {
            case .entered(let path, let state, _) where path.isEmpty:
                entered.append(state)
                outcome.reached.insert(state)
            case .decided(let state, let cause, _) where run.frames.count == 1:
                outcome.taken.insert("\(state)/\(cause)")
            case .finished(let end): outcome.finals.insert(end.final)
            default: continue
            }
        }
        return entered
    }

    private func names(of error: APIError) -> [String] {
        [error.declineCode, error.code, error.type].compactMap { $0 }
    }

    private func judge(_ situation: Situation, _ path: () -> [String], _ outcome: inout Outcome) {
        let run = situation.run
        guard run.frames.count == 1 else { return }
        let state = flow.states[run.frame.state]
        switch situation.action {
        case .fail(let violation):
            let finding = violation.finding
            var problem = Problem(kind: .other, state: state.name, subject: [finding.code], message: finding.message)
            switch RunCode(rawValue: finding.code) {
            case .unhandledStatus:
                problem.kind = .status
                // The message ends with the name of the status.
                problem.subject = [String(finding.message.split(separator: "'").last ?? "")]
            case .unhandledError:
                problem.kind = .error
                let error = run.error.map { APIError(body: $0) }
                problem.subject = error.map { names(of: $0) } ?? []
            case .assertionFailed: problem.kind = .assertion
            case .unboundObject: problem.kind = .unbound
            default: break
            }
            if outcome.problems[problem] == nil { outcome.problems[problem] = path() }
        case .wait(let wait) where wait.reason == .state:
            meet(situation, state, path, &outcome)
        default: break
        }
    }

    /// Statuses that a wait meets and has no edge for.
    private func meet(
        _ situation: Situation, _ state: FlowGraph.State, _ path: () -> [String], _ outcome: inout Outcome
    ) {
        guard case .wait(let wait) = state.verb, case .objects(let objects) = wait.subject else { return }
        func problem(_ object: Int, _ status: Int) -> Problem {
            let lifecycle = interpreter.catalog.graphs[flow.objects[object].lifecycle].lifecycle
            let name = lifecycle.statuses[status].name(in: flow.version)
            let key = objects.count > 1 ? "\(flow.objects[object].name).\(name)" : name
            return Problem(
                kind: .status, state: state.name, subject: [key],
                message: "'\(state.name)' does not say what happens on '\(key)'")
        }
        for object in objects {
            guard let known = situation.known[object], known >= 0, let id = situation.run.frame.objects[object],
                let real = situation.world.objects[id]?.status
            else { continue }
            outcome.begun.insert(problem(object, known))
            if real == known || state.edges.contains(where: { $0.key == .status(object: object, status: real) }) {
                continue
            }
            let met = problem(object, real)
            if outcome.met[met] == nil { outcome.met[met] = path() }
        }
    }
}
