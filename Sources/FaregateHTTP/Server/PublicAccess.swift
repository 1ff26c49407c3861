// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateValues

/// What a publishable key may do: make payment methods and tokens, and read and confirm an intent whose client secret it knows.
enum PublicAccess {
    /// Whether a publishable key may make such a call, whatever its parameters.
    static func isOpen(_ method: String, _ path: String) -> Bool {
        let steps = path.split(separator: "/").map(String.init)
        let isIntent = steps.count > 1 && ["payment_intents", "setup_intents"].contains(steps[1])
        switch (method, steps.count) {
        case ("POST", 2): return ["payment_methods", "tokens", "confirmation_tokens"].contains(steps[1])
        case ("GET", 3): return isIntent
        case ("POST", 4): return isIntent && ["confirm", "verify_microdeposits"].contains(steps[3])
        default: return false
        }
    }

    static func check(_ call: inout APICall, _ account: Account) throws(ErrorBody) {
        guard isOpen(call.method, call.path) else {
            throw secretKeyRequired("This API call cannot be made with a publishable API key.")
        }
        let steps = call.path.split(separator: "/").map(String.init)
        guard steps.count > 2 else { return }
        guard let secret = call.params["client_secret"]?.string, !secret.isEmpty else {
            throw ErrorBody(
                400, "A publishable key needs the client_secret of the intent.", code: "parameter_missing",
                param: "client_secret")
        }
        try strip(&call, account)
        if call.method == "POST" { try checkChange(call, of: account.read { $0.world.objects[steps[2]]?.body }) }
    }

    private static func secretKeyRequired(_ why: String) -> ErrorBody {
        ErrorBody(403, "\(why) Use a secret API key.", code: "secret_key_required")
    }

    /// What an intent keeps to the business itself: its attempts, and what its method may be used for later.
    private static func checkChange(_ call: APICall, of intent: ValueMap?) throws(ErrorBody) {
        if call.path.hasSuffix("/confirm"), intent?["confirmation_method"] == "manual" {
            throw secretKeyRequired(
                "An intent with confirmation_method 'manual' cannot be confirmed with a publishable API key.")
        }
        guard let usage = call.params["setup_future_usage"], let present = intent?["setup_future_usage"],
            present != .null, usage != present, usage != "off_session"
        else { return }
        throw ErrorBody(
            400, "With a publishable API key, setup_future_usage can only be raised from on_session to off_session.",
            code: "payment_intent_invalid_parameter", param: "setup_future_usage")
    }

    /// Takes the client secret out of the parameters, and insists that it is right where it is given.
    static func strip(_ call: inout APICall, _ account: Account) throws(ErrorBody) {
        let steps = call.path.split(separator: "/").map(String.init)
        guard steps.count >= 3, ["payment_intents", "setup_intents"].contains(steps[1]),
            let secret = call.params["client_secret"]
        else { return }
        call.params["client_secret"] = nil
        let id = steps[2]
        guard account.read({ $0.world.objects[id]?.body["client_secret"] }) == secret else {
            throw ErrorBody(
                404, "The client_secret does not belong to '\(id)' in this account.", code: "resource_missing",
                param: "client_secret")
        }
    }

    /// Members of an intent that a publishable key does not see: what the business keeps for itself.
    private static let hidden: Set<String> = [
        "application", "application_fee_amount", "customer", "customer_account", "latest_charge", "metadata",
        "on_behalf_of",
        "payment_method_options", "review", "statement_descriptor", "statement_descriptor_suffix", "transfer_data",
        "transfer_group", "amount_received", "amount_capturable", "mandate", "single_use_mandate", "latest_attempt",
    ]

    static func shown(_ body: Value) -> Value {
        guard case .map(var map) = body else { return body }
        if map["object"] == "payment_intent" || map["object"] == "setup_intent" {
            for name in hidden { map[name] = nil }
        }
        if case .map(var error)? = map["error"] {
            for kind in ["payment_intent", "setup_intent"] {
                if let intent = error[kind] { error[kind] = shown(intent) }
            }
            map["error"] = .map(error)
        }
        return .map(map)
    }
}
