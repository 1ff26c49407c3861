// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

/// What a customer has to do for an intent, read from the world at one moment.
struct ActionPage: Sendable {
    let id: String
    let isSetup: Bool
    let status: String
    let method: String
    let kind: String
    let amount: String?
    let details: [(name: String, value: String)]
    /// The customer's choices that are open, by their names in the lifecycle.
    let choices: [String]
    let action: String?
    let returnURL: ReturnURL?
    let clientSecret: String

    /// Buttons: the value that a form sends, and what stands on it, by the choice of the lifecycle.
    static let buttons: [(choice: String, value: String)] = [
        ("authorizes", "authorize"), ("pays_in_part", "part"), ("refuses", "fail"), ("abandons", "expire"),
    ]

    /// nil where the id names no intent.
    init?(_ id: String, _ world: World, _ simulator: Simulator) {
        guard let object = world.objects[id] else { return nil }
        let lifecycle = simulator.catalog.graphs[object.lifecycle].lifecycle
        guard ["payment_intent", "setup_intent"].contains(lifecycle.name) else { return nil }
        self.id = id
        isSetup = lifecycle.name == "setup_intent"
        status = lifecycle.statuses[object.status].name
        let type =
            world.objects[object.body["payment_method"]?.string ?? ""]?.body["type"]?.string
            ?? object.body["payment_method_types"]?.list?.first?.string ?? "card"
        let row = simulator.catalog.methods[type]
        method = row?["name"]?.string ?? type
        kind = row?["confirms"]?.string ?? "redirect"
        let body = object.body
        amount =
            isSetup
            ? nil
            : Money.text(body["amount"]?.int ?? 0, body["currency"]?.string ?? "", simulator.catalog.currencies)
        let next = body["next_action"]
        let inner = next?[next?["type"]?.string ?? ""]
        action = next?["type"]?.string
        returnURL = inner?["return_url"]?.string.flatMap(ReturnURL.init)
        clientSecret = body["client_secret"]?.string ?? ""
        var details: [(name: String, value: String)] = []
        if let text = body["description"]?.string { details.append(("For", text)) }
        if let text = body["statement_descriptor"]?.string { details.append(("On the statement", text)) }
        for (name, title) in [("number", "Number"), ("reference", "Reference"), ("entity", "Entity"), ("data", "Code")]
        {
            if let text = inner?[name]?.string { details.append((title, text)) }
        }
        details.append((isSetup ? "SetupIntent" : "PaymentIntent", id))
        self.details = details
        choices = simulator.openChoices(of: id, in: world).filter { $0.actor == "customer" }.map(\.name)
    }

    var takesMicrodeposits: Bool { action == "verify_with_microdeposits" }
    var isOpen: Bool { status == "requires_action" && (!choices.isEmpty || takesMicrodeposits) }

    /// What the address that a customer comes back to is told.
    var parameters: [(name: String, value: String)] {
        let name = isSetup ? "setup_intent" : "payment_intent"
        let outcome =
            switch status {
            case "requires_payment_method", "canceled": "failed"
            case "processing", "requires_action": "pending"
            default: "succeeded"
            }
        return [(name, id), ("\(name)_client_secret", clientSecret), ("redirect_status", outcome)]
    }

    // MARK: As HTML

    private var title: String {
        if !isOpen { return "Nothing to do here" }
        if takesMicrodeposits { return "Verify your bank account" }
        switch kind {
        case "issuer": return "Your bank asks: is it you?"
        case "voucher", "transfer": return "Pay with \(method)"
        default: return isSetup ? "Save \(method) for later payments" : "Authorize a payment with \(method)"
        }
    }

    private var request: HTML {
        if !isOpen { return "<p>The status is <strong>\(status)</strong>.</p>" }
        if takesMicrodeposits {
            return
                "<p>The test shop has sent two small deposits to your account. Enter the code that came with them.</p>"
        }
        if isSetup {
            return
                "<p>The <strong>test shop</strong> asks for leave to charge your \(method) account for later payments.</p>"
        }
        return "<p>The <strong>test shop</strong> asks for <strong class=\"amount\">\(amount ?? "")</strong>.</p>"
    }

    private func label(_ value: String) -> String {
        switch value {
        case "authorize": ["voucher", "transfer"].contains(kind) ? "Pay" : "Authorize"
        case "part": "Pay half"
        case "expire": "Let it expire"
        default: "Fail"
        }
    }

    private var form: HTML {
        guard isOpen else { return "" }
        if takesMicrodeposits {
            return """
                <form method="post" action="/redirect/authenticate/\(id)">
                <p><label for="code">Code</label> <input id="code" name="descriptor_code" value="SM11AA" required maxlength="6"></p>
                <p><button name="choice" value="verify">Verify</button></p>
                </form>
                """
        }
        let buttons = Self.buttons.filter { choices.contains($0.choice) }.map { button -> HTML in
            "<button name=\"choice\" value=\"\(button.value)\">\(label(button.value))</button>"
        }
        return """
            <form method="post" action="/redirect/authenticate/\(id)">
            \(buttons)
            </form>
            """
    }

    func answer(_ status: Int = 200, note: String? = nil) -> MockAnswer {
        let rows = details.map { row -> HTML in "<dt>\(row.name)</dt><dd>\(row.value)</dd>" }
        let noted: HTML = note.map { "<p role=\"alert\">\($0)</p>" } ?? ""
        return PageFrame.answer(
            status, title: title,
            """
            \(request)
            \(noted)
            <dl>
            \(rows)
            </dl>
            \(form)
            """, leadsTo: returnURL)
    }
}

/// What all pages have in common.
enum PageFrame {
    static func answer(_ status: Int, title: String, _ content: HTML, leadsTo target: ReturnURL? = nil) -> MockAnswer {
        let page: HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <link rel="stylesheet" href="/redirect/style.css">
            </head>
            <body>
            <header>Test mode: this is faregate mock, no money moves.</header>
            <main>
            <h1>\(title)</h1>
            \(content)
            </main>
            </body>
            </html>

            """
        // Browsers hold redirects of a form against form-action too.
        let targets = ["'self'", target?.origin].compactMap { $0 }.joined(separator: " ")
        let policy =
            "default-src 'none'; style-src 'self'; form-action \(targets); base-uri 'none'; "
            + "frame-ancestors 'self' http://localhost:* http://127.0.0.1:*"
        return MockAnswer(
            status: status, type: "text/html; charset=utf-8", text: page.markup,
            headers: [
                ("Content-Security-Policy", policy), ("Referrer-Policy", "same-origin"),
                ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"),
            ])
    }

    static let style = MockAnswer(
        status: 200, type: "text/css; charset=utf-8",
        text: EmbeddedText.files.first { $0.name == "style.css" }?.text ?? "",
        headers: [("X-Content-Type-Options", "nosniff"), ("Cache-Control", "max-age=3600")])
}

/// Amounts as people read them.
enum Money {
    static func text(_ amount: Int64, _ currency: String, _ currencies: Value) -> String {
        let decimals = Int(currencies[currency]?["decimals"]?.int ?? 2)
        let digits = String(amount.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let whole = padded.dropLast(decimals)
        let sign = amount < 0 ? "-" : ""
        return "\(sign)\(whole)\(decimals > 0 ? "." : "")\(padded.suffix(decimals)) \(currency.uppercased())"
    }
}
