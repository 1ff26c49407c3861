// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire

// Pages for the customer: what a redirect, a code, a voucher or a challenge leads to.
extension Mock {
    func answerPage(_ request: MockRequest) -> MockAnswer {
        let steps = request.path.split(separator: "/").map(String.init)
        if steps == ["redirect", "style.css"] { return PageFrame.style }
        guard steps.count == 3, steps[1] == "authenticate" else { return noSuchPage }
        let id = steps[2]
        guard let account = accounts.first(where: { account in account.read { $0.world.objects[id] != nil } }),
            let page = page(id, account)
        else { return noSuchPage }
        switch request.method {
        case "GET", "HEAD": return page.answer()
        case "POST": return take(request, page, account)
        default:
            return PageFrame.answer(405, title: "This page is read, or its form is sent", "")
        }
    }

    private var noSuchPage: MockAnswer {
        PageFrame.answer(404, title: "There is no such page", "<p>No customer is waited for here.</p>")
    }

    private func page(_ id: String, _ account: Account) -> ActionPage? {
        account.advance(to: clock.now)
        return account.read { [simulator] in ActionPage(id, $0.world, simulator) }
    }

    /// A button was pressed.
    private func take(_ request: MockRequest, _ page: ActionPage, _ account: Account) -> MockAnswer {
        // A page of somebody else's must not press the buttons here.
        if let origin = request.headers["origin"], origin != "null", origin != "http://\(request.headers["host"] ?? "")"
        {
            return PageFrame.answer(403, title: "This form was sent from another site", "")
        }
        guard let form = try? FormDecoding.decode(request.body, limits: .init(parameters: 10)),
            let choice = form["choice"]?.string
        else { return page.answer(400, note: "The form names no choice.") }
        guard page.isOpen else { return page.answer(409, note: "It is too late: nobody is asked any more.") }
        if page.takesMicrodeposits, choice == "verify" {
            let path = "/v1/\(page.isSetup ? "setup_intents" : "payment_intents")/\(page.id)/verify_microdeposits"
            let (response, _) = account.handle(
                Request(
                    method: "POST", path: path, params: ["descriptor_code": form["descriptor_code"] ?? ""],
                    version: version),
                at: clock.now)
            if let error = response.error { return page.answer(400, note: error.message) }
        } else {
            guard let name = ActionPage.buttons.first(where: { $0.value == choice })?.choice,
                account.act(Lifecycle.Choice(actor: "customer", name: name), on: page.id, at: clock.now)
            else { return page.answer(400, note: "There is no such choice.") }
        }
        let after = self.page(page.id, account) ?? page
        let target = page.returnURL.map { $0.adding(after.parameters) } ?? "/redirect/authenticate/\(page.id)"
        return MockAnswer(
            status: 303,
            headers: [("Location", target), ("Cache-Control", "no-store"), ("Referrer-Policy", "same-origin")])
    }
}
