// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
package import FaregateSimulator
package import FaregateSpec
import FaregateText
package import FaregateValues
package import FaregateWire

/// Joins a run and a world: virtual clock, scripted choices, no effects at all.
package struct TestDriver: Sendable {
    package let interpreter: Interpreter
    package let simulator: Simulator
    /// What a test token makes an actor do.
    package let habits: @Sendable (Decision) -> ChoiceWords?
    /// For tests of Faregate itself: changes answers on their way, as a mock that lies would.
    package var tamper: (@Sendable (Request, Response) -> Response)?
    package var limit = 100_000

    package init(
        interpreter: Interpreter, simulator: Simulator,
        habits: @escaping @Sendable (Decision) -> ChoiceWords? = { _ in nil }
    ) {
        self.interpreter = interpreter
        self.simulator = simulator
        self.habits = habits
    }

    /// What one run needs to know.
    package struct Plan: Sendable {
        package var start: Interpreter.Start
        package var scripts: [Cast.Script]
        package var seed: String
        /// `test` as payloads see it, for the choices that come next.
        package var test: @Sendable ([Cast.Script]) -> Value

        package init(
            start: Interpreter.Start, scripts: [Cast.Script] = [], seed: String,
            test: @escaping @Sendable ([Cast.Script]) -> Value = { _ in .null }
        ) {
            self.start = start
            self.scripts = scripts
            self.seed = seed
            self.test = test
        }
    }

    package struct Result: Sendable {
        package var run: Run
        package var world: World
        package var trace: Trace
        /// Which lines of the scripts were taken.
        package var taken: [Set<Int>]
        package var decisions: [Cast.Verdict]
        /// The rows that the world has taken: `payment_intent P10`.
        package var rows: Set<String>
    }

    /// 2026-01-01T00:00:00Z: virtual time begins here, so that traces compare.
    package static let epoch = Instant(milliseconds: 1_767_225_600_000)

    package func run(_ plan: Plan, listen: (Trace.Entry) -> Void = { _ in }) -> Result {
        let cast = Cast(scripts: plan.scripts, habits: habits)
        let session = Session(driver: self, plan: plan, cast: cast)
        session.play(listen)
        return Result(
            run: session.run, world: session.world, trace: session.trace, taken: cast.taken, decisions: cast.decisions,
            rows: cast.rows)
    }
}

/// One play of a test: everything that changes while it lasts.
private final class Session {
    let driver: TestDriver
    let cast: Cast
    private let test: @Sendable ([Cast.Script]) -> Value
    var run: Run
    var world: World
    var trace = Trace()
    private var action: Action
    private var courier = Courier()
    private var asked: Set<String> = []
    /// What the network does to the present call.
    private var loss: String?
    private var waitStart: [String: Instant] = [:]
    private let first: Trace.Entry

    init(driver: TestDriver, plan: TestDriver.Plan, cast: Cast) {
        self.driver = driver
        self.cast = cast
        test = plan.test
        world = World(
            seed: plan.seed, now: plan.start.at, profile: plan.start.profile,
            accountVersion: driver.interpreter.catalog.version)
        let (run, step) = driver.interpreter.start(plan.start)
        self.run = run
        action = step.action
        first = Trace.Entry(at: plan.start.at, reply: nil, facts: step.facts)
        trace.entries.append(first)
    }

    func play(_ listen: (Trace.Entry) -> Void) {
        listen(first)
        var steps = 0
        while !run.isOver {
            steps += 1
            guard steps <= driver.limit else {
                return stop(.endlessLoop, "the run did not end within \(driver.limit) steps")
            }
            placeActors()
            cast.mark = trace.entries.count
            cast.clock = world.now
            switch action {
            case .call(let call): answer(call, listen)
            case .wait(let wait):
                if !letTimePass(wait, listen) {
                    return stop(.stuck, "nothing can happen any more: nobody moves, and no time-out is set")
                }
            case .finish, .fail: return
            }
        }
    }

    private func stop(_ code: RunCode, _ message: String) {
        let flow = driver.interpreter.flows.graphs[run.frame.flow]
        let state = flow.states[run.frame.state]
        let finding = Finding(
            code.rawValue, in: flow.file, at: state.span, message, label: "the run stays here",
            help: code == .stuck ? "add    after: {24h: <state>}" : nil)
        run.phase = .failed(Violation(kind: .failed, finding: finding))
        trace.entries.append(
            .init(at: run.now, reply: nil, facts: [.violated(Violation(kind: .failed, finding: finding))]))
    }

    /// Tells the actors where the run is, for scripts that hold only there.
    private func placeActors() {
        let flows = driver.interpreter.flows
        cast.places = run.frames.map { flows.graphs[$0.flow].states[$0.state].name }
        for frame in run.frames {
            for (number, id) in frame.objects.enumerated() {
                if let id { cast.names[id] = flows.graphs[frame.flow].objects[number].name }
            }
        }
        cast.making = nil
        if case .calling(let call) = run.phase, call.objectID == nil {
            let object = flows.graphs[run.frame.flow].objects[call.object]
            cast.making = (driver.interpreter.catalog.graphs[object.lifecycle].lifecycle.name, object.name)
        }
    }

    private func reply(_ content: Reply.Content, at instant: Instant, _ listen: (Trace.Entry) -> Void) {
        let reply = Reply(content, at: instant)
        let step = driver.interpreter.resume(&run, reply)
        action = step.action
        let entry = Trace.Entry(at: instant, reply: reply, facts: step.facts)
        trace.entries.append(entry)
        listen(entry)
    }

    // MARK: Calls

    private func answer(_ call: Action.Call, _ listen: (Trace.Entry) -> Void) {
        // The network is asked once a call: repeats get through, unless it loses all answers.
        if call.attempt == 0 { loss = cast.loss() } else if loss != "answers" { loss = nil }
        if loss == "request" {
            driver.simulator.advance(&world, to: Self.later(world.now), decide: cast.decide, notice: cast.notice)
            post(world.takeEvents())
            return reply(.failure(.unsent), at: world.now, listen)
        }
        let outage = cast.outage().flatMap(Outage.played)
        if let outage, !outage.isLate {
            return reply(.answer(outage.response(requestID: "req_\(call.id)_\(call.attempt)")), at: world.now, listen)
        }
        var response = driver.simulator.handle(call.request, &world, decide: cast.decide, notice: cast.notice)
        if let outage {
            response = outage.response(requestID: response.requestID)
            if let key = call.request.idempotencyKey { world.answers[key]?.response = response }
        }
        if let tamper = driver.tamper { response = tamper(call.request, response) }
        for event in post(world.takeEvents(), mayOvertake: true) { reply(.event(event), at: world.now, listen) }
        if loss != nil {
            driver.simulator.advance(&world, to: Self.later(world.now), decide: cast.decide, notice: cast.notice)
            post(world.takeEvents())
            return reply(.failure(.unknown), at: world.now, listen)
        }
        reply(.answer(response), at: world.now, listen)
    }

    /// When a client gives up waiting for an answer: after 80 s.
    private static func later(_ instant: Instant) -> Instant { Instant(milliseconds: instant.milliseconds + 80_000) }

    /// Hands events to the network; gives those that overtake the answer.
    @discardableResult
    private func post(_ events: [Event], mayOvertake: Bool = false) -> [Event] {
        var early: [Event] = []
        for event in events {
            let words = cast.delivery()
            let due = words.after.flatMap { world.now.adding($0) } ?? world.now
            switch words.name {
            case "loses": break
            case "overtakes" where mayOvertake: early.append(event)
            case "repeats":
                courier.send(.event(event), due: due)
                courier.send(.event(event), due: Instant(milliseconds: due.milliseconds + 1000))
            default: courier.send(.event(event), due: due)
            }
        }
        return early
    }

    // MARK: Time

    /// Goes to the next instant at which something happens; false where nothing ever will.
    private func letTimePass(_ wait: Action.Wait, _ listen: (Trace.Entry) -> Void) -> Bool {
        if wait.reason == .state, asked.insert(wait.id).inserted {
            waitStart[wait.id] = run.now
            askBusiness(wait)
        }
        if wait.reason == .settling, let due = courier.next {
            // What is on its way has been sent: virtual time costs nothing.
            world.now = max(world.now, due)
            return deliver(due: world.now, listen)
        }
        let candidates = [world.nextMove, courier.next, wait.until, pollInstant(wait)].compactMap { $0 }
        guard let next = candidates.min() else { return false }
        let instant = max(next, world.now)
        if let move = world.nextMove, move <= instant {
            driver.simulator.advance(&world, to: instant, decide: cast.decide, notice: cast.notice)
            post(world.takeEvents())
            return true
        }
        world.now = instant
        if deliver(due: instant, listen) { return true }
        if let until = wait.until, until <= instant {
            reply(.woke, at: instant, listen)
        } else {
            reply(.look, at: instant, listen)
        }
        return true
    }

    private func deliver(due instant: Instant, _ listen: (Trace.Entry) -> Void) -> Bool {
        guard let delivery = courier.take(due: instant) else { return false }
        switch delivery.parcel {
        case .event(let event): reply(.event(event), at: instant, listen)
        case .signal(let name, let payload): reply(.signal(name: name, payload: payload), at: instant, listen)
        }
        return true
    }

    private func askBusiness(_ wait: Action.Wait) {
        guard !wait.signals.isEmpty, let line = cast.business(wait.signals) else { return }
        let due = line.words.after.flatMap { world.now.adding($0) } ?? Instant(milliseconds: world.now.milliseconds + 1)
        var payload = Value.map([:])
        if let template = line.payload {
            do throws(Violation) {
                payload = try driver.interpreter.value(template, in: run, with: ["test": test(cast.upcoming)])
            } catch {
                run.phase = .failed(error)
                trace.entries.append(.init(at: run.now, reply: nil, facts: [.violated(error)]))
                return
            }
        }
        courier.send(.signal(name: line.words.name, payload: payload), due: due)
    }

    /// When polling will next see something new: polls that bring no news are no part of a run.
    private func pollInstant(_ wait: Action.Wait) -> Instant? {
        guard wait.reason == .state, wait.poll != .never, let start = waitStart[wait.id] else { return nil }
        let isNews = wait.objects.contains { id in
            guard let real = world.objects[id]?.status else { return false }
            return run.snapshots[id]?.status != real
        }
        guard isNews else { return nil }
        var tick = start.milliseconds
        var interval: Int64 = 3000
        if case .every(let duration) = wait.poll { interval = max(1, duration.totalMilliseconds) }
        let steady = wait.poll != .standard
        while tick <= world.now.milliseconds {
            if interval >= 60_000 || steady {
                tick += (world.now.milliseconds - tick) / interval * interval + interval
            } else {
                tick += interval
                interval = min(60_000, interval * 3 / 2)
            }
        }
        return Instant(milliseconds: tick)
    }
}
