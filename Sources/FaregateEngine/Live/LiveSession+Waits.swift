// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
package import FaregateValues
import FaregateWire

/// What a driver keeps of the wait that a run is in.
struct LiveWait {
    var id: String
    var start: Instant
    var polls: PollSchedule
}

extension LiveSession {
    func letTimePass(_ wait: Action.Wait) async {
        if let until = wait.until, until <= now { return reply(.woke, at: max(now, until)) }
        if waiting?.id != wait.id {
            begin(wait)
            if run.isOver { return }
        }
        guard let here = waiting else { return }
        let limit = wait.reason == .state ? here.start.adding(driver.patience) : nil
        if let reason = outOfReach(wait, limit) { return giveUp(wait, reason) }
        let candidates = [wait.until, limit, here.polls.next, signals.map(\.due).min()]
        await pause(until: candidates.compactMap { $0 }.min())
        if driver.interruption.isRequested || takeMail() { return }
        let instant = now
        if let number = signals.firstIndex(where: { $0.due <= instant }) {
            let signal = signals.remove(at: number)
            return reply(.signal(name: signal.name, payload: signal.payload), at: instant)
        }
        if let until = wait.until, until <= instant { return reply(.woke, at: instant) }
        if let limit, limit <= instant { return giveUp(wait, "it has waited \(driver.patience.compact)") }
        if let next = here.polls.next, next <= instant { await poll(wait, at: instant) }
    }

    private func begin(_ wait: Action.Wait) {
        let listensForEvents = wait.reason == .settling || wait.takesEvents || wait.poll == .never
        var poll = wait.poll
        if poll == .never, wait.reason != .retry, feed.isOpen, listensForEvents { poll = .standard }
        // Events are due soon after the end.
        let first = wait.reason == .settling ? min(driver.firstPoll, Duration(seconds: 1)) : driver.firstPoll
        waiting = LiveWait(
            id: wait.id, start: now,
            polls: PollSchedule(poll, name: "\(run.id)/\(wait.id)", first: first, longest: driver.longestPoll, at: now))
        guard wait.reason == .state else { return }
        sendCustomer(wait)
        guard !wait.signals.isEmpty else { return }
        do throws(Violation) {
            if let signal = try actors.business(wait.signals, in: places, driver.interpreter, run) {
                signals.append((signal.name, signal.payload, now.adding(signal.after ?? .zero) ?? now))
            }
        } catch {
            run.phase = .failed(error)
            trace.entries.append(.init(at: run.now, reply: nil, facts: [.violated(error)]))
        }
    }

    var places: [String] {
        run.frames.map { driver.interpreter.flows.graphs[$0.flow].states[$0.state].name }
    }

    private func poll(_ wait: Action.Wait, at instant: Instant) async {
        waiting?.polls.advance(from: instant)
        if feed.isOpen, wait.takesEvents || wait.reason == .settling || wait.poll == .never {
            var reader = feed
            let letters = await reader.read(driver.transport, at: instant)
            feed = reader
            if takeMail(letters) { return }
        }
        if wait.reason == .state, wait.poll != .never, !wait.objects.isEmpty { look(at: now) }
    }

    /// Until an instant, or until something has come in.
    private func pause(until instant: Instant?) async {
        let (clock, bell) = (driver.clock, bell)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.wait() }
            if let instant { group.addTask { await clock.sleep(instant) } }
            await group.next()
            group.cancelAll()
        }
    }

    /// After the end: until events of these types were heard, or the run's grace is over.
    func listenOn(for expected: [String]) async {
        guard case .done = run.phase, let limit = now.adding(run.grace) else { return }
        while !expected.allSatisfy({ type in run.heard.contains { $0.type == type } }), now < limit {
            if driver.interruption.isRequested { return }
            guard case .done = run.phase else { return }
            if feed.isOpen {
                var reader = feed
                let letters = await reader.read(driver.transport, at: now)
                feed = reader
                if takeMail(letters) { continue }
            }
            await pause(until: min(limit, Instant(milliseconds: now.milliseconds + 1000)))
            takeMail()
        }
    }

    // MARK: What takes too long

    /// Why a wait cannot be lived through; nil where it can.
    private func outOfReach(_ wait: Action.Wait, _ limit: Instant?) -> String? {
        guard let limit, wait.objects.isEmpty, !wait.takesEvents else { return nil }
        if let until = wait.until, until > limit { return "it lasts \(until.since(now)?.compact ?? "too long")" }
        let comes = signals.contains { $0.due <= limit }
        if wait.until == nil, !comes { return "nobody sends \(wait.signals.joined(separator: " or "))" }
        return nil
    }

    private func giveUp(_ wait: Action.Wait, _ reason: String) {
        let shown = wait.objects.compactMap { id in
            run.snapshots[id].flatMap { snapshot in
                snapshot.status.map {
                    "\(id) is '\(driver.interpreter.catalog.graphs[snapshot.lifecycle].lifecycle.statuses[$0].name)'"
                }
            }
        }
        stop(
            .takesTooLong, .cannotRun, "'\(places.last ?? "")' waits longer than a live run may: \(reason)",
            notes: shown,
            label: "the run stays here",
            help: "run it on the built-in mock, where time costs nothing, or give more --patience")
    }

    // MARK: The customer

    /// Sends the customer to the pages that the objects of a wait name.
    private func sendCustomer(_ wait: Action.Wait) {
        guard let customer = driver.customer else { return }
        for id in wait.objects {
            guard let body = run.snapshots[id]?.body, CustomerPage.isAsked(by: body),
                let address = CustomerPage.address(in: body) ?? driver.page?(id)
            else { continue }
            let page = CustomerPage(
                address: address, objectID: id, choice: actors.customer(of: name(of: id) ?? "", in: places))
            guard visited.insert(page).inserted else { continue }
            visits.append(
                Task { [weak self] in
                    let problem = await customer.visit(page)
                    await self?.customerReturned(problem)
                })
        }
    }

    private func name(of id: String) -> String? {
        for frame in run.frames.reversed() {
            if let number = frame.objects.firstIndex(of: id) {
                return driver.interpreter.flows.graphs[frame.flow].objects[number].name
            }
        }
        return nil
    }

    private func customerReturned(_ problem: String?) {
        if let problem { remarks.append("the customer: \(problem)") }
        waiting?.polls.hurry(at: now)
        bell.ring()
    }
}

extension CustomerPage {
    /// Whether an object waits for its customer.
    static func isAsked(by body: Value) -> Bool {
        body["next_action"]?.map != nil || body["status"]?.string == "requires_action"
    }

    /// Whether an object waits for something that no page's button does: it has no page, or the page wants a code.
    package static func isOutOfReach(_ body: Value) -> Bool {
        isAsked(by: body) && (address(in: body) == nil || body[path: "next_action.type"] == "verify_with_microdeposits")
    }

    /// The address that an object's `next_action` names.
    static func address(in body: Value) -> String? {
        guard let action = body["next_action"]?.map, let type = action["type"]?.string, let details = action[type]?.map
        else { return nil }
        let names = [
            "url", "hosted_instructions_url", "hosted_voucher_url", "hosted_verification_url", "mobile_auth_url",
        ]
        return names.lazy.compactMap { details[$0]?.string }.first
    }
}
