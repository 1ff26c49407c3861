// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

// Whether a payment method can do what an intent asks of it: the columns of the table of methods.
extension Transaction {
    /// A confirmation wants the method's currency, an amount inside its limits, and no later use that it cannot have.
    func checkUse(_ tables: Tables) throws(Refusal) {
        let intent = object(subject)
        guard operation == "confirm" || params["confirm"] == true,
            let method = object(params["payment_method"]?.string ?? intent?.body["payment_method"]?.string),
            let type = method.body["type"]?.string, let row = tables.methods[type]
        else { return }
        func asked(_ name: String) -> Value? { params[name] ?? intent?.body[name] }
        if lifecycleName == "payment_intent" {
            let currency = asked("currency")?.string?.lowercased() ?? ""
            try checkCurrency(currency, of: row)
            try checkLimits(asked("amount")?.int ?? 0, currency, of: row)
            if let usage = asked("setup_future_usage"), usage != .null, usage != "",
                !(row["setup_future_usage"]?.list ?? []).contains(usage)
            {
                throw unfit("setup_future_usage", "The payment method type '\(type)' cannot be saved for later use.")
            }
            if params["off_session"] == true, row["off_session_charge"] == false {
                throw unfit("off_session", "The payment method type '\(type)' cannot be charged without the customer.")
            }
        }
    }

    private func checkCurrency(_ currency: String, of row: Value) throws(Refusal) {
        let known = row["currencies"]?.list ?? []
        guard !known.isEmpty, !known.contains("*"), !known.contains(.string(currency)) else { return }
        throw unfit(
            "currency",
            "\(row["name"]?.string ?? "This method") cannot be paid in \(currency), but in: "
                + known.compactMap(\.string).joined(separator: ", ") + ".",
            code: "payment_method_currency_mismatch")
    }

    private func checkLimits(_ amount: Int64, _ currency: String, of row: Value) throws(Refusal) {
        if row["unverified"]?.list?.contains("limits") == true { return }
        for limit in row["limits"]?.list ?? [] where limit["currency"]?.string == currency {
            if let least = limit["min"]?.int, amount < least { throw refused("amount_too_small", "amount") }
            if let most = limit["max"]?.int, amount > most { throw refused("amount_too_large", "amount") }
        }
    }

    private func unfit(_ param: String, _ message: String, code: String = "payment_intent_invalid_parameter") -> Refusal
    {
        var refusal = refused(code, param)
        refusal.error["message"] = .string(message)
        return refusal
    }

    /// A method that is good for one payment, or never saved, has no customer to go to; a declining card has its issuer asked.
    func checkAttachable(_ tables: Tables) throws(Refusal) {
        guard let method = object(subject), let type = method.body["type"]?.string, let row = tables.methods[type]
        else {
            return
        }
        if row["single_use"] == true, row["setup_intent"] == false, row["setup_future_usage"] == [] {
            throw .invalid(
                "The payment method type '\(type)' cannot be attached to a customer.",
                code: "payment_method_unsupported_type", param: "payment_method")
        }
        let token = method.attributes["token"]?.string.flatMap { tables.testTokens.row($0) }
        guard token?["attaches"] == false, let words = token?["then"]?["issuer"]?.string.map(ChoiceWords.read),
            case .success(let choice) = words
        else { return }
        throw provider.refusal(
            self, Complaint(code: "card_declined", argument: choice.argument, operation: operation))
    }

    /// At most ten attempts at a larger hold, those that were declined included.
    mutating func countIncrement() throws(Refusal) {
        guard let subject, let intent = object(subject), statusName(intent) == "requires_capture",
            intent.attributes["incremental"] == true
        else { return }
        let tries = intent.attributes["increments"]?.int ?? 0
        if tries >= 10 {
            throw .invalid("A PaymentIntent can be incremented at most 10 times.", param: "amount")
        }
        world.objects[subject]?.attributes["increments"] = .int(tries + 1)
    }

    /// Deposits that never arrive prove nothing, whatever is said of them.
    func checkDeposits(_ tables: Tables) throws(Refusal) {
        guard let intent = object(subject), statusName(intent) == "requires_action",
            let token = object(intent.body["payment_method"]?.string)?.attributes["token"]?.string,
            tables.testTokens.row(token)?["then"]?["microdeposits"] == "fail"
        else { return }
        throw refused("payment_method_microdeposit_failed", "")
    }
}
