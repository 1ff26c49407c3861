// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire
import Synchronization

/// The control API under `/_faregate/`: what a test does that no client of the API can.
struct Controls: Sendable {
    static let prefix = "/_faregate/"

    private let snapshots = Snapshots()

    func answer(_ mock: Mock, _ request: MockRequest) -> MockAnswer {
        let desk = Desk(mock: mock, snapshots: snapshots)
        return desk.answer(request)
    }
}

/// What snapshots were taken.
private final class Snapshots: Sendable {
    struct Snapshot: Sendable {
        var accounts: [String: Account.State]
        var ahead: Int64
    }

    /// By number, oldest first; old ones give way.
    let taken = Mutex<(number: Int, kept: [(number: Int, snapshot: Snapshot)])>((0, []))
}

/// The controls of one mock.
private struct Desk {
    let mock: Mock
    let snapshots: Snapshots

    /// Pages of other sites must not reach the controls through a browser: neither by a form nor by a name that leads here.
    private func isTrusted(_ request: MockRequest) -> Bool {
        let settings = mock.settings
        let host = request.headers["host"] ?? ""
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        guard MockSettings.isLoopback(String(name)) || (settings.allowsControl && !host.isEmpty) else { return false }
        if let origin = request.headers["origin"], origin != "http://\(host)" { return false }
        // An event on its way: whoever may name an endpoint would command the mock by it.
        if WebhookSender.isDelivery(request) { return false }
        if let site = request.headers["sec-fetch-site"], site != "same-origin", site != "none" { return false }
        return true
    }

    func answer(_ request: MockRequest) -> MockAnswer {
        guard mock.settings.isLoopback || mock.settings.allowsControl else {
            return shown(
                ErrorBody(403, "The control API is off at addresses other than loopback; --allow-control turns it on."))
        }
        guard isTrusted(request) else {
            return shown(
                ErrorBody(
                    403,
                    "The control API does not answer pages of other sites, deliveries of events, nor other names of this host."
                ))
        }
        do throws(ErrorBody) {
            var body = Value.map([:])
            if !request.body.isEmpty {
                do { body = try JSON.read(request.body) } catch {
                    throw ErrorBody(400, "The body is no JSON: \(error)")
                }
                guard body.map != nil else { throw ErrorBody(400, "The body is a JSON object.") }
            }
            return shown(200, try answer(request, body))
        } catch {
            return shown(error)
        }
    }

    private func shown(_ error: ErrorBody) -> MockAnswer { shown(error.status, error.value) }

    private func shown(_ status: Int, _ body: Value) -> MockAnswer {
        MockAnswer(
            status: status, type: "application/json", text: JSON.write(body, pretty: true) + "\n",
            headers: [("Cache-Control", "no-store")])
    }

    private func answer(_ request: MockRequest, _ body: Value) throws(ErrorBody) -> Value {
        let steps = request.path.dropFirst(Controls.prefix.count).split(separator: "/").map(String.init)
        try refuseUnknown(body, request.method, steps)
        switch (request.method, steps.first ?? "", steps.count) {
        case ("GET", "health", 1): return health
        case ("GET", "clock", 1): return clock
        case ("POST", "clock", 1): return try advance(body)
        case ("GET", "choices", 1): return choices(try account(request))
        case ("POST", "choices", 1): return try queue(body, try account(request))
        case ("DELETE", "choices", 1):
            try account(request).clearQueue()
            return choices(try account(request))
        case ("GET", "objects", 2): return try object(steps[1])
        case ("POST", "objects", 2): return try act(steps[1], body)
        case ("GET", "deliveries", 1): return deliveries(try account(request))
        case ("POST", "faults", 1): return try faults(body)
        case ("POST", "snapshots", 1): return try takeSnapshot()
        case ("POST", "snapshots", 3) where steps[2] == "restore": return try restore(steps[1])
        case ("POST", "reset", 1): return reset()
        default: throw ErrorBody(404, "There is no control \(request.method) \(request.path); docs/mock.md lists them.")
        }
    }

    /// What is written and not understood would be taken for done.
    private func refuseUnknown(_ body: Value, _ method: String, _ steps: [String]) throws(ErrorBody) {
        let known: [String]
        switch (method, steps.first ?? "") {
        case ("POST", "choices"): return
        case ("POST", "clock"): known = ["advance"]
        case ("POST", "objects"): known = ["choice"]
        case ("POST", "faults"): known = ["next"]
        default: known = []
        }
        for key in (body.map ?? [:]).keys where !known.contains(key.string ?? "") {
            let words = known.isEmpty ? "it takes no members" : "known: \(known.joined(separator: ", "))"
            throw ErrorBody(
                400, "\(method) \(steps.joined(separator: "/")) does not know '\((key.string ?? "").brief)'; \(words).")
        }
    }

    // MARK: Health and time

    private var health: Value {
        [
            "status": "ok", "time": .string(mock.settings.time.rawValue), "seed": .string(mock.settings.seed),
            "version": .string(mock.version), "accounts": .list(mock.accounts.map { .string($0.name) }),
        ]
    }

    private var clock: Value {
        let now = mock.clock.now
        return [
            "time": .string(mock.settings.time.rawValue), "now": .string(now.timestamp.rfc3339),
            "unix": .int(now.milliseconds / 1000),
        ]
    }

    private func advance(_ body: Value) throws(ErrorBody) -> Value {
        guard let text = body["advance"]?.string, let duration = Duration.parse(text),
            (0...Self.longest).contains(duration.totalMilliseconds)
        else { throw ErrorBody(400, "Say how far: {\"advance\": \"3d\"}, up to ten years, and never back.") }
        mock.clock.advance(by: duration.totalMilliseconds)
        mock.tick()
        return clock
    }

    private static let longest: Int64 = 3650 * 86_400_000

    // MARK: Actors

    /// The account of the request's key; without one, the one that all keys share.
    private func account(_ request: MockRequest) throws(ErrorBody) -> Account {
        guard request.headers["authorization"] != nil else { return try mock.account(of: nil, nil) }
        switch APIKey.read(request.headers["authorization"]) {
        case .success(let key): return try mock.account(of: key, request.headers["stripe-account"])
        case .failure(let refusal): throw ErrorBody(refusal)
        }
    }

    private func choices(_ account: Account) -> Value {
        let queued = account.read { $0.actors.queued }
        var shown = ValueMap()
        for (actor, words) in queued.sorted(by: { $0.key < $1.key }) where !words.isEmpty {
            shown[actor] = .list(words.map { .string($0.text) })
        }
        return .map(shown)
    }

    private func queue(_ body: Value, _ account: Account) throws(ErrorBody) -> Value {
        var known = mock.simulator.catalog.actors
        known["network"] = ["delivers", "repeats", "loses"]
        var choices: [String: [ChoiceWords]] = [:]
        for (key, value) in body.map ?? [:] {
            let actor = key.string ?? ""
            guard let offers = known[actor] else {
                throw ErrorBody(
                    400, "There is no actor '\(actor)'; known: \(known.keys.sorted().joined(separator: ", ")).")
            }
            for text in value.list ?? [value] {
                guard case .success(let words) = ChoiceWords.read(text.string ?? ""), offers.contains(words.name) else {
                    throw ErrorBody(
                        400,
                        "'\(text.string ?? "")' is no choice of \(actor); known: \(offers.joined(separator: ", ")).")
                }
                choices[actor, default: []].append(words)
            }
        }
        account.queue(choices)
        return self.choices(account)
    }

    // MARK: Objects

    private func owner(of id: String) throws(ErrorBody) -> Account {
        guard let account = mock.accounts.first(where: { account in account.read { $0.world.objects[id] != nil } })
        else {
            throw ErrorBody(404, "There is no object '\(id)'.")
        }
        return account
    }

    private func object(_ id: String) throws(ErrorBody) -> Value {
        let account = try owner(of: id)
        account.advance(to: mock.clock.now)
        let simulator = mock.simulator
        return account.read { state in
            guard let object = state.world.objects[id] else { return .null }
            let lifecycle = simulator.catalog.graphs[object.lifecycle].lifecycle
            let log = (state.world.journal[id] ?? []).map { step -> Value in
                [
                    "at": .string(step.at.timestamp.rfc3339), "row": .string(step.row),
                    "from": step.from.map { .string(lifecycle.statuses[$0].name) } ?? .null,
                    "to": .string(lifecycle.statuses[step.to].name),
                    "request": step.request.map { .string($0) } ?? .null,
                ]
            }
            return [
                "id": .string(id), "lifecycle": .string(lifecycle.name),
                "status": .string(lifecycle.statuses[object.status].name),
                "choices": .list(simulator.openChoices(of: id, in: state.world).map { .string($0.words) }),
                "log": .list(log),
            ]
        }
    }

    private func act(_ id: String, _ body: Value) throws(ErrorBody) -> Value {
        let account = try owner(of: id)
        let words = (body["choice"]?.string ?? "").split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count >= 2,
            account.act(
                Lifecycle.Choice(actor: words[0], name: words[1]), argument: words.count > 2 ? words[2] : nil, on: id,
                at: mock.clock.now)
        else {
            let simulator = mock.simulator
            let open = account.read { state in simulator.openChoices(of: id, in: state.world).map(\.words) }
            throw ErrorBody(
                409, "'\(words.joined(separator: " "))' is not open for \(id); open: \(open.joined(separator: ", ")).")
        }
        return try object(id)
    }

    // MARK: Deliveries and faults

    private func deliveries(_ account: Account) -> Value {
        let deliveries = account.read { $0.outbox.deliveries }
        let data = deliveries.map { delivery -> Value in
            [
                "event": .string(delivery.event.id), "type": .string(delivery.event.type),
                "endpoint": .string(delivery.endpoint), "state": .string(delivery.state.rawValue),
                "due": .string(delivery.due.timestamp.rfc3339), "tries": .list(delivery.tries.map { .int(Int64($0)) }),
            ]
        }
        return ["data": .list(data)]
    }

    private func faults(_ body: Value) throws(ErrorBody) -> Value {
        guard let items = body["next"]?.list, items.count <= 1000 else {
            throw ErrorBody(400, "Say what happens to the next requests: {\"next\": [{\"drop\": \"answer\"}]}.")
        }
        var faults: [Fault] = []
        for item in items { faults.append(try Fault(item)) }
        mock.setFaults(faults)
        return ["next": .list(items)]
    }

    // MARK: Snapshots

    private static let mostSnapshots = 100

    private func takeSnapshot() throws(ErrorBody) -> Value {
        var states: [String: Account.State] = [:]
        for account in mock.accounts { states[account.name] = account.snapshot }
        let snapshot = Snapshots.Snapshot(accounts: states, ahead: mock.clock.aheadMilliseconds)
        let number = snapshots.taken.withLock { taken in
            taken.number += 1
            taken.kept.append((taken.number, snapshot))
            if taken.kept.count > Self.mostSnapshots { taken.kept.removeFirst() }
            return taken.number
        }
        return ["id": .string(String(number))]
    }

    private func restore(_ id: String) throws(ErrorBody) -> Value {
        let found = snapshots.taken.withLock { taken in taken.kept.first { String($0.number) == id }?.snapshot }
        guard let found else { throw ErrorBody(404, "There is no snapshot '\(id)'.") }
        mock.clock.aheadMilliseconds = found.ahead
        mock.restore(found.accounts)
        return ["id": .string(id)]
    }

    private func reset() -> Value {
        mock.clock.aheadMilliseconds = 0
        mock.setFaults([])
        mock.restore([:])
        return ["status": "ok"]
    }
}

extension ChoiceWords {
    /// As a scenario writes it.
    fileprivate var text: String {
        ([name, argument] + [after.map { "after \($0.compact)" }]).compactMap { $0 }.joined(separator: " ")
    }
}
