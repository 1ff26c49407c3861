// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

/// How refusals of issuers and banks read.
struct Declines: Sendable {
    private let table: Value

    init(_ table: Value) { self.table = table }

    /// `code`, `param` and `advice_code` of an issuer's decline code.
    func issuer(_ code: String) -> Value? { table["issuer"]?[code] }

    /// `code`, `decline_code` and `failure_code` of a debit that a bank has returned; the method's usual reason where none is given.
    func bank(_ type: String, _ reason: String?) -> Value? {
        guard let own = table["bank"]?[type], let reason = reason ?? own["default"]?.string else { return nil }
        return own["reasons"]?[reason]
    }

    /// The parameter that a failed verification blames.
    func microdepositParam(_ code: String) -> String? {
        table["microdeposits"]?.map?.values.first { $0["code"]?.string == code }?["param"]?.string
    }

    /// All decline codes, and the codes that banks return debits with.
    var words: [String] {
        let issuer = (table["issuer"]?.map?.keys ?? []).compactMap(\.string)
        let reasons = (table["bank"]?.map?.values ?? []).compactMap { $0["reasons"]?.map }
        let bank = reasons.flatMap { $0.keys.compactMap(\.string) + $0.values.compactMap { $0["code"]?.string } }
        return Set(issuer + bank).sorted()
    }

    func bankReason(of charge: World.Object, _ reason: String?) -> Value? {
        charge.body["payment_method_details"]?["type"]?.string.flatMap { bank($0, reason) }
    }
}
