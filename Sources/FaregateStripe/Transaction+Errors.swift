// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire

// Errors in the API's words.
extension Transaction {
    func refusal(_ complaint: Complaint, _ tables: Tables) -> Refusal {
        var error = ValueMap()
        var status = 400
        var type = "invalid_request_error"
        var code = complaint.code
        switch complaint.code {
        case "card_declined":
            let declineCode = complaint.argument ?? "generic_decline"
            let row = tables.declines.issuer(declineCode)
            status = 402
            type = "card_error"
            code = row?["code"]?.string ?? "card_declined"
            error["decline_code"] = .string(declineCode)
            if let param = row?["param"]?.string { error["param"] = .string(param) }
            if let advice = row?["advice_code"]?.string { error["advice_code"] = .string(advice) }
        case "authentication_required", "authentication_not_handled":
            status = 402
            type = "card_error"
            code = "authentication_required"
            error["decline_code"] = .string(complaint.code)
        case "payment_intent_action_required":
            status = 402
            type = "card_error"
        case "payment_intent_authentication_failure", "setup_intent_authentication_failure":
            type = complaint.isAttempt ? "invalid_request_error" : type
        case "resource_missing" where complaint.object != nil: status = 404
        default:
            if complaint.isAttempt, let method = returnedDebit(complaint, tables) {
                let reason = tables.declines.bank(method, complaint.argument)
                type = "card_error"
                code = reason?["code"]?.string ?? complaint.code
                error["decline_code"] = reason?["decline_code"] ?? "generic_decline"
            }
        }
        if let http = complaint.http { status = http }
        if code != "" {
            error["code"] = .string(code)
            error["doc_url"] = .string(Refusal.docURL(code))
        }
        if let param = complaint.param ?? missingParam(complaint, tables) { error["param"] = .string(param) }
        error["message"] = .string(message(code, complaint, tables))
        error["type"] = .string(type)
        embed(complaint, type, in: &error)
        return Refusal(status: status, error: error)
    }

    /// What is blamed where no row says it: an id in the path by the name that the route has for it.
    private func missingParam(_ complaint: Complaint, _ tables: Tables) -> String? {
        if complaint.code.hasPrefix("payment_method_microdeposit") {
            return tables.declines.microdepositParam(complaint.code)
        }
        guard complaint.code == "resource_missing" else { return nil }
        return tables.routes["missing"]?[lifecycleName]?["param"]?.string
    }

    /// The type of a method whose payment a bank has returned: the error is the method's own for that.
    private func returnedDebit(_ complaint: Complaint, _ tables: Tables) -> String? {
        guard let object = object(subject), let charge = self.object(object.body["latest_charge"]?.string),
            statusName(charge) == "failed",
            let type = charge.body["payment_method_details"]?["type"]?.string,
            tables.methods[type]?["failure_code"]?.string == complaint.code
        else { return nil }
        return type
    }

    /// The object as it is now stands in the error, with the method and the charge of the attempt.
    private func embed(_ complaint: Complaint, _ type: String, in error: inout ValueMap) {
        let intent = object(complaint.object)
        if let intent {
            let kind = catalog.graphs[intent.lifecycle].lifecycle.name
            if kind == "payment_intent" || kind == "setup_intent" { error[kind] = shown(intent) }
        }
        guard type == "card_error" || complaint.isAttempt, let owner = object(complaint.object ?? subject) else {
            return
        }
        if let charge = owner.body["latest_charge"]?.string { error["charge"] = .string(charge) }
        let methodID =
            params["payment_method"]?.string ?? owner.body["payment_method"]?.string
            ?? object(owner.body["latest_charge"]?.string)?.body["payment_method"]?.string
        if let method = object(methodID, of: "payment_method") { error["payment_method"] = shown(method) }
    }

    private func message(_ code: String, _ complaint: Complaint, _ tables: Tables) -> String {
        let object = object(complaint.object)
        let version = request?.version ?? world.accountVersion
        let status = object.map { provider.rendered(shown($0), version)["status"]?.string ?? "" } ?? ""
        let kind = lifecycleName == "setup_intent" ? "SetupIntent" : "PaymentIntent"
        switch code {
        case "payment_intent_unexpected_state", "setup_intent_unexpected_state":
            if complaint.operation == "confirm", object?.body["payment_method"]?.isNull ?? true {
                return "You cannot confirm this \(kind) because it's missing a payment method."
            }
            return "This \(kind) could not be used for '\(complaint.operation)' because it has a status of \(status)."
        case "intent_invalid_state": return "This \(kind) is not waiting for microdeposits: its status is \(status)."
        case "resource_missing":
            if let param = complaint.param, complaint.http == 400 {
                return "No such \(param): '\(params[param]?.string ?? "")'"
            }
            let words = tables.routes["missing"]?[lifecycleName]?["words"]?.string
            return "No such \(words ?? lifecycleName): '\(complaint.object ?? "")'"
        case "parameter_missing": return "Missing required param: \(complaint.param ?? "")."
        case "parameter_invalid_integer":
            return "Invalid integer: \(complaint.param ?? "") must be a positive amount in the smallest unit."
        case "amount_too_large": return "The amount is larger than what is allowed here."
        case "card_declined": return "Your card was declined."
        case "expired_card": return "Your card has expired."
        case "incorrect_cvc": return "Your card's security code is incorrect."
        case "processing_error": return "An error occurred while processing your card. Try again in a little bit."
        case "authentication_required": return "Your card was declined. This transaction requires authentication."
        case "charge_already_refunded": return "The charge has already been refunded."
        case "payment_method_customer_decline": return "The customer did not approve the payment."
        case "payment_method_provider_decline": return "The payment was declined by the payment provider."
        case "payment_intent_payment_attempt_expired": return "The time for the customer's action is over."
        case "": return fallback(complaint)
        default: return "The request failed: \(code.replacing("_", with: " "))."
        }
    }

    /// What is said where the API has no code: the rule that was broken.
    private func fallback(_ complaint: Complaint) -> String {
        if let words = complaint.row.flatMap({ RefusalWords.byRow[$0] }) { return words }
        switch complaint.param {
        case "return_url": return "A return_url is needed: the payment method sends the customer away."
        case let param?: return "Invalid value for \(param)."
        case nil: return "'\(complaint.operation)' is not possible for this \(lifecycleName) now."
        }
    }
}

extension String {
    /// The same text with one character in place of another.
    func replacing(_ old: Character, with new: Character) -> String { String(map { $0 == old ? new : $0 }) }
}
