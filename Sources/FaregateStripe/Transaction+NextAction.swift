// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

// What the customer has to do.
extension Transaction {
    private static let setupActions: Set<String> = [
        "blik_authorize", "cashapp_handle_redirect_or_display_qr_code", "pix_display_qr_code", "redirect_to_url",
        "upi_handle_redirect_or_display_qr_code", "use_stripe_sdk", "verify_with_microdeposits",
    ]

    func nextAction(_ object: World.Object, _ tables: Tables) -> Value {
        let method = self.object(object.body["payment_method"]?.string)
        let type = method?.body["type"]?.string ?? "card"
        let returnURL = params["return_url"] ?? .null
        var name = tables.methods[type]?["action"]?.string ?? "redirect_to_url"
        if tables.methods[type]?["confirms"] == "debit" { name = "verify_with_microdeposits" }
        // On the server, with an address to come back to, a card is sent there; without one the client's library does it.
        if tables.methods[type]?["confirms"] == "issuer" {
            name = returnURL == .null ? "use_stripe_sdk" : "redirect_to_url"
        }
        // A setup shows fewer kinds of actions than a payment; the rest is left to the client's library.
        if catalog.name(of: object) == "setup_intent", !Self.setupActions.contains(name) { name = "use_stripe_sdk" }
        guard let template = tables.nextActions[name] ?? tables.nextActions["redirect_to_url"] else { return .null }
        let digits = String(StableHash(object.id).low % 1_000_000_000)
        let bindings: [String: Value] = [
            "id": .string(object.id), "return_url": returnURL,
            "page": .string("\(world.pages)/redirect/authenticate/\(object.id)"),
            "amount": .int((object.body["amount"]?.int ?? 0) - (object.attributes["funded"]?.int ?? 0)),
            "currency": object.body["currency"] ?? "usd", "now": .int(seconds),
            "reference": .string(digits),
        ]
        return (try? template.evaluate { bindings[$0] }) ?? .null
    }
}
