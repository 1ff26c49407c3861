// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
import FaregateValues

/// What objects say under the name of a payment method's type.
struct MethodDetails: Sendable {
    /// By kind of object, by type.
    private var templates: [String: [String: Template]] = [:]

    init(_ table: YAMLNode?, _ source: SourceText) {
        var reader = TreeReader(source: source)
        for kind in ["payment_method", "charge", "mandate", "payment_intent", "setup_intent"] {
            guard let node = table?[kind], case .mapping(let entries) = node.kind else { continue }
            for entry in entries {
                if let type = entry.key.text { templates[kind, default: [:]][type] = reader.template(entry.value) }
            }
        }
    }

    /// The members of a row, with those of `known` in place of their values.
    func of(_ kind: String, _ type: String, id: String, known: ValueMap?, _ bindings: ValueMap = [:]) -> ValueMap {
        guard let template = templates[kind]?[type] else { return [:] }
        let value = try? template.evaluate { name in
            switch name {
            case "id": .string(id)
            case "reference": .string(Self.digits(id))
            case "code": .string(Self.code(id))
            default: bindings[name] ?? .null
            }
        }
        guard case .map(var details)? = value, let known else { return value?.map ?? [:] }
        for name in details.names { if let value = known[name] { details[name] = value } }
        return details
    }

    /// What an account shows of itself: never its number.
    static func account(_ given: ValueMap) -> ValueMap {
        var shown = given
        if let iban = given["iban"]?.string {
            shown["last4"] = .string(String(iban.suffix(4)))
            shown["country"] = .string(String(iban.prefix(2)))
            if iban.hasPrefix("DE") { shown["bank_code"] = .string(String(iban.dropFirst(4).prefix(8))) }
            shown["fingerprint"] = .string(code(iban))
        } else if let number = given["account_number"]?.string {
            shown["last4"] = .string(String(number.suffix(4)))
            shown["fingerprint"] = .string(code(number))
        }
        return shown
    }

    static func digits(_ id: String) -> String { String(StableHash(id).low % 1_000_000_000) }

    static func code(_ id: String) -> String { String(StableHash("\(id)/code").base62.prefix(16)) }

    /// A card of a test token.
    static func card(_ token: Value?) -> ValueMap {
        let card = token?["card"]
        let brand = card?["brand"] ?? "visa"
        let checks: ValueMap = ["address_line1_check": .null, "address_postal_code_check": .null, "cvc_check": .null]
        return [
            "brand": brand, "checks": .map(checks.merging(token?["checks"]?.map ?? [:])), "country": "US",
            "display_brand": brand, "exp_month": 12, "exp_year": 2034,
            "fingerprint": .string(code(token?["token"]?.string ?? "card")), "funding": card?["funding"] ?? "credit",
            "generated_from": .null, "last4": card?["last4"]?.string.map { .string($0) } ?? "4242",
            "networks": ["available": [brand], "preferred": .null], "regulated_status": "unregulated",
            "three_d_secure_usage": ["supported": true], "wallet": .null,
        ]
    }
}
