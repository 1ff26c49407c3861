// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
import FaregateValues
import FaregateWire

/// One live run: everything that changes while it lasts.
actor LiveSession {
    let driver: LiveDriver
    let actors: any LiveActors
    private let listen: @Sendable (Trace.Entry) -> Void
    let bell = Bell()
    var run: Run
    var trace = Trace()
    var action: Action
    var waiting: LiveWait?
    /// What the business will send, whichever state the run is in by then.
    var signals: [(name: String, payload: Value, due: Instant)] = []
    var feed: EventFeed
    /// Pages that the customer was sent to.
    var visited: Set<CustomerPage> = []
    var visits: [Task<Void, Never>] = []
    /// What went wrong beside the run, for the one who reads its end.
    var remarks: [String] = []
    private let started: Instant
    private let mailbox: Mailbox?
    private var sieve = EventSieve()
    /// How many entries were told.
    private var told = 0
    /// Where a look began that may bring no news.
    private var quiet: (run: Run, trace: Trace)?
    private var wasInterrupted = false
    private static let longestRun = 100_000

    init(
        driver: LiveDriver, start: Interpreter.Start, actors: any LiveActors,
        listen: @escaping @Sendable (Trace.Entry) -> Void
    ) {
        self.driver = driver
        self.actors = actors
        self.listen = listen
        mailbox = driver.post?.open(bell)
        let (run, step) = driver.interpreter.start(start)
        self.run = run
        action = step.action
        started = start.at
        feed = EventFeed(version: run.version, since: start.at, isOpen: driver.post == nil)
        trace.entries.append(.init(at: start.at, reply: nil, facts: step.facts))
        sieve.note(step.facts)
    }

    var now: Instant { driver.clock.now() }

    func play(expecting expected: [String]) async -> LiveDriver.Result {
        driver.interruption.watch(bell)
        tell()
        var steps = 0
        while !run.isOver {
            steps += 1
            if driver.interruption.isRequested {
                interrupt()
            } else if steps > Self.longestRun {
                stop(.endlessLoop, .failed, "the run did not end within \(Self.longestRun) steps")
            } else if !takeMail() {
                await act()
            }
        }
        await listenOn(for: expected)
        // However it came about: an end that was wished for while nothing had been decided is one.
        if driver.interruption.isRequested, case .failed = run.phase { wasInterrupted = true }
        for visit in visits { visit.cancel() }
        quiet = nil
        tell()
        driver.interruption.forget(bell)
        if let mailbox { driver.post?.close(mailbox) }
        let cleanup = await cleanUp()
        driver.leftovers.forget(run.id)
        return LiveDriver.Result(
            run: run, trace: trace, started: started, cleanup: cleanup, wasInterrupted: wasInterrupted)
    }

    private func act() async {
        switch action {
        case .call(let call): await answer(call)
        case .wait(let wait):
            settleLook(wait)
            await letTimePass(wait)
        case .finish, .fail: break
        }
    }

    // MARK: Replies

    func reply(_ content: Reply.Content, at instant: Instant, reason: String = "") {
        let reply = Reply(content, at: instant, reason: reason)
        let step = driver.interpreter.resume(&run, reply)
        action = step.action
        trace.entries.append(.init(at: instant, reply: reply, facts: step.facts))
        sieve.note(step.facts)
        if quiet == nil { tell() }
    }

    private func tell() {
        for entry in trace.entries[told...] { listen(entry) }
        told = trace.entries.count
    }

    /// Events that have come in meanwhile; true where there were any.
    @discardableResult
    func takeMail(_ more: [(event: Event, at: Instant)] = []) -> Bool {
        let fresh = (mailbox?.take() ?? []) + more
        // Whosever object it is: the account is not the one that was meant.
        if let live = fresh.lazy.compactMap({ self.liveObject(in: $0.event.body) }).first {
            return stopAtLiveObject(live)
        }
        let letters = sieve.sift(fresh, run)
        for letter in letters {
            reply(.event(letter.event), at: max(letter.at, run.now))
        }
        return !letters.isEmpty
    }

    // MARK: Looks that bring no news

    /// Begins a look at the objects of a wait. Where it shows nothing new it leaves no trace.
    func look(at instant: Instant) {
        quiet = (run, trace)
        reply(.look, at: instant)
    }

    private func settleLook(_ wait: Action.Wait) {
        guard wait.reason == .state, let before = quiet else { return }
        quiet = nil
        var same = run
        same.now = before.run.now
        if same == before.run { (run, trace) = before } else { tell() }
    }

    // MARK: Calls

    private func answer(_ call: Action.Call) async {
        let answer = await send(call)
        if !run.isOver { takeMail() }
        guard !run.isOver else { return }
        switch answer {
        case .success(let response):
            if let live = liveObject(in: response.body) {
                _ = stopAtLiveObject(live)
            } else {
                reply(.answer(response), at: now)
                if call.request.method != "GET" { noteObjects() }
            }
        case .failure(let failure): reply(.failure(failure.kind), at: now, reason: failure.reason)
        }
    }

    /// What the last answer told of is there until it is cleaned up.
    private func noteObjects() {
        for case .answered(_, _, let id?, _, _, _, _) in trace.entries.last?.facts ?? [] {
            driver.leftovers.add(id, of: run.id)
        }
    }

    /// An answer on its way is waited for even when the end is wished for, but not long.
    private func send(_ call: Action.Call) async -> Result<Response, TransportFailure> {
        let (transport, clock, bell, interruption) = (driver.transport, driver.clock, bell, driver.interruption)
        return await withTaskGroup(of: Result<Response, TransportFailure>?.self) { group in
            group.addTask {
                do throws(TransportFailure) {
                    return .success(try await transport.send(call.request, timeout: call.timeout))
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                repeat { await bell.wait() } while !interruption.isRequested && !Task.isCancelled
                if !Task.isCancelled { await clock.sleep(Instant(milliseconds: clock.now().milliseconds + 5000)) }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? .failure(TransportFailure(.unknown, "the run was interrupted before an answer came"))
        }
    }

    // MARK: The end

    func stop(
        _ code: RunCode, _ kind: Violation.Kind, _ message: String, notes: [String] = [], label: String = "",
        help: String? = nil
    ) {
        let flow = driver.interpreter.flows.graphs[run.frame.flow]
        let finding = Finding(
            code.rawValue, in: flow.file, at: flow.states[run.frame.state].span, message, label: label,
            notes: notes + remarks, help: help)
        let violation = Violation(kind: kind, finding: finding)
        run.phase = .failed(violation)
        action = .fail(violation)
        trace.entries.append(.init(at: run.now, reply: nil, facts: [.violated(violation)]))
    }

    private func interrupt() {
        wasInterrupted = true
        let state = driver.interpreter.flows.graphs[run.frame.flow].states[run.frame.state].name
        stop(.interrupted, .cannotRun, "the run was interrupted in '\(state)'")
    }

    /// The id of a live object where there must be none.
    func liveObject(in body: Value) -> String? {
        guard driver.isTestMode else { return nil }
        var todo = [body]
        while let value = todo.popLast() {
            switch value {
            case .map(let map):
                if map["livemode"] == .bool(true) { return map["id"]?.string ?? "an object without an id" }
                todo += map.values
            case .list(let items): todo += items
            default: break
            }
        }
        return nil
    }

    private func stopAtLiveObject(_ id: String) -> Bool {
        stop(
            .liveObject, .cannotRun, "'\(TerminalText.fit(id, 100))' is of live mode, and the key is a test key",
            notes: ["nothing more is sent, not even to clean up"],
            help: "check what answers at the address of --transport")
        return true
    }

    var met: Bool {
        if case .failed(let violation) = run.phase {
            violation.finding.code == RunCode.liveObject.rawValue
        } else {
            false
        }
    }
}
