// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

// Payment methods: made by a call of their own, by a test token, or in passing by an intent.
extension Transaction {
    /// `POST /v1/payment_methods/pm_card_visa/attach` attaches a new method, not the token.
    mutating func resolved(_ id: String, _ tables: Tables) -> String {
        guard lifecycleName == "payment_method", object(id) == nil, id.hasPrefix("pm_"),
            let row = tables.testTokens.row(id)
        else { return id }
        return addMethod(row["type"]?.string ?? "card", [:], tables, token: id)
    }

    /// Puts the id of a concrete method into the parameters: one of the account's, one of a test token, a new one.
    mutating func takePaymentMethod(_ tables: Tables) throws(Refusal) {
        if let data = params["payment_method_data"]?.map {
            let path = "payment_method_data"
            try checkMethod(data, tables, inside: path)
            params["payment_method"] = .string(addMethod(data["type"]?.string ?? "", data, tables))
        }
        if params["payment_method"] == nil, operation == "confirm" || params["confirm"] == true { takeDefaultMethod() }
        guard let id = params["payment_method"]?.string, !id.isEmpty else {
            if params["payment_method"] == "", operation == "create" { params["payment_method"] = nil }
            return
        }
        if let row = tables.testTokens.row(id) {
            params["payment_method"] = .string(addMethod(row["type"]?.string ?? "card", [:], tables, token: id))
            return
        }
        guard let method = object(id, of: "payment_method") else { throw invalid("payment_method", "resource_missing") }
        let owner = method.body["customer"]?.string
        let customer = params["customer"]?.string ?? object(subject)?.body["customer"]?.string
        guard let owner, owner != customer else { return }
        var complaint = Complaint(code: "", param: "payment_method", http: 400, operation: operation)
        complaint.object = operation == "create" ? nil : subject
        var refusal = provider.refusal(self, complaint)
        refusal.isKept = false
        refusal.error["message"] = .string(
            "The PaymentMethod \(id) belongs to \(owner), and not to \(customer ?? "no customer").")
        throw refusal
    }

    /// A payment without a method of its own takes the customer's default. A setup does not.
    private mutating func takeDefaultMethod() {
        let intent = object(subject, of: "payment_intent")
        guard lifecycleName == "payment_intent", intent?.body["payment_method"] ?? .null == .null,
            let customer = object((params["customer"] ?? intent?.body["customer"])?.string, of: "customer"),
            let method = customer.body["invoice_settings"]?["default_payment_method"]?.string
        else { return }
        params["payment_method"] = .string(method)
    }

    /// What the API refuses to make a method of.
    func checkMethod(_ data: ValueMap, _ tables: Tables, inside path: String? = nil) throws(Refusal) {
        func named(_ name: String) -> String { path.map { "\($0)[\(name)]" } ?? name }
        guard let type = data["type"]?.string else { throw invalid(named("type"), "parameter_missing") }
        guard tables.methods[type] != nil else {
            throw .invalid("Invalid \(named("type")): '\(type)' is no type of payment method.", param: named("type"))
        }
        guard let own = data[type]?.map else { return }
        if own["number"] != nil {
            throw .invalid(
                "Sending credit card numbers directly to the API is generally unsafe. Use test tokens, such as pm_card_visa.",
                http: 402)
        }
        if let token = own["token"]?.string, tables.testTokens.row(token) == nil {
            throw .invalid(
                "No such token: '\(token)'", code: "resource_missing", param: "\(named(type))[token]")
        }
        if let code = tables.testTokens.refusal(type, own) {
            throw .invalid("This bank account cannot be debited.", code: code, param: "\(named(type))[iban]")
        }
    }

    private mutating func addMethod(
        _ type: String, _ data: ValueMap, _ tables: Tables, token: String? = nil
    ) -> String {
        let id = newID("payment_method")
        var given = data
        given["type"] = .string(type)
        var body = tables.bodies["payment_method"]?.map ?? [:]
        body["id"] = .string(id)
        body["created"] = .int(seconds)
        fillMethod(&body, id, given, tables, token: token)
        add(id, lifecycle: "payment_method", status: "unattached", body: body)
        markMethod(id, given, tables, token: token)
        return id
    }

    func fillMethod(
        _ body: inout ValueMap, _ id: String, _ data: ValueMap, _ tables: Tables, token: String? = nil
    ) {
        let type = data["type"]?.string ?? "card"
        let own = data[type]?.map ?? [:]
        let row = tables.testTokens.row(token ?? own["token"]?.string ?? "")
        body["type"] = .string(type)
        if let value = data["allow_redisplay"] { body["allow_redisplay"] = value }
        if let details = data["billing_details"]?.map { body["billing_details"] = Self.billing(details, over: body) }
        if let metadata = data["metadata"]?.map { body["metadata"] = .map(metadata) }
        if type == "card" {
            var card = MethodDetails.card(row)
            for name in ["exp_month", "exp_year"] { if let value = own[name] { card[name] = value } }
            body[type] = .map(card)
        } else {
            let account = MethodDetails.account(row?["account"]?.map ?? own)
            body[type] = .map(tables.details.of("payment_method", type, id: id, known: account))
        }
    }

    static func billing(_ given: ValueMap, over body: ValueMap) -> Value {
        var details = body["billing_details"]?.map ?? [:]
        for (key, value) in given {
            if key == "address" {
                details["address"] = .map(
                    value == "" ? fullAddress : (details["address"]?.map ?? [:]).merging(value.map ?? [:]))
            } else {
                details[value: key] = value == "" ? .null : value
            }
        }
        return .map(details)
    }

    /// Remembers what the API does not show: the token behind a method, and whether its account is verified.
    mutating func markMethod(_ id: String, _ data: ValueMap, _ tables: Tables, token: String? = nil) {
        let type = data["type"]?.string ?? "card"
        let own = data[type]?.map ?? [:]
        let key =
            token ?? own["token"]?.string ?? tables.testTokens.account(type, own)
            ?? data["billing_details"]?["phone"]?.string.flatMap { tables.testTokens.phone($0) }
        let row = token.flatMap { tables.testTokens.row($0) }
        let needsProof = tables.methods[type]?["verifies"] == true
        world.objects[id]?.attributes["verified"] = .bool(!needsProof || row?["verified"] == true)
        if let key { world.objects[id]?.attributes["token"] = .string(key) }
    }
}
