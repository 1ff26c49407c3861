// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateVerify
import FaregateWire
import Synchronization

/// The simulator as a transport, with a clock of its own: live runs without a network and without waiting.
final class SimulatedProvider: Transport {
    /// What happens to one attempt at a call, by its number.
    enum Fault: Sendable {
        case none
        /// It is not sent.
        case unsent
        /// It is applied, and the answer is lost.
        case answerLost
        /// Something else comes back.
        case answer(Response)
    }

    struct State: Sendable {
        var world: World
        var requests: [Request] = []
        var scripts: [String: [ChoiceWords]] = [:]
        var undelivered: [Event] = []
    }

    let state: Mutex<State>
    private let simulator: Simulator
    private let post: PostOffice?
    private let fault: @Sendable (Int, Request) -> Fault

    init(
        _ simulator: Simulator, seed: String = "0", at start: Instant = TestDriver.epoch, scripts: [Cast.Script] = [],
        post: PostOffice? = nil, fault: @escaping @Sendable (Int, Request) -> Fault = { _, _ in .none }
    ) {
        self.simulator = simulator
        self.post = post
        self.fault = fault
        var lines: [String: [ChoiceWords]] = [:]
        for script in scripts { lines[script.actor, default: []] += script.lines.map(\.words) }
        state = Mutex(
            State(world: World(seed: seed, now: start, accountVersion: simulator.catalog.version), scripts: lines))
    }

    var requests: [Request] { state.withLock { $0.requests } }
    var world: World { state.withLock { $0.world } }
    var writes: [Request] { requests.filter { $0.method != "GET" } }

    private static func decide(_ decision: Decision, _ scripts: inout [String: [ChoiceWords]]) -> ChoiceWords {
        guard let line = scripts[decision.actor]?.first, decision.offers.contains(line.name) else {
            return ChoiceWords(name: decision.offers.first ?? "")
        }
        if scripts[decision.actor]!.count > 1 { scripts[decision.actor]!.removeFirst() }
        return line
    }

    func send(_ request: Request, timeout: FaregateValues.Duration?) async throws(TransportFailure) -> Response {
        let number = state.withLock { state in
            state.requests.append(request)
            return state.requests.count - 1
        }
        let fault = fault(number, request)
        if case .unsent = fault { throw TransportFailure(.unsent, "the connection was refused") }
        if case .answer(let response) = fault { return response }
        let response = state.withLock { state in
            let box = Box(state.scripts)
            let response = simulator.handle(request, &state.world, decide: { Self.decide($0, &box.scripts) })
            state.scripts = box.scripts
            state.undelivered += state.world.takeEvents()
            return response
        }
        if case .answerLost = fault { throw TransportFailure(.unknown, "the answer was lost") }
        return response
    }

    /// Time passes when somebody waits for it.
    var clock: LiveClock {
        LiveClock(now: { self.world.now }, sleep: { until in self.pass(until) })
    }

    private func pass(_ until: Instant) {
        let events = state.withLock { state in
            while state.undelivered.isEmpty, state.world.now < until {
                let instant = min(state.world.nextMove ?? until, until)
                let box = Box(state.scripts)
                simulator.advance(
                    &state.world, to: max(instant, state.world.now), decide: { Self.decide($0, &box.scripts) })
                state.scripts = box.scripts
                state.undelivered += state.world.takeEvents()
                // Without a receiver nothing cuts a pause short.
                if post == nil { state.undelivered = [] }
            }
            defer { state.undelivered = [] }
            return state.undelivered
        }
        let now = world.now
        for event in events { post?.deliver(event, at: now) }
    }

    private final class Box {
        var scripts: [String: [ChoiceWords]]
        init(_ scripts: [String: [ChoiceWords]]) { self.scripts = scripts }
    }
}
