// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

// Calls: every world that the present one may have become by the time of the call, every row that may answer there.
extension Explorer {
    func call(_ call: FlowGraph.Call, from here: Here) -> [Passage] {
        let object = flow.objects[call.object]
        let lifecycle = oracle.models[object.lifecycle].lifecycle
        let operation = lifecycle.operations[call.operation]
        let takesID = operation.route?.takesID ?? true
        let subject = takesID ? here.world.names[call.object] : nil
        if let subject, subject < 0 {
            noteUnbound(object: call.object, here)
            return []
        }
        let given = params(of: call, here)
        var passages: [Passage] = []
        for (params, world) in materialise(given, for: object.lifecycle, subject: subject, in: here.world) {
            let scope = scope(ofCallOn: subject, params, in: world, here.checkCase.profile)
            for reached in closure(world, here.checkCase.profile, of: scope) {
                var request = Request(
                    call: call, params: params, world: reached.world, subject: subject ?? 0, moves: reached.moves,
                    tier: max(here.tier, reached.tier))
                if subject == nil {
                    request.world.objects.append(draft(object.lifecycle, params, in: reached.world))
                    request.subject = request.world.objects.count - 1
                    request.isCreate = true
                    noteLeftBehind(request, here)
                }
                let answers = answer(request, operation.name, here)
                passages += answers
                passages += lost(request, operation.name, here)
            }
        }
        return passages + failed(passages, here)
    }

    // MARK: No answer, and errors that no row gives

    /// The call was carried out and its answer lost: nobody has seen what became of it.
    private func lost(_ request: Request, _ operation: String, _ here: Here) -> [Passage] {
        let state = flow.states[here.state]
        guard operation != "retrieve", let number = state.catches.firstIndex(where: { $0.key == "timeout" }) else {
            return []
        }
        let from: Int? = request.isCreate ? nil : request.world.objects[request.subject].status
        let outcomes = oracle.endings(
            request.call.operation, on: request.subject, from: from, params: request.params, in: request.world,
            profile: here.checkCase.profile)
        return outcomes.filter { !$0.isRefused && !request.isCreate }.flatMap { outcome -> [Passage] in
            var world = request.world
            keep(request.params, in: &world.objects[request.subject])
            let tier = max(request.tier, outcome.rare ? .rare : .likely)
            return apply(outcome, to: request.subject, request.params, by: operation, in: world).flatMap { after in
                leave(state.catches[number].branches, .caught, number, here, after, tier: tier, kind: .step)
            }
        }
    }

    /// Nothing was done, for a reason that the lifecycle does not know.
    private func failed(_ passages: [Passage], _ here: Here) -> [Passage] {
        let state = flow.states[here.state]
        var failed: [Passage] = []
        for (number, caught) in state.catches.enumerated() {
            var tier = here.tier
            if !Self.ownKeys.contains(caught.key) {
                // Errors of other kinds may always come; a code that rows know comes where rows say so.
                guard Self.errorTypes.contains(caught.key) || isDeclineCode(caught.key) else { continue }
                if passages.contains(where: { $0.exit.group == .caught && $0.exit.number == number }) { continue }
                tier = max(tier, .assumed)
            }
            failed += leave(
                caught.branches, .caught, number, here, here.world, tier: tier, kind: .step,
                assumption: tier == .assumed ? "error '\(caught.key)'" : nil)
        }
        return failed
    }

    /// One request, in one of the worlds that it may meet.
    struct Request {
        var call: FlowGraph.Call
        var params: ValueMap
        var world: AbstractWorld
        /// Number of the object that is asked for, or made.
        var subject: Int
        var moves: [Cause]
        var tier: Tier
        var isCreate = false
        /// One of several statuses that the object may have, for nothing is known of it.
        var isGuess = false
    }

    private func answer(_ request: Request, _ operation: String, _ here: Here) -> [Passage] {
        let call = request.call
        if operation == "retrieve" {
            calls[here.state].isAllowed = true
            var world = request.world
            read(request.subject, &world)
            updateViews(&world, here.checkCase)
            return answered(request, RowOutcome.read(world.objects[request.subject].status), world, request.tier, here)
        }
        let status = request.world.objects[request.subject].status
        var from: [Int?] = [request.isCreate ? nil : status]
        let lifecycle = oracle.models[request.world.objects[request.subject].lifecycle]
        if !request.isCreate, status < 0 { from = lifecycle.usable.members }
        var passages: [Passage] = []
        for status in from {
            let outcomes = oracle.endings(
                call.operation, on: request.subject, from: status, params: request.params, in: request.world,
                profile: here.checkCase.profile)
            var request = request
            request.isGuess = from.count > 1
            for outcome in outcomes where !outcome.hangsOnData || isCaught(outcome, flow.states[here.state]) {
                passages += carryOut(outcome, request, here)
            }
        }
        return passages
    }

    func carryOut(_ outcome: RowOutcome, _ request: Request, _ here: Here) -> [Passage] {
        var tier = max(request.tier, outcome.rare ? .rare : .likely)
        if outcome.isRefused {
            if !outcome.certain || request.isGuess { tier = max(tier, .assumed) }
            if calls[here.state].refusal == nil {
                calls[here.state].refusal = (
                    here.number, request.subject, request.world, request.params, outcome, request.moves
                )
            }
        } else if request.tier < .supposed || here.tier == .supposed {
            calls[here.state].isAllowed = true
        }
        var world = request.world
        // A refused create leaves no object, unless an earlier row of the same request has made it.
        let exists = outcome.status != nil
        if !outcome.isRefused || (request.isCreate && exists) {
            keep(request.params, in: &world.objects[request.subject])
        }
        var passages: [Passage] = []
        for after in apply(outcome, to: request.subject, request.params, by: operation(request.call), in: world) {
            var after = after
            let isEmbedded = oracle.models[after.objects[request.subject].lifecycle].hasErrorField
            if exists, !outcome.isRefused || isEmbedded {
                if request.isCreate { after.names[request.call.object] = request.subject }
                see(request.subject, &after)
            }
            updateViews(&after, here.checkCase)
            passages += answered(request, outcome, after, tier, here)
        }
        return passages
    }

    private func operation(_ call: FlowGraph.Call) -> String {
        oracle.models[flow.objects[call.object].lifecycle].lifecycle.operations[call.operation].name
    }

    /// The flow learns what has become of an object from the answer to a call that has changed it.
    func see(_ number: Int, _ world: inout AbstractWorld) {
        let status = world.objects[number].status
        world.objects[number].belief = status >= 0 ? StatusSet([status]) : StatusSet()
        let before = world.objects[number].seenReferences
        world.objects[number].seenReferences = world.objects[number].references
        for slot in oracle.models[world.objects[number].lifecycle].hiddenSlots {
            world.objects[number].seenReferences[slot] = before[slot]
        }
    }

    /// The flow looks at an object: not every status shows.
    func read(_ number: Int, _ world: inout AbstractWorld) {
        let object = world.objects[number]
        see(number, &world)
        guard object.status >= 0 else { return }
        world.objects[number].belief = oracle.models[object.lifecycle].belief(object.belief, reading: object.status)
    }

    // MARK: Which way out

    private func answered(
        _ request: Request, _ outcome: RowOutcome, _ world: AbstractWorld, _ tier: Tier, _ here: Here
    ) -> [Passage] {
        let state = flow.states[here.state]
        var scope = here
        scope.tier = tier
        let assumption = assumption(outcome, request, here)
        var passages: [Passage] = []
        var code: String?
        switch outcome.answer {
        case .ok: break
        case .error(let given):
            code = given
            // A declined card has many codes; a catch of one of them takes some declines and leaves the others.
            if let word = given, Self.isCardError(word) {
                for (number, caught) in state.catches.enumerated() where isDeclineCode(caught.key) {
                    passages += leave(
                        caught.branches, .caught, number, scope, world, tier: tier, kind: .step, assumption: assumption)
                }
            }
            if let number = catching(given ?? "", state) {
                return passages
                    + leave(
                        state.catches[number].branches, .caught, number, scope, world, tier: tier, kind: .step,
                        assumption: assumption)
            }
        case .refused(let given):
            if let number = catching(given, state) {
                return leave(
                    state.catches[number].branches, .caught, number, scope, world, tier: tier, kind: .step,
                    assumption: assumption)
            }
            noteUnhandledError(given, request, outcome, scope)
            return passages
        }
        guard outcome.status != nil else { return passages }
        let status = world.objects[request.subject].seen
        if code == nil, case .ok = outcome.answer { assert(state.asserts, status: status, scope, world) }
        let key = FlowGraph.Key.status(object: request.call.object, status: status)
        guard let number = state.edges.firstIndex(where: { $0.key == key }) else {
            noteUnhandledStatus(status, of: request.call.object, request, outcome, scope)
            return passages
        }
        return passages
            + leave(
                state.edges[number].branches, .edge, number, scope, world, tier: tier, kind: .step,
                assumption: assumption)
    }

    /// The catch of an error by its code, then by its type.
    private func catching(_ code: String, _ state: FlowGraph.State) -> Int? {
        for key in [code, Self.errorType(code)] where !key.isEmpty {
            if let number = state.catches.firstIndex(where: { $0.key == key }) { return number }
        }
        return nil
    }

    private func isCaught(_ outcome: RowOutcome, _ state: FlowGraph.State) -> Bool {
        if case .refused(let code) = outcome.answer { catching(code, state) != nil } else { false }
    }

    static func errorType(_ code: String) -> String { isCardError(code) ? "card_error" : "invalid_request_error" }

    /// Codes of declines by an issuer; all others are errors of the request.
    static func isCardError(_ code: String) -> Bool {
        ["card_declined", "authentication_required", "authentication_not_handled", "payment_intent_action_required"]
            .contains(code)
    }

    static let ownKeys = ["timeout", "connection", "policy"]
    static let errorTypes = [
        "card_error", "invalid_request_error", "api_error", "idempotency_error", "rate_limit_error",
    ]

    /// Whether a key is none that rows know: a decline code, most likely.
    func isDeclineCode(_ key: String) -> Bool {
        !Self.ownKeys.contains(key) && !Self.errorTypes.contains(key)
            && !oracle.models.contains { $0.codes.contains(key) }
    }
}

extension RowOutcome {
    /// A read: nothing happens.
    static func read(_ status: Int) -> RowOutcome {
        RowOutcome(rows: [], status: status >= 0 ? status : nil, answer: .ok, certain: true, rare: false, steps: [])
    }
}
