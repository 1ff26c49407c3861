// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateStripe
import FaregateText
import FaregateValues
import FaregateWire
import Testing

/// Payment methods as data.
@Suite struct MethodTests {
    private static func yaml(_ path: String) -> Value? {
        Package.text(path).flatMap { YAMLReader.read(SourceText(path: path, text: $0)).root?.data }
    }

    private static let table = yaml("Sources/FaregateStripe/tables/methods.yaml")!
    private static let factsPath = "../shared/facts/payment-methods.yaml"
    private static let facts = yaml(factsPath)
    private static let absent = Comment("\(factsPath) is not here: methods are not held against it")

    private static func isOf(_ type: String, _ value: Value) -> Bool {
        if type.hasSuffix("?") { return value == .null || isOf(String(type.dropLast()), value) }
        switch (type, value) {
        case ("string", .string), ("bool", .bool), ("int", .int), ("map", .map), ("list(map)", .list): return true
        case ("duration", .string(let text)): return Duration.parse(text) != nil
        case ("list(string)", .list(let items)): return items.allSatisfy { $0.string != nil }
        default: return false
        }
    }

    @Test func everyColumnOfEveryMethodHasItsType() {
        for (id, row) in Self.table["methods"]?.map ?? [:] {
            let unknown = (row.map?.names ?? []).filter { Self.table["columns"]?[$0] == nil }
            #expect(unknown.isEmpty, "\(id.string!)")
            for (name, column) in Self.table["columns"]?.map ?? [:] {
                let value = row[name.string!] ?? .null
                #expect(Self.isOf(column["type"]!.string!, value), "\(id.string!).\(name.string!): \(value)")
                if let allowed = column["one_of"]?.list {
                    #expect(allowed.contains(value), "\(id.string!).\(name.string!)")
                }
                for (member, type) in column["members"]?.map ?? [:] {
                    for item in value.list ?? [value] {
                        #expect(Self.isOf(type.string!, item[member.string!] ?? .null), "\(id.string!).\(name.string!)")
                    }
                }
            }
        }
    }

    /// Where the sheet has a typed value, the table has the same; its prose was read and has become a value or null.
    @Test(.enabled(if: facts != nil, absent)) func theTableSaysWhatTheSheetSays() throws {
        let sheet = try #require(Self.facts?["payment_methods"]?.list)
        #expect(sheet.compactMap { $0["id"]?.string }.sorted() == Self.table["methods"]?.map?.names.sorted())
        var compared = 0
        for method in sheet {
            let row = try #require(Self.table["methods"]?[method["id"]!.string!])
            var given = method.map!
            for (name, value) in method["reusable"]?.map ?? [:] { given[value: name] = value }
            for (name, column) in Self.table["columns"]?.map ?? [:] {
                guard let value = given[value: name] else { continue }
                let type = column["type"]!.string!
                if let members = column["members"]?.map, let map = value.map {
                    for (member, type) in members {
                        guard let inner = map[value: member], Self.isSettled(inner, type.string!) else { continue }
                        #expect(
                            row[name.string!]?[member.string!] == inner,
                            "\(method.id).\(name.string!).\(member.string!)")
                        compared += 1
                    }
                } else if Self.isSettled(value, type), !Self.isDecided(method.id, name.string!) {
                    #expect(row[name.string!] == value, "\(method.id).\(name.string!)")
                    compared += 1
                }
            }
        }
        #expect(compared > 1000)
    }

    /// A value that needed no reading: not unknown, and no sentence.
    private static func isSettled(_ value: Value, _ type: String) -> Bool {
        if value == .null || type.hasPrefix("duration") { return false }
        if case .string(let text) = value, text.contains(" ") { return false }
        if let items = value.list, items.contains(where: { $0.string?.contains(" ") == true }) { return false }
        return isOf(type, value)
    }

    /// Cells where the sheet gives a widest case in a list and the table the case of an ordinary account.
    private static func isDecided(_ id: String, _ column: String) -> Bool {
        ["pix.setup_future_usage", "konbini.refunds"].contains("\(id).\(column)")
    }

    @Test func theSixteenWalletsOfTheMenuAreThere() {
        let wallets = (Self.table["methods"]?.map ?? [:]).values.filter { $0["sidebar_wallet"] == true }
        #expect(wallets.count == 16)
    }

    @Test func everyFamilyIsThere() {
        let families = Set((Self.table["methods"]?.map ?? [:]).values.compactMap { $0["family"]?.string })
        let allowed = Set(Self.table[path: "columns.family.one_of"]!.list!.compactMap(\.string))
        #expect(families == allowed)
    }

    // MARK: Test tokens

    static let tokens = StripePack.standard.tokens.compactMap { $0["token"]?.string }

    @Test(arguments: tokens) func everyTokenIsAMethodOfItsType(_ token: String) throws {
        let row = try #require(StripePack.standard.tokens.first { $0["token"]?.string == token })
        let method = Mock().get("/v1/payment_methods/\(token)").body
        #expect(method["object"] == "payment_method")
        #expect(method["type"] == row["type"])
        #expect(method.id != token && method.id.hasPrefix("pm_"))
        if row["type"] == "card" {
            #expect(method[at: "card.brand"] == row[at: "card.brand"])
            if let last4 = row[at: "card.last4"].string { #expect(method[at: "card.last4"] == .string(last4)) }
        }
    }

    @Test func accountsShowTheirEndsAndNeverTheirNumbers() {
        let mock = Mock()
        let sepa = mock.made(
            "/v1/payment_methods", ["type": "sepa_debit", "sepa_debit": ["iban": "DE89370400440532013000"]])
        #expect(sepa[at: "sepa_debit.last4"] == "3000")
        #expect(sepa[at: "sepa_debit.country"] == "DE")
        #expect(sepa[at: "sepa_debit.bank_code"] == "37040044")
        let ach = mock.made("/v1/payment_methods", Stages.newAccount)
        #expect(ach[at: "us_bank_account.last4"] == "6789")
        #expect(ach[at: "us_bank_account.bank_name"] == "STRIPE TEST BANK")
        #expect(ach[at: "billing_details.name"] == "Ada")
        #expect(!JSON.write(.list([sepa, ach])).contains("000123456789"))
        #expect(!JSON.write(.list([sepa, ach])).contains("0532013000"))
    }

    @Test func cardsByTokenAreTheCardsOfTheToken() {
        let method = Mock().made("/v1/payment_methods", ["type": "card", "card": ["token": "tok_mastercard"]])
        #expect(method[at: "card.brand"] == "mastercard")
        #expect(method["customer"] == .null)
        #expect(method["allow_redisplay"] == "unspecified")
    }

    @Test(
        arguments: [
            ("pm_card_chargeDeclined", "generic_decline"), ("pm_card_radarBlock", "fraudulent"),
            ("pm_card_chargeCustomerFail", "generic_decline"),
        ])
    func tokensDecide(_ token: String, _ declineCode: String) {
        let error = Mock().post(
            "/v1/payment_intents",
            [
                "amount": 2000, "currency": "usd", "payment_method": .string(token), "payment_method_types": ["card"],
                "confirm": true,
            ]
        ).error
        #expect(error?.declineCode == declineCode)
    }

    @Test func aCardThatWasSetUpPaysWithoutTheCustomer() {
        let mock = Mock()
        let customer: Value = .string(mock.made("/v1/customers").id)
        mock.choices["customer"] = "authorizes"
        let setup = mock.made(
            "/v1/setup_intents",
            [
                "customer": customer, "payment_method": "pm_card_authenticationRequiredOnSetup",
                "payment_method_types": ["card"], "confirm": true, "return_url": Stages.back,
            ])
        #expect(setup["status"] == "requires_action")
        mock.wait(3600)
        let saved = mock.get("/v1/setup_intents/\(setup.id)").body
        #expect(saved["status"] == "succeeded")
        let payment = mock.paid([
            "customer": customer, "payment_method": saved["payment_method"]!, "off_session": true,
        ])
        #expect(payment["status"] == "succeeded")
    }
}
