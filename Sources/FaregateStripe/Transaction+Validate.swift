// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

// What requests must say beyond the types of their parameters.
extension Transaction {
    mutating func validate(_ tables: Tables) throws(Refusal) {
        try checkMetadata()
        try checkSecret()
        switch (lifecycleName, operation) {
        case ("payment_intent", "create"), ("setup_intent", "create"):
            try checkIntent(tables)
            try takePaymentMethod(tables)
            if lifecycleName == "setup_intent" { try checkSetup(tables) }
            try checkMandate()
            try checkType()
            try checkUse(tables)
            try checkReturnURL()
        case ("payment_intent", "update"), ("setup_intent", "update"):
            try checkIntent(tables)
            try takePaymentMethod(tables)
            try checkType()
        case ("payment_intent", "confirm"), ("setup_intent", "confirm"):
            try checkAcceptance()
            try takePaymentMethod(tables)
            try checkMandate()
            try checkType()
            try checkUse(tables)
            try checkReturnURL()
        case ("payment_intent", "verify_microdeposits"), ("setup_intent", "verify_microdeposits"):
            try checkDeposits(tables)
        case ("payment_intent", "capture"): try checkAmount("amount_to_capture", tables)
        case ("payment_intent", "increment_authorization"):
            try checkAmount("amount", tables)
            try countIncrement()
        case ("payment_intent", "apply_customer_balance"): try checkBalance(tables)
        case ("payment_method", "create"): try checkMethod(params, tables)
        case ("payment_method", "attach"):
            try need("customer")
            try checkCustomer()
            try checkAttachable(tables)
        case ("refund", "create"): try checkRefund()
        case ("customer", "create"), ("customer", "update"): try checkDefaultMethod()
        default: break
        }
    }

    private func need(_ name: String) throws(Refusal) {
        if params[name] == nil { throw invalid(name, "parameter_missing") }
    }

    func invalid(_ param: String, _ code: String) -> Refusal {
        var refusal = provider.refusal(self, Complaint(code: code, param: param, http: 400, operation: operation))
        refusal.isKept = false
        return refusal
    }

    private func checkMetadata() throws(Refusal) {
        guard let metadata = params["metadata"]?.map else { return }
        for (key, value) in metadata {
            let name = key.string ?? ""
            if name.unicodeScalars.count > 40 {
                throw .invalid("Metadata keys can be at most 40 characters: '\(name.prefix(40))…'.", param: "metadata")
            }
            if (value.string ?? "").unicodeScalars.count > 500 {
                throw .invalid("Metadata values can be at most 500 characters.", param: "metadata[\(name)]")
            }
        }
        var all = object(subject)?.body["metadata"]?.map ?? [:]
        for (key, value) in metadata { all[value: key] = value == "" ? nil : value }
        if all.count > 50 {
            throw .invalid("You can set up to 50 metadata keys; this would be \(all.count).", param: "metadata")
        }
    }

    private func checkSecret() throws(Refusal) {
        guard let secret = params["client_secret"], let object = object(subject) else { return }
        if object.body["client_secret"] != secret {
            throw .invalid("The client_secret is not that of this intent.", param: "client_secret")
        }
    }

    private func checkIntent(_ tables: Tables) throws(Refusal) {
        try checkAmount("amount", tables)
        try checkCurrency(tables)
        try checkCustomer()
        try checkAcceptance()
        for type in params["payment_method_types"]?.list ?? [] where tables.methods[type.string ?? ""] == nil {
            throw .invalid(
                "The payment method type '\(type.string ?? "")' is invalid.", param: "payment_method_types")
        }
        if operation == "create", params["confirm"] != true {
            let tied = lifecycleName == "payment_intent" ? ["off_session", "error_on_requires_action", "mandate"] : []
            for name in tied + ["mandate_data"] where params[name] != nil && params[name] != false {
                throw .invalid("\(name) can only be given with confirm=true.", param: name)
            }
        }
    }

    private func checkAmount(_ name: String, _ tables: Tables) throws(Refusal) {
        guard let amount = params[name]?.int else { return }
        if amount < 1 { throw invalid(name, "parameter_invalid_integer") }
        if amount > tables.largestAmount { throw invalid(name, "amount_too_large") }
        let currency = (params["currency"] ?? object(subject)?.body["currency"])?.string?.lowercased() ?? ""
        let row = tables.currencies[currency]
        if name == "amount", let least = row?["minimum"]?.int, amount < least {
            throw invalid(name, "amount_too_small")
        }
        if let step = row?["step"]?.int, step > 1, amount % step != 0 {
            throw .invalid("Amounts in \(currency) must be divisible by \(step).", param: name)
        }
    }

    private func checkCurrency(_ tables: Tables) throws(Refusal) {
        guard let currency = params["currency"]?.string else { return }
        if tables.currencies[currency.lowercased()] == nil {
            throw .invalid("Invalid currency: \(currency).", param: "currency")
        }
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

    /// A mandate that is named must be one of this method's; one that is over is a row's business.
    private func checkMandate() throws(Refusal) {
        guard let id = params["mandate"]?.string else { return }
        let method = params["payment_method"] ?? object(subject)?.body["payment_method"] ?? .null
        guard let mandate = object(id, of: "mandate"),
            method == .null || mandate.body["payment_method"] == method
        else { throw refused("payment_intent_mandate_invalid", "mandate") }
    }

    /// The type of the method is one of those that the intent names.
    private func checkType() throws(Refusal) {
        let intent = object(subject)
        let isAutomatic =
            (params["automatic_payment_methods"] ?? intent?.body["automatic_payment_methods"] ?? .null) != .null
        let id = params["payment_method"] ?? (operation == "update" ? intent?.body["payment_method"] : nil)
        guard let type = object(id?.string)?.body["type"],
            let types = (params["payment_method_types"] ?? intent?.body["payment_method_types"])?.list,
            params["payment_method_types"] != nil || !isAutomatic, !types.contains(type)
        else { return }
        var refusal = refused("payment_intent_incompatible_payment_method", "payment_method")
        refusal.error["message"] = .string(
            "The type '\(type.string ?? "")' is none of the intent's payment_method_types.")
        throw refusal
    }

    /// A type that cannot be saved cannot be set up.
    private func checkSetup(_ tables: Tables) throws(Refusal) {
        let method = object(params["payment_method"]?.string)?.body["type"]
        let param = params["payment_method_types"] == nil ? "payment_method" : "payment_method_types"
        for type in params["payment_method_types"]?.list ?? [method].compactMap({ $0 })
        where Self.cannotBeSaved(tables.methods[type.string ?? ""]) {
            throw .invalid("The payment method type '\(type.string ?? "")' cannot be set up.", param: param)
        }
    }

    /// Some are set up by the API's own pages only, which make a SetupIntent all the same: those have mandates.
    private static func cannotBeSaved(_ method: Value?) -> Bool {
        method?["setup_intent"] == false && method?["mandate"] == false
    }

    /// Refused with the intent in the error, where there is one.
    func refused(_ code: String, _ param: String) -> Refusal {
        let kind = lifecycleName == "setup_intent" ? "setup_intent" : "payment_intent"
        let own = kind == "setup_intent" ? code.replacingPrefix("payment_intent", with: "setup_intent") : code
        var refusal = provider.refusal(
            self,
            Complaint(
                code: own == "setup_intent_incompatible_payment_method" ? "" : own, param: param, http: 400,
                object: operation == "create" ? nil : subject, operation: operation))
        refusal.isKept = false
        return refusal
    }

    /// A redirect needs somewhere to come back to.
    private func checkReturnURL() throws(Refusal) {
        let confirms = operation == "confirm" || params["confirm"] == true
        guard confirms, params["return_url"] == nil, params["off_session"] != true,
            params["error_on_requires_action"] != true,
            let method = object(params["payment_method"]?.string ?? object(subject)?.body["payment_method"]?.string),
            let type = method.body["type"]?.string, catalog.methods[type]?["return_url_required"] == true
        else { return }
        throw invalid("return_url", "")
    }

    /// What may be applied is what the payment still needs, in its own currency.
    private func checkBalance(_ tables: Tables) throws(Refusal) {
        try checkAmount("amount", tables)
        guard let intent = object(subject), let currency = params["currency"]?.string,
            .string(currency.lowercased()) != intent.body["currency"]
        else { return }
        throw invalid("currency", "")
    }

    private func checkRefund() throws(Refusal) {
        for (name, kind) in [("charge", "charge"), ("payment_intent", "payment_intent")] {
            guard let id = params[name]?.string else { continue }
            guard object(id, of: kind) != nil else {
                throw .missing(kind, id, param: kind == "charge" ? "id" : "intent")
            }
        }
        if let amount = params["amount"]?.int, amount < 1 { throw invalid("amount", "parameter_invalid_integer") }
        let intent = object(params["payment_intent"]?.string)
        let charge = object(params["charge"]?.string ?? intent?.body["latest_charge"]?.string, of: "charge")
        guard let dispute = object(charge?.attributes["dispute"]?.string) else { return }
        // The cardholder has the money back already, or may get it; an inquiry has not moved any.
        if ["needs_response", "under_review", "lost"].contains(statusName(dispute)) {
            throw .invalid(
                "Charge \(charge?.id ?? "") has been charged back; it cannot be refunded.", code: "charge_disputed")
        }
    }

    private func checkDefaultMethod() throws(Refusal) {
        guard let id = params["invoice_settings"]?["default_payment_method"]?.string, !id.isEmpty else { return }
        let path = "invoice_settings[default_payment_method]"
        guard let method = object(id, of: "payment_method") else { throw invalid(path, "resource_missing") }
        guard let subject, method.body["customer"] == .string(subject) else {
            throw .invalid("The payment method must be attached to this customer.", param: path)
        }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
    }
}
