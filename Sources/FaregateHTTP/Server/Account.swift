// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire
import Synchronization

/// One account of the mock: its world, its actors and its endpoints, with one owner at a time.
final class Account: Sendable {
    let name: String
    private let simulator: Simulator
    private let state: Mutex<State>

    /// All that a snapshot keeps.
    struct State: Sendable {
        var world: World
        var actors: Actors
        var endpoints: [WebhookEndpoint] = []
        var outbox = Outbox()
        /// Keys of requests that have not been answered yet.
        var inFlight: Set<String> = []
    }

    init(name: String, simulator: Simulator, world: World, actors: Actors) {
        self.name = name
        self.simulator = simulator
        state = Mutex(State(world: world, actors: actors))
    }

    /// The answer to a request, after all that was due before it, and the id of the request that its key was first used for.
    func handle(_ request: Request, at now: Instant) -> (response: Response, original: String?) {
        state.withLock { state in
            let response = acting(&state, now) { world, decide in simulator.handle(request, &world, decide: decide) }
            return (response, original(request, state.world))
        }
    }

    /// The answer to a call about endpoints.
    func handleEndpoints(_ call: APICall, at now: Instant) -> (response: Response, original: String?) {
        state.withLock { state in
            var endpoints = state.endpoints
            let seed = state.world.seed
            let response = simulator.once(call.request, &state.world) { _, root, requestID in
                do throws(ErrorBody) {
                    let calls = EndpointCalls(call: call, seed: seed, now: now)
                    return (
                        Response(status: 200, body: try calls.answer(&endpoints, root: root), requestID: requestID),
                        true
                    )
                } catch {
                    return (Response(status: error.status, body: error.value, requestID: requestID), false)
                }
            }
            state.endpoints = endpoints
            return (response, original(call.request, state.world))
        }
    }

    private func original(_ request: Request, _ world: World) -> String? {
        request.idempotencyKey.flatMap { world.answers[$0]?.response.requestID }
    }

    /// Lets somebody make a choice now; false where it is not open.
    func act(_ choice: Lifecycle.Choice, argument: String? = nil, on id: String, at now: Instant) -> Bool {
        state.withLock { state in
            acting(&state, now) { world, decide in
                simulator.act(choice, argument: argument, on: id, &world, decide: decide)
            }
        }
    }

    /// Lets happen what is due.
    func advance(to now: Instant) {
        state.withLock { state in
            guard let next = state.world.nextMove, next <= now else { return }
            acting(&state, now) { _, _ in }
        }
    }

    /// Notes that a key's first request is on its way; false where one is already.
    func begin(_ key: String) -> Bool { state.withLock { $0.inFlight.insert(key).inserted } }

    func end(_ key: String) { state.withLock { _ = $0.inFlight.remove(key) } }

    /// Reads, without letting time pass.
    func read<Answer: Sendable>(_ read: (State) -> Answer) -> Answer { state.withLock { read($0) } }

    /// Puts what the actors do next.
    func queue(_ choices: [String: [ChoiceWords]]) {
        state.withLock { state in
            for (actor, words) in choices { state.actors.queued[actor, default: []] += words }
        }
    }

    func clearQueue() { state.withLock { $0.actors.queued = [:] } }

    /// A copy of everything, for a later ``restore(_:)``.
    var snapshot: State { state.withLock { $0 } }

    /// Goes back to a snapshot; requests that are being answered stay so.
    func restore(_ snapshot: State) {
        state.withLock { state in
            let inFlight = state.inFlight
            state = snapshot
            state.inFlight = inFlight
        }
    }

    // MARK: Deliveries

    /// What is to be sent to endpoints now.
    func parcels(due now: Instant, most: Int) -> [WebhookSender.Parcel] {
        state.withLock { state in
            if state.outbox.isIdle { return [] }
            return state.outbox.take(due: now, most: most).compactMap { delivery in
                guard let endpoint = state.endpoints.first(where: { $0.id == delivery.endpoint }) else {
                    state.outbox.settle(delivery.number, status: 0, pauses: [], at: now)
                    return nil
                }
                let body = rendered(delivery.event, for: endpoint, state)
                return WebhookSender.Parcel(
                    account: self, number: delivery.number, url: endpoint.url, body: body, secret: endpoint.secret)
            }
        }
    }

    /// An event in the version of its endpoint.
    private func rendered(_ event: Event, for endpoint: WebhookEndpoint, _ state: State) -> [UInt8] {
        var body = event.body.map ?? [:]
        body["pending_webhooks"] = .int(Int64(state.outbox.pending(event.id)))
        if let version = endpoint.apiVersion, version != state.world.accountVersion, var data = body["data"]?.map {
            body["api_version"] = .string(version)
            if let object = data["object"] { data["object"] = simulator.provider.rendered(object, version) }
            body["data"] = .map(data)
        }
        return Array((JSON.write(.map(body), pretty: true)).utf8)
    }

    func settle(_ number: Int, status: Int, pauses: [Int64], at now: Instant) {
        state.withLock { state in
            state.outbox.settle(number, status: status, pauses: pauses, at: now)
            guard let event = state.outbox.deliveries.first(where: { $0.number == number })?.event.id else { return }
            state.world.setPendingWebhooks(state.outbox.pending(event), of: event)
        }
    }

    /// Gives what has been announced to the endpoints that want to hear of it.
    private func post(_ state: inout State, at now: Instant) {
        for event in state.world.takeEvents() {
            let hearing = state.endpoints.filter { $0.hears(event.type) }
            guard !hearing.isEmpty else { continue }
            for endpoint in hearing { state.outbox.put(event, for: endpoint.id, state.actors.network(), at: now) }
            state.world.setPendingWebhooks(state.outbox.pending(event.id), of: event.id)
        }
    }

    // MARK: Actors

    /// Works on the world after all that was due before; what was announced then goes to the endpoints.
    private func acting<Answer>(
        _ state: inout State, _ now: Instant, _ work: (inout World, @escaping (Decision) -> ChoiceWords) -> Answer
    ) -> Answer {
        // Asking the actors changes them, and the simulator holds on to the question for a while.
        let box = Box(state.actors)
        defer {
            state.actors = box.actors
            post(&state, at: now)
        }
        let decide: (Decision) -> ChoiceWords = { box.actors.decide($0) }
        simulator.advance(&state.world, to: max(now, state.world.now), decide: decide)
        return work(&state.world, decide)
    }

    private final class Box {
        var actors: Actors

        init(_ actors: Actors) { self.actors = actors }
    }
}
