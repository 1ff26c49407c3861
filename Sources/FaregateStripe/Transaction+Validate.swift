// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

// Parameters: what must be there, and the objects that are made of them in passing.
extension Transaction {
    mutating func validate(_ tables: Tables) throws(Refusal) {
        switch (lifecycleName, operation) {
        case ("payment_intent", "create"):
            try need("amount", "currency")
            try checkAmount("amount")
            try checkCustomer()
            try checkTypes(tables)
            try checkAcceptance()
            try takePaymentMethod(tables)
            try checkReturnURL()
        case ("setup_intent", "create"):
            try checkCustomer()
            try checkTypes(tables)
            try checkAcceptance()
            try takePaymentMethod(tables)
        case ("payment_intent", "update"), ("setup_intent", "update"):
            if params["amount"] != nil { try checkAmount("amount") }
            try checkCustomer()
            try takePaymentMethod(tables)
        case ("payment_intent", "confirm"), ("setup_intent", "confirm"):
            try checkAcceptance()
            try takePaymentMethod(tables)
            try checkReturnURL()
        case ("payment_intent", "capture"):
            if params["amount_to_capture"] != nil { try checkAmount("amount_to_capture") }
        case ("payment_method", "create"):
            try need("type")
            guard catalog.methods[params["type"]?.string ?? ""] != nil else {
                throw invalid("type", "parameter_unknown")
            }
        case ("payment_method", "attach"):
            try need("customer")
            try checkCustomer()
        default: break
        }
    }

    /// `POST /v1/payment_methods/pm_card_visa/attach` attaches a new method, not the token.
    mutating func resolved(_ id: String, _ tables: Tables) -> String {
        guard lifecycleName == "payment_method", object(id) == nil, id.hasPrefix("pm_"),
            let row = tables.testTokens.row(id)
        else { return id }
        return makePaymentMethod(type: row["type"]?.string ?? "card", [:], tables, token: row)
    }

    private func need(_ names: String...) throws(Refusal) {
        for name in names where params[name] == nil || params[name] == .null || params[name] == "" {
            throw invalid(name, "parameter_missing")
        }
    }

    func invalid(_ param: String, _ code: String) -> Refusal {
        var refusal = provider.refusal(self, Complaint(code: code, param: param, http: 400, operation: operation))
        refusal.isKept = false
        return refusal
    }

    private func checkAmount(_ name: String) throws(Refusal) {
        guard case .int(let amount)? = params[name], amount > 0 else {
            throw invalid(name, "parameter_invalid_integer")
        }
        if amount > 99_999_999 { throw invalid(name, "amount_too_large") }
    }

    private func checkCustomer() throws(Refusal) {
        guard let id = params["customer"]?.string, !id.isEmpty else { return }
        guard let customer = object(id, of: "customer"), statusName(customer) == "active" else {
            throw invalid("customer", "resource_missing")
        }
    }

    /// An acceptance online says where from, or leaves it to the client that confirms.
    private func checkAcceptance() throws(Refusal) {
        guard let acceptance = params["mandate_data"]?["customer_acceptance"], acceptance["type"] == "online" else {
            return
        }
        let path = "mandate_data[customer_acceptance][online]"
        guard let online = acceptance["online"] else { throw invalid(path, "parameter_missing") }
        if online["infer_from_client"] == true { return }
        for name in ["ip_address", "user_agent"] where online[name] == nil {
            throw invalid("\(path)[\(name)]", "parameter_missing")
        }
    }

    private func checkTypes(_ tables: Tables) throws(Refusal) {
        guard let types = params["payment_method_types"] else { return }
        for type in types.list ?? [types] {
            guard let name = type.string, tables.methods[name] != nil else {
                throw invalid("payment_method_types", "")
            }
        }
    }

    /// Puts the id of a concrete method into the parameters: one of the account's, one of a test token, a new one.
    private mutating func takePaymentMethod(_ tables: Tables) throws(Refusal) {
        if let data = params["payment_method_data"]?.map {
            guard let type = data["type"]?.string, tables.methods[type] != nil else {
                throw invalid("payment_method_data[type]", "parameter_missing")
            }
            params["payment_method"] = .string(makePaymentMethod(type: type, data, tables))
        }
        guard let id = params["payment_method"]?.string, !id.isEmpty else {
            if params["payment_method"] == "", operation == "create" { params["payment_method"] = nil }
            return
        }
        if let row = tables.testTokens.row(id) {
            params["payment_method"] = .string(
                makePaymentMethod(type: row["type"]?.string ?? "card", [:], tables, token: row))
            return
        }
        guard let method = object(id, of: "payment_method") else { throw invalid("payment_method", "resource_missing") }
        let owner = method.body["customer"]?.string
        let customer = params["customer"]?.string ?? object(subject)?.body["customer"]?.string
        if let owner, owner != customer { throw invalid("payment_method", "") }
    }

    private mutating func makePaymentMethod(
        type: String, _ data: ValueMap, _ tables: Tables, token: Value? = nil
    ) -> String {
        let id = newID("payment_method")
        var body = tables.bodies["payment_method"]?.map ?? [:]
        body["id"] = .string(id)
        body["created"] = .int(world.now.milliseconds / 1000)
        body["type"] = .string(type)
        body[type] = data[type] ?? PaymentMethodDetails.of(type, token)
        if let details = data["billing_details"]?.map, let base = body["billing_details"]?.map {
            body["billing_details"] = .map(base.merging(details))
        }
        add(id, lifecycle: "payment_method", status: "unattached", body: body)
        let needsProof = tables.methods[type]?["verifies"] == true
        world.objects[id]?.attributes["verified"] = .bool(!needsProof || token?["verified"] == true)
        if let token { world.objects[id]?.attributes["token"] = token["token"] ?? .null }
        return id
    }

    /// A redirect needs somewhere to come back to.
    private func checkReturnURL() throws(Refusal) {
        let confirms = operation == "confirm" || params["confirm"] == true
        guard confirms, params["return_url"] == nil, params["off_session"] != true,
            let method = object(params["payment_method"]?.string ?? object(subject)?.body["payment_method"]?.string),
            let type = method.body["type"]?.string, catalog.methods[type]?["return_url_required"] == true
        else { return }
        throw invalid("return_url", "")
    }
}

/// What a PaymentMethod says under its own type's name.
enum PaymentMethodDetails {
    static func of(_ type: String, _ token: Value?) -> Value {
        guard type == "card" else { return token?["account"]?.map.map { .map($0) } ?? .map([:]) }
        let card = token?["card"]
        return [
            "brand": card?["brand"] ?? "visa",
            "checks": ["address_line1_check": .null, "address_postal_code_check": .null, "cvc_check": .null],
            "country": "US", "display_brand": card?["brand"] ?? "visa", "exp_month": 12, "exp_year": 2034,
            "fingerprint": .string(String(StableHash(token?["token"]?.string ?? "card").base62.prefix(16))),
            "funding": card?["funding"] ?? "credit", "generated_from": .null, "last4": card?["last4"] ?? "4242",
            "networks": ["available": [card?["brand"] ?? "visa"], "preferred": .null],
            "regulated_status": "unregulated",
            "three_d_secure_usage": ["supported": true], "wallet": .null,
        ]
    }
}
