// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

// Amounts that literals decide: what is held can be captured, what is captured can be given back, and no more.
//
// Which rows apply hangs on them; how they come about is no row's business. What is not certain is unknown.
extension Explorer {
    func settle(
        _ number: Int, from before: Int, by operation: String?, _ params: ValueMap, _ outcome: RowOutcome,
        _ world: inout AbstractWorld
    ) {
        let model = oracle.models[world.objects[number].lifecycle]
        guard let reference = model.lifecycle.reference(named: "charge") else { return }
        let charge = oracle.resolve(reference, of: number, params, in: world)
        let status = world.objects[number].status
        if model.fields.contains("amount_capturable") {
            settlePayment(number, charge, from: before, to: status, by: operation, outcome, &world)
        } else if charge >= 0 {
            settleRefund(charge, by: operation, params, hasEnded: model.ended.contains(status), &world)
        }
    }

    private func settlePayment(
        _ number: Int, _ charge: Int, from before: Int, to status: Int, by operation: String?, _ outcome: RowOutcome,
        _ world: inout AbstractWorld
    ) {
        let model = oracle.models[world.objects[number].lifecycle]
        let amount = data("amount", of: number, world)
        if model.holding.contains(status) {
            if ["capture", "increment_authorization"].contains(operation) {
                note("amount_capturable", nil, on: number, &world)
                if operation == "capture" { note("captured", nil, on: charge, &world) }
            } else if before != status || operation == "create" {
                note("amount_capturable", amount, on: number, &world)
                note("captured", false, on: charge, &world)
            }
        } else if model.ended.contains(status), model.lifecycle.statuses[status].name == "succeeded" {
            note("captured", true, on: charge, &world)
            // Made and captured in one go, it is the whole amount.
            let isWhole = outcome.steps.contains { if case .create("charge", _, .yes) = $0 { true } else { false } }
            note("amount_captured", isWhole ? amount : nil, on: charge, &world)
            note("amount_refunded", 0, on: charge, &world)
        }
    }

    private func settleRefund(
        _ charge: Int, by operation: String?, _ params: ValueMap, hasEnded: Bool, _ world: inout AbstractWorld
    ) {
        if hasEnded { return note("amount_refunded", nil, on: charge, &world) }
        guard operation == "create" else { return }
        var refunded: Value?
        if case .int(let captured)? = data("amount_captured", of: charge, world),
            case .int(let before)? = data("amount_refunded", of: charge, world)
        {
            switch params["amount"] {
            // Many small ones would make situations without end.
            case .int(let amount)? where amount >= captured / 8 && amount <= captured: refunded = .int(before + amount)
            case nil: refunded = .int(captured)
            default: break
            }
        }
        note("amount_refunded", refunded, on: charge, &world)
    }

    private func data(_ field: String, of number: Int, _ world: AbstractWorld) -> Value? {
        guard case .int(let amount)? = oracle.data[world.objects[number].data][field] else { return nil }
        return .int(amount)
    }

    /// - Parameter value: nil where nobody can tell.
    private func note(_ field: String, _ value: Value?, on number: Int, _ world: inout AbstractWorld) {
        guard number >= 0, oracle.models[world.objects[number].lifecycle].fields.contains(field) else { return }
        var fields = oracle.data[world.objects[number].data]
        if value == nil, fields[field] == nil { return }
        fields[field] = value ?? .unknown(field)
        world.objects[number].data = oracle.data.intern(fields)
    }
}
