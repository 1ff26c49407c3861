// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// `/stripe.js`: the functions of Stripe's script, as this mock's pages and API answer them.
enum StripeScript {
    /// `/stripe.js`, and with a version's name before it, as the addresses of js.stripe.com have it.
    static func isAsked(_ path: String) -> Bool {
        let steps = path.split(separator: "/")
        return path == "/v3/" || path == "/v3" || (steps.last == "stripe.js" && steps.count <= 2)
    }

    static func answer(_ methods: Value) -> MockAnswer {
        let template = EmbeddedText.files.first { $0.name == "stripe.js" }?.text ?? ""
        return MockAnswer(
            status: 200, type: "text/javascript; charset=utf-8",
            text: template.replacing("__METHODS__", with: JSON.write(table(methods))),
            headers: [
                ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
                ("Cross-Origin-Resource-Policy", "cross-origin"),
            ])
    }

    /// The functions of each type, and the sibling of each: `confirmAmazonPayPayment` beside `confirmAmazonPaySetup`.
    private static func table(_ methods: Value) -> Value {
        var table = ValueMap()
        for (type, row) in methods.map ?? [:] {
            var functions: [Value] = []
            func add(_ name: String, _ result: String) {
                let entry: Value = [.string(name), .string(result)]
                if name != "confirmPayment", name != "confirmSetup", !functions.contains(entry) {
                    functions.append(entry)
                }
            }
            for name in [row["client_confirm"]?["payment"]?.string, row["client_confirm"]?["setup"]?.string].compactMap(
                { $0 })
            {
                for ending in ["Payment", "Setup"] where name.hasSuffix(ending) {
                    let stem = name.dropLast(ending.count)
                    if stem == "confirm" { continue }
                    add("\(stem)Payment", "paymentIntent")
                    add("\(stem)Setup", "setupIntent")
                }
            }
            table[value: type] = ["functions": .list(functions), "debit": .bool(row["confirms"] == "debit")]
        }
        return .map(table)
    }
}
