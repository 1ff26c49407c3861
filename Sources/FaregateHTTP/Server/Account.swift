// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire
import Synchronization

/// One account of the mock: its world and its actors, with one owner at a time.
final class Account: Sendable {
    let name: String
    private let simulator: Simulator
    private let state: Mutex<State>

    struct State: Sendable {
        var world: World
        var actors: Actors
        /// Keys of requests that have not been answered yet.
        var inFlight: Set<String> = []
    }

    init(name: String, simulator: Simulator, world: World, actors: Actors) {
        self.name = name
        self.simulator = simulator
        state = Mutex(State(world: world, actors: actors))
    }

    /// The answer to a request, after all that was due before it.
    func handle(_ request: Request, at now: Instant) -> (response: Response, original: String?) {
        state.withLock { state in
            Self.acting(&state) { world, decide in
                simulator.advance(&world, to: max(now, world.now), decide: decide)
                let response = simulator.handle(request, &world, decide: decide)
                let original = request.idempotencyKey.flatMap { world.answers[$0]?.response.requestID }
                return (response, original)
            }
        }
    }

    /// Lets somebody make a choice now; false where it is not open.
    func act(_ choice: Lifecycle.Choice, argument: String? = nil, on id: String, at now: Instant) -> Bool {
        state.withLock { state in
            Self.acting(&state) { world, decide in
                simulator.advance(&world, to: max(now, world.now), decide: decide)
                return simulator.act(choice, argument: argument, on: id, &world, decide: decide)
            }
        }
    }

    /// Lets happen what is due.
    func advance(to now: Instant) {
        state.withLock { state in
            guard let next = state.world.nextMove, next <= now else { return }
            Self.acting(&state) { world, decide in simulator.advance(&world, to: now, decide: decide) }
        }
    }

    /// Notes that a key's first request is on its way; false where one is already.
    func begin(_ key: String) -> Bool { state.withLock { $0.inFlight.insert(key).inserted } }

    func end(_ key: String) { state.withLock { _ = $0.inFlight.remove(key) } }

    /// Reads, without letting time pass.
    func read<Answer>(_ read: (State) -> Answer) -> Answer where Answer: Sendable { state.withLock { read($0) } }

    /// The world and its actors for a while: asking the actors changes them.
    private static func acting<Answer>(
        _ state: inout State, _ work: (inout World, @escaping (Decision) -> ChoiceWords) -> Answer
    ) -> Answer {
        let box = Box(state.actors)
        defer { state.actors = box.actors }
        return work(&state.world) { box.actors.decide($0) }
    }

    private final class Box {
        var actors: Actors

        init(_ actors: Actors) { self.actors = actors }
    }
}
