// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Gives parameters of the wire, which are all texts, the types that the API gives them.
///
/// A text that does not fit stays a text, for the simulator to refuse.
enum ParameterTypes {
    private static let integers: Set<String> = [
        "accepted_at", "amount", "amount_to_capture", "amounts", "application_fee_amount", "balance", "created",
        "exp_month",
        "exp_year", "expires_after_days", "expires_after_seconds", "expires_at", "gt", "gte", "limit", "lt", "lte",
        "quantity",
        "tax_amount", "unit_amount", "unit_cost", "discount_amount", "discount_amount_units",
    ]
    private static let booleans: Set<String> = [
        "accepted", "attach_to_self", "confirm", "delivery_success", "disabled", "enabled", "error_on_requires_action",
        "final_capture", "infer_from_client", "moto", "off_session", "refund_application_fee", "reverse_transfer",
        "submit",
        "use_stripe_sdk",
    ]

    static func typed(_ params: ValueMap) -> ValueMap {
        var typed = ValueMap()
        for (key, value) in params {
            let name = key.string ?? ""
            typed[value: key] = name == "metadata" ? value : self.typed(value, name)
        }
        return typed
    }

    private static func typed(_ value: Value, _ name: String) -> Value {
        switch value {
        case .map(let map): .map(typed(map))
        case .list(let items): .list(items.map { typed($0, name) })
        case .string(let text) where integers.contains(name): integer(text).map { .int($0) } ?? value
        case .string("true") where booleans.contains(name): true
        case .string("false") where booleans.contains(name): false
        default: value
        }
    }

    private static func integer(_ text: String) -> Int64? {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }
}
