// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSimulator
import FaregateSpec
import FaregateText
import FaregateValues
import FaregateVerify
import FaregateWire
import Testing

/// Plays a flow with a network that may repeat and reorder every event and lose every first answer: all ways, state by state.
private struct NetworkExplorer {
    let shipped: Shipped
    let choices: [String: String]

    struct State {
        var run: Run
        var world: World
        var action: Action
        /// Events on their way, each with how often it may still come.
        var pending: [Event: Int]
        var losses: Int

        /// Two orders of hearing the same things are the same, once nothing else differs. The world is told by what it
        /// has stored and where its objects rest: everything else in it follows from these.
        var key: Int {
            var hasher = Hasher()
            var run = run
            run.heard.sort { ($0.type, $0.objectID) < ($1.type, $1.objectID) }
            for number in run.heard.indices { run.heard[number].at = Instant(milliseconds: 0) }
            hasher.combine(run)
            for id in world.kinds.joined() {
                hasher.combine(world.objects[id]!.status)
                hasher.combine(world.objects[id]!.entry)
            }
            hasher.combine(Set(world.answers.keys))
            hasher.combine(world.moves)
            hasher.combine(world.now)
            hasher.combine(losses)
            for event in pending.keys.sorted(by: { $0.id < $1.id }) {
                hasher.combine(event.id)
                hasher.combine(pending[event]!)
            }
            return hasher.finalize()
        }
    }

    struct Outcome {
        var finals: Set<String> = []
        var states = 0
        var isComplete = true
    }

    func explore(_ start: Interpreter.Start, losses: Int, limit: Int) -> Outcome {
        let (run, step) = shipped.interpreter.start(start)
        let world = World(seed: "x", now: start.at, accountVersion: shipped.interpreter.catalog.version)
        var open = [State(run: run, world: world, action: step.action, pending: [:], losses: losses)]
        var seen: Set<Int> = []
        var outcome = Outcome()
        while let state = open.popLast() {
            guard seen.insert(state.key).inserted else { continue }
            if seen.count > limit {
                outcome.isComplete = false
                break
            }
            switch state.action {
            case .finish(let end): outcome.finals.insert(end.final)
            case .fail(let violation): outcome.finals.insert("failed: \(violation.finding.message)")
            case .call, .wait: open += successors(of: state)
            }
        }
        outcome.states = seen.count
        return outcome
    }

    private func decide(_ decision: Decision) -> ChoiceWords {
        if let name = choices[decision.actor], decision.offers.contains(name) { return ChoiceWords(name: name) }
        return ChoiceWords(name: decision.offers.first ?? "")
    }

    private func successors(of state: State) -> [State] {
        if let idle = state.pending.keys.first(where: { !matters($0, state.run) }) {
            var settled = state
            settled.pending[idle] = nil
            return [replied(settled, .event(idle))]
        }
        var next = deliveries(from: state)
        switch state.action {
        case .call(let call):
            var applied = state
            let response = shipped.simulator.handle(call.request, &applied.world, decide: decide)
            post(&applied)
            next.append(replied(applied, .answer(response)))
            if state.losses > 0, call.attempt == 0 {
                var lost = applied
                lost.losses -= 1
                next.append(replied(lost, .failure(.unknown)))
                var never = state
                never.losses -= 1
                next.append(replied(never, .failure(.unsent)))
            }
        case .wait(let wait):
            if let due = state.world.nextMove, wait.until.map({ due <= $0 }) ?? true {
                var moved = state
                shipped.simulator.advance(&moved.world, to: due, decide: decide)
                post(&moved)
                next.append(moved)
            } else if state.pending.isEmpty, let until = wait.until {
                var woken = state
                woken.world.now = max(woken.world.now, until)
                next.append(replied(woken, .woke))
            }
        default: break
        }
        return next
    }

    private func deliveries(from state: State) -> [State] {
        state.pending.keys.sorted { $0.id < $1.id }.map { event in
            var next = state
            next.pending[event]! -= 1
            if next.pending[event] == 0 { next.pending[event] = nil }
            return replied(next, .event(event))
        }
    }

    private func post(_ state: inout State) {
        for event in state.world.takeEvents() {
            if matters(event, state.run) { state.pending[event] = 2 } else { state = replied(state, .event(event)) }
        }
    }

    /// Whether some state that can still come waits for the event's object: only then its order makes a difference.
    private func matters(_ event: Event, _ run: Run) -> Bool {
        let kind = event.type.prefix { $0 != "." }
        var seen: Set<Int> = []
        var open = [run.frame.state]
        while let number = open.popLast() {
            guard seen.insert(number).inserted else { continue }
            let state = shipped.flow.states[number]
            if case .wait(let wait) = state.verb, case .objects(let objects) = wait.subject {
                let kinds = objects.map {
                    shipped.interpreter.catalog.graphs[shipped.flow.objects[$0].lifecycle].lifecycle.name
                }
                if kinds.contains(String(kind)) { return true }
            }
            for case .state(let next) in state.branches.map(\.target) { open.append(next) }
        }
        return false
    }

    private func replied(_ state: State, _ content: Reply.Content) -> State {
        var next = state
        next.action = shipped.interpreter.resume(&next.run, Reply(content, at: next.world.now)).action
        return next
    }
}

struct NetworkCase: Sendable, CustomTestStringConvertible {
    let flow: String
    let choices: [String: String]
    let final: String
    var testDescription: String { "\(flow) \(choices.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })" }
}

@Suite struct NetworkTests {
    static let cases = [
        NetworkCase(flow: "setup-then-charge", choices: [:], final: "paid"),
        NetworkCase(flow: "setup-then-charge", choices: ["customer": "refuses"], final: "not_saved"),
        NetworkCase(flow: "direct-redirect", choices: [:], final: "paid"),
        NetworkCase(flow: "direct-redirect", choices: ["customer": "refuses"], final: "not_paid"),
        NetworkCase(flow: "direct-redirect", choices: ["customer": "abandons"], final: "not_paid"),
        NetworkCase(flow: "detach", choices: [:], final: "forgotten"),
        NetworkCase(flow: "detach", choices: ["customer": "refuses"], final: "not_saved"),
    ]

    @Test(arguments: cases)
    func repeatedReorderedEventsAndLostAnswersLeadToTheSameEnd(_ item: NetworkCase) {
        let shipped = Shipped(named: item.flow)
        let explorer = NetworkExplorer(shipped: shipped, choices: item.choices)
        let start = Interpreter.Start(flow: 0, id: "x", at: TestDriver.epoch)
        let outcome = explorer.explore(start, losses: 1, limit: 20_000)
        #expect(outcome.isComplete, "more than \(outcome.states) states")
        #expect(outcome.finals == [item.final])
        #expect(outcome.states > 10)
    }
}
