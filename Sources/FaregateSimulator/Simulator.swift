// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
package import FaregateValues
package import FaregateWire

/// Moves worlds: answers requests and lets happen what happens by itself.
package struct Simulator: Sendable {
    package let catalog: Catalog
    package let provider: Provider

    package init(catalog: Catalog, provider: Provider) {
        self.catalog = catalog
        self.provider = provider
    }

    /// The answer to a request. `decide` is asked whatever the documentation leaves open.
    ///
    /// - Parameter notice: hears of every row that is taken, by lifecycle and id.
    package func handle(
        _ request: Request, _ world: inout World, decide: @escaping (Decision) -> ChoiceWords,
        notice: @escaping (String, String) -> Void = { _, _ in }
    ) -> Response {
        let digest = StableHash(.list([.string(request.method), .string(request.path), request.params]))
        let root = root(of: request, digest, &world)
        let requestID = "req_\(StableHash("\(world.seed)/\(root)/\(world.now.milliseconds)").base62.prefix(14))"
        if request.method == "POST", let key = request.idempotencyKey, let stored = world.answers[key] {
            guard stored.digest == digest else { return mismatch(key, requestID) }
            var response = stored.response
            response.requestID = requestID
            response.replayed = true
            return response
        }
        let (response, isKept) = answer(
            request, &world, root: root, requestID: requestID, decide: decide, notice: notice)
        if request.method == "POST", let key = request.idempotencyKey, isKept {
            world.answers[key] = World.Stored(digest: digest, response: response)
        }
        return response
    }

    /// What ids of this request derive from: its key, or what it asks and how often it was asked before.
    private func root(of request: Request, _ digest: StableHash, _ world: inout World) -> String {
        if let key = request.idempotencyKey { return key }
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
        guard let (number, operation, id) = route(request) else {
            let message = "Unrecognized request URL (\(request.method): \(request.path))."
            return (
                Response(
                    status: 404, body: ["error": ["type": "invalid_request_error", "message": .string(message)]],
                    requestID: requestID), false
            )
        }
        let lifecycle = catalog.graphs[number].lifecycle
        let params = provider.modern(request.params, request.version).map ?? [:]
        var transaction = Transaction(
            world: world, catalog: catalog, provider: provider, request: request, params: params, lifecycle: number,
            operation: lifecycle.operations[operation].name, subject: id, requestID: requestID, root: root,
            decide: decide, notice: notice)
        // The transaction is the only owner meanwhile: else every change would copy the whole world.
        world.giveAway()
        defer { world = transaction.world }
        do throws(Refusal) {
            if let id, transaction.object(id, of: lifecycle.name) == nil {
                throw provider.refusal(
                    transaction,
                    Complaint(
                        code: "resource_missing", param: "id", http: 404, object: id, operation: transaction.operation))
            }
            let body = try carryOut(operation, on: id, &transaction)
            let shown = expand(body, params["expand"], transaction.world)
            return (
                Response(status: 200, body: provider.rendered(shown, request.version), requestID: requestID), true
            )
        } catch {
            let body = provider.rendered(["error": .map(error.error)], request.version)
            return (Response(status: error.status, body: body, requestID: requestID), error.isKept)
        }
    }

    private func route(_ request: Request) -> (lifecycle: Int, operation: Int, id: String?)? {
        let segments = request.path.split(separator: "/")
        for (number, graph) in catalog.graphs.enumerated() {
            for (operation, item) in graph.lifecycle.operations.enumerated() {
                guard let route = item.route, route.method == request.method, route.segments.count == segments.count
                else { continue }
                var id: String?
                let fits = zip(route.segments, segments).allSatisfy { pattern, segment in
                    if pattern == "{id}" { id = String(segment) }
                    return pattern == "{id}" || pattern == segment
                }
                if fits { return (number, operation, id) }
            }
        }
        return nil
    }

    /// The object's body after the operation.
    private func carryOut(_ operation: Int, on id: String?, _ transaction: inout Transaction) throws(Refusal) -> Value {
        if transaction.operation == "retrieve", let object = transaction.object(id) { return transaction.shown(object) }
        try provider.validate(&transaction)
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
        while let due = world.nextMove, due <= instant {
            let at = world.moves.firstIndex { $0.due == due }!
            let move = world.moves.remove(at: at)
            world.now = max(world.now, due)
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

    // MARK: Expansion

    private func expand(_ body: Value, _ paths: Value?, _ world: World) -> Value {
        guard case .list(let items)? = paths else { return body }
        var body = body
        for case .string(let path) in items.prefix(20) {
            body = expand(body, path.split(separator: ".").prefix(4).map(String.init)[...], world)
        }
        return body
    }

    private func expand(_ value: Value, _ path: ArraySlice<String>, _ world: World) -> Value {
        guard let step = path.first, case .map(var map) = value, let member = map[step] else { return value }
        var inner = member
        if let id = member.string, let object = world.objects[id] {
            var shown = object.body
            let lifecycle = catalog.graphs[object.lifecycle].lifecycle
            if lifecycle.statusExpression == nil { shown["status"] = .string(lifecycle.statuses[object.status].name) }
            inner = .map(shown)
        }
        map[step] = expand(inner, path.dropFirst(), world)
        return .map(map)
    }
}
