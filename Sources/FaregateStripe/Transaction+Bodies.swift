// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

// Bodies: what a new object says, and what it says after a row.
extension Transaction {
    /// Parameters that stand in the object under their own names.
    private static let kept: [String: [String]] = [
        "payment_intent": [
            "amount", "currency", "customer", "description", "capture_method", "confirmation_method", "payment_method",
            "payment_method_types", "receipt_email", "setup_future_usage", "shipping", "statement_descriptor",
            "statement_descriptor_suffix", "transfer_group", "on_behalf_of", "application_fee_amount",
        ],
        "setup_intent": ["customer", "description", "payment_method", "payment_method_types", "usage", "on_behalf_of"],
        "payment_method": ["type", "allow_redisplay"],
        "customer": [
            "description", "email", "name", "phone", "address", "shipping", "balance", "tax_exempt",
            "preferred_locales",
        ],
        "refund": ["reason"],
    ]

    func freshBody(id: String, _ tables: Tables) -> ValueMap {
        var body = tables.bodies[lifecycleName]?.map ?? [:]
        body["id"] = .string(id)
        body["created"] = .int(seconds)
        keepParameters(in: &body)
        switch lifecycleName {
        case "payment_intent", "setup_intent":
            body["client_secret"] = .string("\(id)_secret_\(StableHash("\(world.seed)/\(id)").base62.prefix(24))")
            if let method = object(params["payment_method"]?.string), params["payment_method_types"] == nil {
                body["payment_method_types"] = [method.body["type"] ?? "card"]
            }
        case "payment_method":
            let type = body["type"]?.string ?? "card"
            body[type] = params[type] ?? PaymentMethodDetails.of(type, nil)
        case "refund": fillRefund(&body)
        default: break
        }
        return body
    }

    private func keepParameters(in body: inout ValueMap) {
        for name in Self.kept[lifecycleName] ?? [] {
            if let value = params[name] { body[name] = value == "" ? .null : value }
        }
        guard case .map(let changes)? = params["metadata"] else {
            if params["metadata"] == "" { body["metadata"] = .map([:]) }
            return
        }
        var metadata = body["metadata"]?.map ?? [:]
        for (key, value) in changes {
            metadata[value: key] = value == "" ? nil : .string(value.string ?? JSON.write(value))
        }
        body["metadata"] = .map(metadata)
    }

    private var seconds: Int64 { world.now.milliseconds / 1000 }

    func bornBody(_ lifecycle: String, id: String, parent: World.Object, _ tables: Tables) -> ValueMap {
        var body = tables.bodies[lifecycle]?.map ?? [:]
        body["id"] = .string(id)
        if body["created"] != nil { body["created"] = .int(seconds) }
        body["payment_method"] = parent.body["payment_method"] ?? .null
        if let used = params["payment_method"]?.string, !used.isEmpty { body["payment_method"] = .string(used) }
        switch lifecycle {
        case "charge":
            for name in [
                "amount", "currency", "customer", "description", "metadata", "receipt_email", "statement_descriptor",
                "transfer_group",
            ] {
                body[name] = parent.body[name] ?? .null
            }
            body["payment_intent"] = .string(parent.id)
            if let method = object(body["payment_method"]?.string), let type = method.body["type"]?.string {
                body["payment_method_details"] = ["type": .string(type), type: method.body[type] ?? .map([:])]
                body["billing_details"] = method.body["billing_details"] ?? .null
            }
        case "dispute":
            body["payment_method"] = nil
            for name in ["amount", "currency", "payment_intent"] { body[name] = parent.body[name] ?? .null }
            body["charge"] = .string(parent.id)
        case "mandate":
            if let acceptance = params["mandate_data"]?["customer_acceptance"]?.map {
                body["customer_acceptance"] = .map(
                    ValueMap(dictionaryLiteral: ("accepted_at", .int(seconds))).merging(acceptance))
            }
            let type = object(body["payment_method"]?.string)?.body["type"]?.string ?? "card"
            body["payment_method_details"] = ["type": .string(type), type: mandateDetails(type, id)]
            let single = parent.body["setup_future_usage"] == .null
            body["type"] = single ? "single_use" : "multi_use"
            if single {
                body["multi_use"] = nil
                body["single_use"] = [
                    "amount": parent.body["amount"] ?? 0, "currency": parent.body["currency"] ?? "usd",
                ]
            }
        default: break
        }
        return body
    }

    private func mandateDetails(_ type: String, _ id: String) -> Value {
        let reference = String(StableHash("\(id)/reference").base32.prefix(16)).uppercased()
        switch type {
        case "sepa_debit":
            return ["reference": .string(reference), "url": .string("https://hooks.stripe.com/mandates/\(id)")]
        case "bacs_debit":
            return [
                "network_status": "accepted", "reference": .string(reference), "revocation_reason": .null,
                "url": .string("https://hooks.stripe.com/mandates/\(id)"),
            ]
        case "au_becs_debit": return ["url": .string("https://hooks.stripe.com/mandates/\(id)")]
        case "acss_debit":
            return ["interval_description": .null, "payment_schedule": "sporadic", "transaction_type": "personal"]
        case "paypal": return ["billing_agreement_id": .null, "payer_id": .null]
        default: return .map([:])
        }
    }

    private func fillRefund(_ body: inout ValueMap) {
        let intent = object(params["payment_intent"]?.string, of: "payment_intent")
        guard let charge = object(params["charge"]?.string ?? intent?.body["latest_charge"]?.string, of: "charge")
        else { return }
        let left = (charge.body["amount_captured"]?.int ?? 0) - (charge.body["amount_refunded"]?.int ?? 0)
        body["amount"] = params["amount"] ?? .int(left)
        body["charge"] = .string(charge.id)
        body["payment_intent"] = charge.body["payment_intent"] ?? .null
        body["payment_method"] = charge.body["payment_method"] ?? .null
        body["currency"] = charge.body["currency"] ?? "usd"
        body["customer"] = charge.body["customer"] ?? .null
    }

    // MARK: After a row

    mutating func settle(_ id: String, _ row: Lifecycle.Row, _ tables: Tables) {
        guard let object = object(id) else { return }
        let kind = catalog.graphs[object.lifecycle].lifecycle.name
        if operation == "update" { keepParameters(in: &world.objects[id]!.body) }
        switch kind {
        case "payment_intent", "setup_intent": settleIntent(id, kind, row, tables)
        case "refund": settleRefund(id, row)
        case "customer" where operation == "delete": world.objects[id]?.body["deleted"] = true
        case "payment_method" where operation == "create":
            let needsProof = tables.methods[object.body["type"]?.string ?? ""]?["verifies"] == true
            world.objects[id]?.attributes["verified"] = .bool(!needsProof)
        default: break
        }
    }

    private mutating func settleIntent(_ id: String, _ kind: String, _ row: Lifecycle.Row, _ tables: Tables) {
        guard var object = object(id) else { return }
        let setsMethod = row.sets.contains { $0.key == "payment_method" }
        if !setsMethod, ["confirm", "update"].contains(operation), let method = params["payment_method"], method != "" {
            object.body["payment_method"] = method
        }
        if operation == "confirm", let usage = params["setup_future_usage"] {
            object.body["setup_future_usage"] = usage
        }
        let status = statusName(object)
        if status != "requires_action" {
            object.body["next_action"] = .null
        } else if object.body["next_action"] == .null {
            object.body["next_action"] = nextAction(object, tables)
        }
        if kind == "setup_intent", operation == "confirm" || params["confirm"] == true,
            status != "requires_confirmation"
        {
            object.body["latest_attempt"] = .string("setatt_\(StableHash("\(id)/\(object.entry)").base62.prefix(24))")
        }
        if kind == "payment_intent" { settleAmounts(&object, status, row) }
        world.objects[id] = object
    }

    private mutating func settleAmounts(_ object: inout World.Object, _ status: String, _ row: Lifecycle.Row) {
        let amount = object.body["amount"]?.int ?? 0
        let chargeID = object.body["latest_charge"]?.string
        let asked = params["amount_to_capture"]?.int
        /// What a last capture adds up to, with the captures before it.
        let captured =
            (object.body["amount_received"]?.int ?? 0) + (asked ?? object.body["amount_capturable"]?.int ?? 0)
        switch status {
        case "requires_capture":
            let capturable = object.body["amount_capturable"]?.int ?? 0
            if operation == "capture", let asked {
                object.body["amount_capturable"] = .int(capturable - asked)
                object.body["amount_received"] = .int((object.body["amount_received"]?.int ?? 0) + asked)
            } else if operation == "increment_authorization", let more = params["amount"]?.int {
                object.body["amount"] = .int(more)
                object.body["amount_capturable"] = .int(more)
            } else if capturable == 0 {
                object.body["amount_capturable"] = .int(amount)
            }
        case "processing":
            if operation == "capture" { object.attributes["capturing"] = .int(captured) }
            object.body["amount_capturable"] = 0
        case "succeeded":
            let received = object.attributes["capturing"]?.int ?? (operation == "capture" ? captured : amount)
            object.body["amount_received"] = .int(received)
            object.body["amount_capturable"] = 0
            if let chargeID {
                world.objects[chargeID]?.body["captured"] = true
                world.objects[chargeID]?.body["amount_captured"] = .int(received)
            }
        case "canceled":
            object.body["amount_capturable"] = 0
            object.body["canceled_at"] = .int(seconds)
        default: object.body["amount_capturable"] = 0
        }
    }

    private mutating func settleRefund(_ id: String, _ row: Lifecycle.Row) {
        guard operation == "create", let refund = object(id), let chargeID = refund.body["charge"]?.string,
            let charge = object(chargeID)
        else { return }
        let refunded = (charge.body["amount_refunded"]?.int ?? 0) + (refund.body["amount"]?.int ?? 0)
        world.objects[chargeID]?.body["amount_refunded"] = .int(refunded)
        world.objects[chargeID]?.body["refunded"] = .bool(refunded >= charge.body["amount_captured"]?.int ?? 0)
    }

    /// Fields of an object that another one's row has made or moved.
    mutating func moved(_ id: String, by parent: World.Object) {
        guard let object = object(id) else { return }
        switch (catalog.graphs[object.lifecycle].lifecycle.name, statusName(object)) {
        case ("payment_method", "attached"):
            let customer = parent.body["customer"] ?? .null
            world.objects[id]?.body["customer"] = customer
        case ("charge", "succeeded"):
            world.objects[id]?.body["paid"] = true
            let outcome = outcome("approved_by_network", "authorized", "Payment complete.")
            world.objects[id]?.body["outcome"] = outcome
        case ("charge", "failed"):
            world.objects[id]?.body["paid"] = false
            world.objects[id]?.body["failure_code"] = "card_declined"
            world.objects[id]?.body["failure_message"] = "The payment was declined."
            let outcome = outcome("declined_by_network", "issuer_declined", "The bank gave no further details.")
            world.objects[id]?.body["outcome"] = outcome
        default: break
        }
    }

    private func outcome(_ network: String, _ type: String, _ message: String) -> Value {
        [
            "advice_code": .null, "network_advice_code": .null, "network_decline_code": .null,
            "network_status": .string(network), "reason": .null, "risk_level": "normal",
            "seller_message": .string(message), "type": .string(type),
        ]
    }

    // MARK: What the customer has to do

    private func nextAction(_ object: World.Object, _ tables: Tables) -> Value {
        let method = self.object(object.body["payment_method"]?.string)
        let type = method?.body["type"]?.string ?? "card"
        let returnURL = params["return_url"] ?? .null
        var name = tables.methods[type]?["action"]?.string ?? "redirect_to_url"
        if tables.methods[type]?["confirms"] == "debit" { name = "verify_with_microdeposits" }
        // On the server, with an address to come back to, a card is sent there; without one the client's library does it.
        if tables.methods[type]?["confirms"] == "issuer" {
            name = returnURL == .null ? "use_stripe_sdk" : "redirect_to_url"
        }
        guard let template = tables.nextActions[name] ?? tables.nextActions["redirect_to_url"] else { return .null }
        let digits = String(StableHash(object.id).low % 1_000_000_000)
        let bindings: [String: Value] = [
            "id": .string(object.id), "return_url": returnURL,
            "page": .string("https://hooks.stripe.com/redirect/authenticate/\(object.id)"),
            "amount": object.body["amount"] ?? 0, "currency": object.body["currency"] ?? "usd", "now": .int(seconds),
            "reference": .string(digits),
        ]
        return (try? template.evaluate { bindings[$0] }) ?? .null
    }
}
