// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
package import FaregateValues
package import FaregateWire

/// Moves worlds: answers requests and lets happen what happens by itself.
package struct Simulator: Sendable {
    package let catalog: Catalog
    package let provider: Provider
    private let router: Router

    package init(catalog: Catalog, provider: Provider) {
        self.catalog = catalog
        self.provider = provider
        router = Router(catalog, provider.readings)
    }

    /// The answer to a request. `decide` is asked whatever the documentation leaves open.
    ///
    /// - Parameter notice: hears of every row that is taken, by lifecycle and id.
    package func handle(
        _ request: Request, _ world: inout World, decide: @escaping (Decision) -> ChoiceWords,
        notice: @escaping (String, String) -> Void = { _, _ in }
    ) -> Response {
        once(request, &world) { world, root, requestID in
            answer(request, &world, root: root, requestID: requestID, decide: decide, notice: notice)
        }
    }

    /// The answer to a request under the rules for idempotency keys: given once, and from then on repeated.
    ///
    /// - Parameter answer: is told what ids derive from, and the request's own id; says whether the answer is kept.
    package func once(
        _ request: Request, _ world: inout World,
        _ answer: (inout World, _ root: String, _ requestID: String) -> (Response, isKept: Bool)
    ) -> Response {
        let digest = StableHash(
            .list([.string(request.method), .string(request.path), request.params, .string(request.account ?? "")]))
        let root = root(of: request, digest, &world)
        let requestID = "req_\(StableHash("\(world.seed)/\(root)/\(world.now.milliseconds)").base62.prefix(14))"
        if request.method == "POST", let key = request.idempotencyKey, let stored = world.stored(key) {
            guard stored.digest == digest else { return mismatch(key, requestID) }
            var response = stored.response
            response.requestID = requestID
            response.replayed = true
            return response
        }
        var (response, isKept) = answer(&world, root, requestID)
        if request.idempotencyKey != nil, request.method == "POST" { response.originalRequestID = requestID }
        if request.method == "POST", let key = request.idempotencyKey, isKept {
            world.answers[key] = World.Stored(digest: digest, response: response, at: world.now)
        }
        return response
    }

    /// What ids of this request derive from: its key, or what it asks and how often it was asked before.
    private func root(of request: Request, _ digest: StableHash, _ world: inout World) -> String {
        if let key = request.idempotencyKey {
            // A key that was used and forgotten counts as new, and must not make the objects of then.
            let isForgotten = world.answers[key] != nil && world.stored(key) == nil
            return isForgotten ? "\(key)/\(world.now.milliseconds)" : key
        }
        guard request.method != "GET" else { return digest.base32 }
        let text = digest.base32
        world.keyless[text, default: 0] += 1
        return "\(text)/\(world.keyless[text]!)"
    }

    private func mismatch(_ key: String, _ requestID: String) -> Response {
        let message =
            "Keys for idempotent requests can only be used with the same parameters they were first used with: '\(key)'."
        return Response(
            status: 400, body: ["error": ["type": "idempotency_error", "message": .string(message)]],
            requestID: requestID)
    }

    private func answer(
        _ request: Request, _ world: inout World, root: String, requestID: String,
        decide: @escaping (Decision) -> ChoiceWords, notice: @escaping (String, String) -> Void
    ) -> (Response, isKept: Bool) {
        func refused(_ refusal: Refusal) -> (Response, isKept: Bool) {
            let body = provider.rendered(["error": .map(refusal.error)], request.version)
            return (
                Response(
                    status: refusal.status, body: body, requestID: requestID, shouldRetry: refusal.shouldRetry),
                refusal.isKept
            )
        }
        guard let route = router.find(request.method, request.path) else {
            return refused(provider.unrouted(request.method, request.path))
        }
        do throws(Refusal) {
            let params = try provider.accept(
                route.name, provider.modern(request.params, request.version).map ?? [:])
            var body: Value
            switch route.target {
            case .reading(let number):
                let glance = Glance(
                    world: world, catalog: catalog, path: request.path, ids: route.ids, params: params)
                body = try provider.readings[number].answer(glance)
            case .operation(let lifecycle, let operation):
                var transaction = Transaction(
                    world: world, catalog: catalog, provider: provider, request: request, params: params,
                    lifecycle: lifecycle, operation: catalog.graphs[lifecycle].lifecycle.operations[operation].name,
                    subject: route.ids.first, requestID: requestID, root: root, decide: decide, notice: notice)
                // The transaction is the only owner meanwhile: else every change would copy the whole world.
                world.giveAway()
                defer { world = transaction.world }
                body = try carryOut(operation, on: route.ids.first, &transaction)
            }
            if params["expand"] != nil { body = provider.expanded(body, params, world, catalog) }
            return (Response(status: 200, body: provider.rendered(body, request.version), requestID: requestID), true)
        } catch {
            return refused(error)
        }
    }

    /// The object's body after the operation.
    private func carryOut(
        _ operation: Int, on named: String?, _ transaction: inout Transaction
    ) throws(Refusal) -> Value {
        let id = named.map { provider.resolved(&transaction, $0) }
        if let id { transaction.subject = id }
        if let id, transaction.object(id, of: transaction.lifecycleName) == nil {
            throw provider.refusal(
                transaction,
                Complaint(code: "resource_missing", http: 404, object: id, operation: transaction.operation))
        }
        try provider.validate(&transaction)
        if transaction.operation == "retrieve", let object = transaction.object(id) { return transaction.shown(object) }
        if id == nil { transaction.subject = transaction.newID(transaction.lifecycleName) }
        let before = transaction.object(id)?.entry ?? -1
        let result = transaction.perform(operation, on: id)
        guard let subject = transaction.subject else { return .null }
        if let object = transaction.object(subject), object.entry != before { transaction.plan(subject) }
        if case .complaint(var complaint) = result {
            if transaction.object(complaint.object) == nil {
                complaint.object = transaction.object(subject) == nil ? nil : subject
            }
            throw provider.refusal(transaction, complaint)
        }
        return transaction.object(subject).map { transaction.shown($0) } ?? .null
    }

    // MARK: By itself

    /// Lets everything happen that is due, in order; the world's clock ends at `instant`.
    package func advance(
        _ world: inout World, to instant: Instant, decide: @escaping (Decision) -> ChoiceWords,
        notice: @escaping (String, String) -> Void = { _, _ in }
    ) {
        while let move = world.schedule.takeFirst(due: instant) {
            world.now = max(world.now, move.due)
            perform(move, &world, decide: decide, notice: notice)
        }
        world.now = max(world.now, instant)
    }

    private func perform(
        _ move: World.Move, _ world: inout World, decide: @escaping (Decision) -> ChoiceWords,
        notice: @escaping (String, String) -> Void
    ) {
        guard let object = world.objects[move.object], object.entry == move.entry else { return }
        let graph = catalog.graphs[object.lifecycle]
        var transaction = Transaction(
            world: world, catalog: catalog, provider: provider, request: nil, params: [:], lifecycle: object.lifecycle,
            operation: "", subject: object.id, requestID: "", root: "\(object.id)/\(object.entry)", decide: decide,
            notice: notice)
        world.giveAway()
        defer { world = transaction.world }
        let facts = transaction.facts(of: object.id, lifecycle: object.lifecycle)
        let rows = graph.moves(from: object.status, facts: facts).filter(\.certain).map(\.row)
        let row = rows.first { row in
            switch move.cause {
            case .clock(let id): row.id == id
            case .choice(let choice, _): row.trigger == .choice(choice)
            }
        }
        guard let row else { return }
        notice(graph.lifecycle.name, row.id)
        let argument = if case .choice(_, let argument) = move.cause { argument } else { String?.none }
        _ = transaction.apply(row, to: object.id, argument: argument, operation: "")
        if let after = transaction.object(object.id), after.entry != object.entry { transaction.plan(object.id) }
    }
}
