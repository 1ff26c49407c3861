// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSimulator
package import FaregateSpec
package import FaregateStripe
package import FaregateValues
import FaregateVerify
import FaregateWire
import Synchronization

/// The simulator behind HTTP, without any socket: requests in, answers out.
package final class Mock: Sendable {
    package let settings: MockSettings
    let simulator: Simulator
    let clock: MockClock
    let version: String
    private let habits: @Sendable (Decision) -> ChoiceWords?
    private let state = Mutex(State())

    private struct State {
        var accounts: [String: Account] = [:]
        var baseURL = ""
        /// For ids of answers that the simulator gives none.
        var answered = 0
        /// What the network does to the next requests.
        var faults: [Fault] = []
    }

    private let controls = Controls()

    package init(
        _ settings: MockSettings, pack: StripePack, habits: @escaping @Sendable (Decision) -> ChoiceWords?,
        wallClock: @escaping @Sendable () -> Instant
    ) {
        self.settings = settings
        self.habits = habits
        simulator = Simulator(catalog: pack.catalog, provider: pack.provider)
        clock = MockClock(settings.time, wallClock: wallClock)
        version = StripePack.version
    }

    /// Where pages of this server are; known once it listens.
    package var baseURL: String {
        get { state.withLock { $0.baseURL } }
        set { state.withLock { $0.baseURL = newValue } }
    }

    var accounts: [Account] { state.withLock { $0.accounts.values.sorted { $0.name < $1.name } } }

    /// Lets happen everywhere what is due.
    package func tick() {
        let now = clock.now
        for account in accounts { account.advance(to: now) }
    }

    /// Events that are to be sent to endpoints now.
    func parcels(most: Int) -> [WebhookSender.Parcel] {
        let now = clock.now
        var parcels: [WebhookSender.Parcel] = []
        for account in accounts where parcels.count < most {
            parcels += account.parcels(due: now, most: most - parcels.count)
        }
        return parcels
    }

    /// Notes how a delivery went.
    func settle(_ parcel: WebhookSender.Parcel, status: Int) {
        parcel.account.settle(parcel.number, status: status, pauses: Outbox.pauses(settings.time), at: clock.now)
    }

    var pendingFaults: Int { state.withLock { $0.faults.count } }

    func setFaults(_ faults: [Fault]) { state.withLock { $0.faults = faults } }

    /// Puts accounts back to what they were; those that there were none of are gone.
    func restore(_ snapshots: [String: Account.State]) {
        state.withLock { state in
            var accounts: [String: Account] = [:]
            for (name, snapshot) in snapshots {
                let account =
                    state.accounts[name]
                    ?? Account(name: name, simulator: simulator, world: snapshot.world, actors: snapshot.actors)
                account.restore(snapshot)
                accounts[name] = account
            }
            state.accounts = accounts
        }
    }

    /// The answer to a request, the faults that were asked for included; nil: the connection ends without one.
    package func respond(_ request: MockRequest) async -> MockAnswer? {
        guard Self.isAPI(request), let fault = takeFault() else { return answer(request) }
        switch fault {
        case .dropRequest: return nil
        case .dropAnswer:
            _ = answer(request)
            return nil
        case .answer(let status):
            let error =
                Outage.of(status: status).map(ErrorBody.init) ?? ErrorBody(status, "The mock was asked to answer so.")
            return rendered(Response(status: status, body: error.value, requestID: nextID()), request, nil)
        case .delay(let milliseconds):
            let (answer, release) = answerAPI(request)
            try? await Task.sleep(for: .milliseconds(milliseconds))
            release()
            return answer
        }
    }

    private func takeFault() -> Fault? {
        state.withLock { $0.faults.isEmpty ? nil : $0.faults.removeFirst() }
    }

    private static func isAPI(_ request: MockRequest) -> Bool {
        request.path.hasPrefix("/v1/") || request.path.hasPrefix("/v2/")
    }

    package func answer(_ request: MockRequest) -> MockAnswer {
        if Self.isAPI(request) {
            let (answer, release) = answerAPI(request)
            release()
            return answer
        }
        if request.path.hasPrefix("/redirect/") { return answerPage(request) }
        if StripeScript.isAsked(request.path), request.method == "GET" {
            return StripeScript.answer(simulator.catalog.methods)
        }
        if request.path.hasPrefix(Controls.prefix) { return controls.answer(self, request) }
        return MockAnswer(
            status: 404, type: "text/plain; charset=utf-8",
            text: "There is nothing here. The API begins with /v1/.\n")
    }

    // MARK: The API

    /// The answer to a call, and what ends its being in flight.
    private func answerAPI(_ request: MockRequest) -> (MockAnswer, release: () -> Void) {
        if request.method == "OPTIONS" { return (CrossOrigin.preflight(request), {}) }
        var key: APIKey?
        do throws(ErrorBody) {
            switch APIKey.read(request.headers["authorization"]) {
            case .success(let good): key = good
            case .failure(let refusal): throw ErrorBody(refusal)
            }
            return try answer(request, key!)
        } catch {
            return (rendered(Response(status: error.status, body: error.value, requestID: nextID()), request, key), {})
        }
    }

    private func answer(_ request: MockRequest, _ key: APIKey) throws(ErrorBody) -> (MockAnswer, release: () -> Void) {
        var call = try APICall(request, version: version)
        let account = try account(of: key, call.account)
        if key.kind == .publishable {
            try PublicAccess.check(&call, account)
        } else {
            try PublicAccess.strip(&call, account)
        }
        if let text = call.params["return_url"]?.string, !text.isEmpty, ReturnURL(text) == nil {
            throw ErrorBody(400, "return_url is no address of the web.", code: "url_invalid", param: "return_url")
        }
        var release: () -> Void = {}
        if let idempotencyKey = call.idempotencyKey {
            guard account.begin(idempotencyKey) else { throw ErrorBody.inUse(idempotencyKey) }
            release = { account.end(idempotencyKey) }
        }
        var (response, original) =
            EndpointCalls.handles(call.path)
            ? account.handleEndpoints(call, at: clock.now) : account.handle(call.request, at: clock.now)
        if response.replayed || call.method == "GET" { response.requestID = nextID() }
        if key.kind == .publishable { response.body = PublicAccess.shown(response.body) }
        return (rendered(response, request, key, original: original), release)
    }

    /// The account that a key opens, made when it is first used; without a key, the one that all share.
    func account(of key: APIKey?, _ connected: String?) throws(ErrorBody) -> Account {
        let own = settings.isolatesKeys ? key?.owner : nil
        let owner = (own ?? "default") + (connected.map { "/\($0)" } ?? "")
        let account: Account? = state.withLock { state in
            if let account = state.accounts[owner] { return account }
            guard state.accounts.count < settings.limits.accounts else { return nil }
            var world = World(seed: "\(settings.seed)/\(owner)", now: clock.now, accountVersion: version)
            world.pages = state.baseURL
            world.keepsJournal = true
            let account = Account(
                name: owner, simulator: simulator, world: world,
                actors: Actors(scripts: settings.scripts, habits: habits, time: settings.time))
            state.accounts[owner] = account
            return account
        }
        guard let account else {
            throw ErrorBody(429, "This mock has \(settings.limits.accounts) accounts already, and no room for another.")
        }
        return account
    }

    private func nextID() -> String {
        let number = state.withLock { state in
            state.answered += 1
            return state.answered
        }
        return "req_\(StableHash("\(settings.seed)/answer/\(number)").base62.prefix(14))"
    }

    private func rendered(
        _ response: Response, _ request: MockRequest, _ key: APIKey?, original: String? = nil
    ) -> MockAnswer {
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json"), ("Cache-Control", "no-cache, no-store"),
            ("Request-Id", response.requestID), ("Stripe-Version", request.headers["stripe-version"] ?? version),
        ]
        if request.method == "POST", let key = request.headers["idempotency-key"], response.status != 401 {
            headers.append(("Idempotency-Key", key))
        }
        if let original { headers.append(("Original-Request", original)) }
        if response.replayed { headers.append(("Idempotent-Replayed", "true")) }
        if let shouldRetry = response.shouldRetry {
            headers.append(("Stripe-Should-Retry", shouldRetry ? "true" : "false"))
        }
        if response.status == 401 { headers.append(("WWW-Authenticate", "Bearer realm=\"Stripe\"")) }
        if key?.kind == .publishable || key == nil { headers += CrossOrigin.headers }
        let text = JSON.write(response.body, pretty: true) + "\n"
        return MockAnswer(status: response.status, headers: headers, body: Array(text.utf8))
    }
}

/// What browsers ask before a page of another origin may call the API with a publishable key.
enum CrossOrigin {
    static let headers: [(name: String, value: String)] = [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", "Request-Id, Stripe-Version, Idempotent-Replayed, Original-Request"),
    ]

    /// Leave for what a publishable key may do, and for nothing else: what takes a secret key is no page's business.
    static func preflight(_ request: MockRequest) -> MockAnswer {
        let wanted = request.headers["access-control-request-method"]
        let methods = ["GET", "POST"].filter { PublicAccess.isOpen($0, request.path) }
        guard !methods.isEmpty, wanted.map(methods.contains) ?? true else {
            return MockAnswer(status: 403, headers: [("Vary", "Access-Control-Request-Method")])
        }
        return leave
    }

    private static let leave = MockAnswer(
        status: 204,
        headers: [
            ("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "GET, POST"),
            (
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Idempotency-Key, Stripe-Version, Stripe-Account"
            ),
            ("Access-Control-Max-Age", "300"),
        ])
}

extension ErrorBody {
    static func inUse(_ key: String) -> ErrorBody {
        var error = ErrorBody(
            409,
            "There is currently another in-progress request using this key: '\(key.prefix(255))'. Wait for its answer, or use another key.",
            code: "idempotency_key_in_use")
        error.type = "idempotency_error"
        return error
    }
}
