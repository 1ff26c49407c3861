// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire

// Bodies: what a new object says.
extension Transaction {
    var seconds: Int64 { world.now.milliseconds / 1000 }

    func freshBody(id: String, _ tables: Tables) -> ValueMap {
        var body = tables.bodies[lifecycleName]?.map ?? [:]
        body["id"] = .string(id)
        body["created"] = .int(seconds)
        keepParameters(in: &body, tables)
        switch lifecycleName {
        case "payment_intent", "setup_intent":
            if params["capture_method"] == nil, Versions.capturesAtOnce(request?.version ?? world.accountVersion) {
                body["capture_method"] = body["capture_method"].map { _ in "automatic" }
            }
            body["client_secret"] = .string("\(id)_secret_\(StableHash("\(world.seed)/\(id)").base62.prefix(24))")
            fillTypes(&body)
        case "payment_method": fillMethod(&body, id, params, tables)
        case "customer":
            body["invoice_prefix"] = .string(String(MethodDetails.code(id).prefix(8)).uppercased())
        case "refund": fillRefund(&body)
        default: break
        }
        return body
    }

    /// The types that an intent takes: those that it names, the method's, or the account's.
    private func fillTypes(_ body: inout ValueMap) {
        if params["payment_method_types"] != nil { return }
        let method = object(params["payment_method"]?.string)
        body["payment_method_types"] = [method?.body["type"] ?? "card"]
        if body["automatic_payment_methods"] == .null, request.map({ $0.version >= "2023-08-16" }) ?? false {
            body["automatic_payment_methods"] = ["allow_redirects": "always", "enabled": true]
        }
    }

    /// Parameters that stand in the object, under their own names.
    func keepParameters(in body: inout ValueMap, _ tables: Tables, except: Set<String> = []) {
        for name in tables.kept[lifecycleName] ?? [] where !except.contains(name) {
            guard let value = params[name] else { continue }
            body[name] = value == "" ? Self.unset(name, lifecycleName, tables) : Self.completed(name, value)
        }
        if let settings = params["invoice_settings"]?.map, var own = body["invoice_settings"]?.map {
            for (key, value) in settings { own[value: key] = value == "" ? .null : value }
            body["invoice_settings"] = .map(own)
        }
        keepMetadata(in: &body)
        if let options = params["payment_method_options"]?.map, case .map(var own)? = body["payment_method_options"] {
            for (type, given) in options {
                let known = (own[value: type]?.map ?? [:]).merging(given.map ?? [:])
                var shown = tables.details.of(lifecycleName, type.string ?? "", id: "", known: known)
                for (name, value) in known { shown[value: name] = value }
                own[value: type] = .map(shown)
            }
            body["payment_method_options"] = .map(own)
        }
    }

    private static func unset(_ name: String, _ kind: String, _ tables: Tables) -> Value {
        tables.bodies[kind]?[name] ?? .null
    }

    private static func completed(_ name: String, _ value: Value) -> Value {
        switch (name, value) {
        case ("currency", .string(let text)): return .string(text.lowercased())
        case ("address", .map(let map)): return .map(fullAddress.merging(map))
        case ("shipping", .map(var map)):
            map["address"] = .map(fullAddress.merging(map["address"]?.map ?? [:]))
            for field in ["carrier", "name", "phone", "tracking_number"] where map[field] == nil { map[field] = .null }
            return .map(map)
        case ("automatic_payment_methods", .map(var map)):
            if map["allow_redirects"] == nil { map["allow_redirects"] = "always" }
            return .map(map)
        default: return value
        }
    }

    static let fullAddress: ValueMap = [
        "city": .null, "country": .null, "line1": .null, "line2": .null, "postal_code": .null, "state": .null,
    ]

    private func keepMetadata(in body: inout ValueMap) {
        guard let changes = params["metadata"] else { return }
        var metadata = changes == "" ? [:] : body["metadata"]?.map ?? [:]
        for (key, value) in changes.map ?? [:] { metadata[value: key] = value == "" ? nil : value }
        body["metadata"] = .map(metadata)
    }

    // MARK: Made by rows of other objects

    func bornBody(_ lifecycle: String, id: String, parent: World.Object, _ tables: Tables) -> ValueMap {
        var body = tables.bodies[lifecycle]?.map ?? [:]
        body["id"] = .string(id)
        if body["created"] != nil { body["created"] = .int(seconds) }
        switch lifecycle {
        case "charge": fillCharge(&body, id, parent, tables)
        case "dispute":
            for name in ["amount", "currency", "payment_intent"] { body[name] = parent.body[name] ?? .null }
            body["charge"] = .string(parent.id)
        case "mandate": fillMandate(&body, id, parent, tables)
        default: break
        }
        return body
    }

    private func methodInUse(_ parent: World.Object) -> World.Object? {
        let used = params["payment_method"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        return object(used ?? parent.body["payment_method"]?.string)
    }

    private func fillCharge(_ body: inout ValueMap, _ id: String, _ parent: World.Object, _ tables: Tables) {
        for name in [
            "amount", "currency", "customer", "description", "metadata", "receipt_email", "shipping",
            "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
        ] {
            body[name] = parent.body[name] ?? .null
        }
        body["payment_intent"] = .string(parent.id)
        guard let method = methodInUse(parent), let type = method.body["type"]?.string else { return }
        body["payment_method"] = .string(method.id)
        body["billing_details"] = method.body["billing_details"] ?? .null
        let own = method.body[type]?.map
        let lapses = (parent.body["capture_method"] == "manual") ? Value.int(seconds + 7 * 86400) : .null
        var details = tables.details.of(
            "charge", type, id: id, known: own,
            [
                "amount": parent.body["amount"] ?? 0, "brand": own?["brand"] ?? "visa", "capture_before": lapses,
            ])
        if details["capture_before"] == .null { details["capture_before"] = nil }
        body["payment_method_details"] = ["type": .string(type), type: .map(details)]
    }

    private func fillMandate(_ body: inout ValueMap, _ id: String, _ parent: World.Object, _ tables: Tables) {
        if let acceptance = params["mandate_data"]?["customer_acceptance"]?.map {
            body["customer_acceptance"] = .map(acceptanceShown(acceptance))
        }
        let method = methodInUse(parent)
        let type = method?.body["type"]?.string ?? "card"
        if let method { body["payment_method"] = .string(method.id) }
        let details = tables.details.of(
            "mandate", type, id: id, known: nil, ["url": .string("\(world.pages)/mandates/\(id)")])
        body["payment_method_details"] = ["type": .string(type), type: .map(details)]
        guard parent.body["setup_future_usage"] == .null else { return }
        body["type"] = "single_use"
        body["multi_use"] = nil
        body["single_use"] = ["amount": parent.body["amount"] ?? 0, "currency": parent.body["currency"] ?? "usd"]
    }

    private func acceptanceShown(_ given: ValueMap) -> ValueMap {
        let base: ValueMap = ["accepted_at": .int(seconds)]
        var shown = base.merging(given)
        if case .map(var online)? = shown["online"] {
            online["infer_from_client"] = nil
            for name in ["ip_address", "user_agent"] where online[name] == nil { online[name] = .null }
            shown["online"] = .map(online)
        } else if shown["type"] == "offline" {
            shown["offline"] = .map([:])
        }
        return shown
    }

    private func fillRefund(_ body: inout ValueMap) {
        let intent = object(params["payment_intent"]?.string, of: "payment_intent")
        guard let charge = object(params["charge"]?.string ?? intent?.body["latest_charge"]?.string, of: "charge")
        else { return }
        let left = (charge.body["amount_captured"]?.int ?? 0) - (charge.body["amount_refunded"]?.int ?? 0)
        body["amount"] = params["amount"] ?? .int(left)
        body["charge"] = .string(charge.id)
        for name in ["payment_intent", "payment_method", "currency", "customer"] {
            body[name] = charge.body[name] ?? .null
        }
    }
}
