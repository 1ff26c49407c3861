// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

// Fields that follow from rows: amounts, times, the next action, what a failure leaves behind.
extension Transaction {
    mutating func settle(_ id: String, _ row: Lifecycle.Row, _ tables: Tables) {
        guard let object = object(id) else { return }
        let kind = catalog.name(of: object)
        let isOwn = kind == lifecycleName
        if isOwn, operation == "update" { keepParameters(in: &world.objects[id]!.body, tables) }
        switch kind {
        case "payment_intent", "setup_intent": settleIntent(id, kind, row, tables)
        case "refund": settleRefund(id, row, tables)
        case "customer" where operation == "delete": world.objects[id]?.body["deleted"] = true
        case "payment_method" where operation == "create": markMethod(id, params, tables)
        case "payment_method" where operation == "update": updateMethod(id)
        case "dispute" where isOwn: settleDispute(id)
        default: break
        }
    }

    private mutating func updateMethod(_ id: String) {
        guard var body = object(id)?.body, let type = body["type"]?.string else { return }
        if let details = params["billing_details"]?.map { body["billing_details"] = Self.billing(details, over: body) }
        if let changes = params[type]?.map, var own = body[type]?.map {
            for (key, value) in changes where own[value: key] != nil && key != "networks" { own[value: key] = value }
            if let preferred = changes["networks"]?["preferred"], var networks = own["networks"]?.map {
                networks["preferred"] = preferred == "" ? .null : preferred
                own["networks"] = .map(networks)
            }
            body[type] = .map(own)
        }
        world.objects[id]?.body = body
    }

    private mutating func settleDispute(_ id: String) {
        guard var body = object(id)?.body else { return }
        if let given = params["evidence"]?.map, var evidence = body["evidence"]?.map {
            for (key, value) in given { evidence[value: key] = value == "" ? .null : value }
            body["evidence"] = .map(evidence)
        }
        if operation == "update", var details = body["evidence_details"]?.map {
            details["has_evidence"] = .bool(
                details["has_evidence"] == true || params["evidence"]?.map?.isEmpty == false)
            if params["submit"] != false {
                details["submission_count"] = .int((details["submission_count"]?.int ?? 0) + 1)
            }
            body["evidence_details"] = .map(details)
        }
        world.objects[id]?.body = body
    }

    private mutating func settleIntent(_ id: String, _ kind: String, _ row: Lifecycle.Row, _ tables: Tables) {
        guard var object = object(id) else { return }
        let setsMethod = row.sets.contains { $0.key == "payment_method" }
        if !setsMethod, ["confirm", "update"].contains(operation), let method = params["payment_method"], method != "" {
            object.body["payment_method"] = method
        }
        if ["confirm", "capture", "increment_authorization"].contains(operation) {
            keepParameters(in: &object.body, tables, except: ["amount", "payment_method"])
        }
        let status = statusName(object)
        if status != "requires_action" {
            object.body["next_action"] = .null
        } else if object.body["next_action"] == .null || row.sets.contains(where: { $0.key == "funded" }) {
            object.body["next_action"] = nextAction(object, tables)
        }
        if kind == "setup_intent", operation == "confirm" || params["confirm"] == true,
            status != "requires_confirmation"
        {
            object.body["latest_attempt"] = .string("setatt_\(StableHash("\(id)/\(object.entry)").base62.prefix(24))")
        }
        if kind == "payment_intent", row.creates.contains(where: { $0.reference == "charge" }) {
            tellCharge(of: object)
        }
        if kind == "payment_intent" { settleAmounts(&object, status, row) }
        if status == "canceled", kind == "payment_intent" { object.body["canceled_at"] = .int(seconds) }
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

    /// A refund is in the charge's books from its beginning; one that fails or is canceled leaves them again.
    private mutating func settleRefund(_ id: String, _ row: Lifecycle.Row, _ tables: Tables) {
        guard let refund = object(id), let chargeID = refund.body["charge"]?.string, let charge = object(chargeID)
        else { return }
        let asks = statusName(refund) == "requires_action"
        let action = asks ? refundAction(refund, charge) : tables.bodies["refund"]?["next_action"]
        world.objects[id]?.body["next_action"] = action
        let amount = refund.body["amount"]?.int ?? 0
        let change: Int64
        switch (row.from.isEmpty, statusName(refund)) {
        case (true, _): change = amount
        case (false, "failed"):
            change = -amount
            let isCard = charge.body["payment_method_details"]?["type"] == "card"
            world.objects[id]?.body["failure_reason"] = isCard ? "expired_or_canceled_card" : "unknown"
        case (false, "canceled"): change = -amount
        default: return
        }
        let refunded = (charge.body["amount_refunded"]?.int ?? 0) + change
        world.objects[chargeID]?.body["amount_refunded"] = .int(refunded)
        world.objects[chargeID]?.body["refunded"] = .bool(refunded >= charge.body["amount_captured"]?.int ?? 0)
    }

    /// The customer is asked by mail where to send the money, and has 45 days to say so.
    private func refundAction(_ refund: World.Object, _ charge: World.Object) -> Value {
        let address = refund.body["instructions_email"] ?? charge.body["billing_details"]?["email"] ?? .null
        return [
            "type": "display_details",
            "display_details": [
                "email_sent": [
                    "email_sent_at": .int(seconds), "email_sent_to": address == .null ? "jenny@example.com" : address,
                ],
                "expires_at": .int(seconds + 45 * 86400),
            ],
        ]
    }

    /// A debit says which mandate it was made under.
    private mutating func tellCharge(of intent: World.Object) {
        guard let mandate = intent.attributes["mandate"] ?? intent.body["mandate"],
            let id = intent.body["latest_charge"]?.string,
            var details = object(id)?.body["payment_method_details"]?.map,
            let type = details["type"]?.string, case .map(var own)? = details[type],
            own["mandate"] != nil || type == "us_bank_account"
        else { return }
        own["mandate"] = mandate
        details[type] = .map(own)
        world.objects[id]?.body["payment_method_details"] = .map(details)
    }

    /// Fields of an object that another one's row has made or moved.
    mutating func moved(_ id: String, by parent: World.Object) {
        guard let object = object(id) else { return }
        switch (catalog.name(of: object), statusName(object)) {
        case ("payment_method", "attached"):
            world.objects[id]?.body["customer"] = parent.body["customer"] ?? .null
            if catalog.name(of: parent) == "setup_intent" { world.objects[id]?.attributes["set_up"] = true }
        case ("charge", "succeeded"):
            world.objects[id]?.body["paid"] = true
            world.objects[id]?.body["outcome"] = Self.outcome("approved_by_network", "authorized", "Payment complete.")
        case ("charge", "pending"):
            world.objects[id]?.body["outcome"] = Self.outcome("approved_by_network", "authorized", "Payment complete.")
        case ("charge", "failed"): world.objects[id]?.body["paid"] = false
        default: break
        }
    }

    /// What an attempt's error leaves in the charge of the attempt.
    mutating func failed(_ id: String, _ complaint: Complaint, _ error: ValueMap, _ tables: Tables) {
        guard let chargeID = object(id)?.body["latest_charge"]?.string, let charge = object(chargeID),
            statusName(charge) == "failed", charge.body["failure_code"] == .null
        else { return }
        let reason = tables.declines.bankReason(of: charge, complaint.argument)
        let decline = error["decline_code"] ?? .null
        let isBlocked = decline == "fraudulent" && complaint.argument == nil
        world.objects[chargeID]?.body["failure_code"] = reason?["failure_code"] ?? error["code"] ?? .null
        world.objects[chargeID]?.body["failure_message"] = error["message"] ?? .null
        var outcome = Self.outcome(
            isBlocked ? "not_sent_to_network" : "declined_by_network", isBlocked ? "blocked" : "issuer_declined",
            "The bank returned the decline code.")
        if case .map(var map) = outcome {
            map["reason"] = decline
            map["advice_code"] = error["advice_code"] ?? .null
            outcome = .map(map)
        }
        world.objects[chargeID]?.body["outcome"] = outcome
    }

    private static func outcome(_ network: String, _ type: String, _ message: String) -> Value {
        [
            "advice_code": .null, "network_advice_code": .null, "network_decline_code": .null,
            "network_status": .string(network), "reason": .null, "risk_level": "normal",
            "seller_message": .string(message), "type": .string(type),
        ]
    }
}
