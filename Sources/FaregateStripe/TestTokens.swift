// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSimulator
package import FaregateSpec
import FaregateValues

/// Test handles: payment methods and accounts that make actors behave.
struct TestTokens: Sendable {
    /// The rows of `tokens`, in order.
    let rows: [Value]
    /// Rows by what a payment method remembers of them: a token's id in any spelling, or an account.
    private let known: [String: Value]
    private let refusedAccounts: [Value]

    init(_ table: Value) {
        rows = table["tokens"]?.list ?? []
        var known: [String: Value] = [:]
        for row in rows {
            if let id = row["token"]?.string { known[id] = row }
            if let account = row["account"]?.map, let key = Self.key(row["type"]?.string ?? "", account) {
                known[key] = row
            }
        }
        for alias in table["aliases"]?.list ?? [] {
            known[alias["token"]?.string ?? ""] = known[alias["same_as"]?.string ?? ""]
        }
        for row in table["phones"]?.list ?? [] { known["phone:\(row["phone"]?.string ?? "")"] = row }
        self.known = known
        refusedAccounts = table["refused"]?.list ?? []
    }

    /// The types of all ids that stand for a method, in every spelling.
    var types: [String: String] { known.filter { !$0.key.contains(":") }.compactMapValues { $0["type"]?.string } }

    /// The ids that stand for a bank account which needs no microdeposits any more.
    var verified: Set<String> { Set(known.filter { $0.value["verified"] == true }.keys) }

    func row(_ key: String) -> Value? { known[key] }

    /// What an account is remembered by; nil where it is no test account.
    func account(_ type: String, _ account: ValueMap) -> String? {
        Self.key(type, account).flatMap { known[$0] == nil ? nil : $0 }
    }

    /// What a telephone number is remembered by; nil where it is no test number.
    func phone(_ number: String) -> String? { known["phone:\(number)"] == nil ? nil : "phone:\(number)" }

    /// The code with which a method of that account is refused.
    func refusal(_ type: String, _ account: ValueMap) -> String? {
        guard let key = Self.key(type, account) else { return nil }
        return refusedAccounts.first { row in
            row["type"]?.string == type && row["account"]?.map.flatMap { Self.key(type, $0) } == key
        }?["code"]?.string
    }

    /// `sepa_debit:DE89…`: the numbers that tell an account from others.
    private static func key(_ type: String, _ account: ValueMap) -> String? {
        let numbers = ["iban", "bank_code", "branch_code", "account_number", "suffix"].compactMap {
            account[$0]?.string
        }
        return numbers.isEmpty ? nil : "\(type):\(numbers.joined(separator: "-"))"
    }

    /// Columns speak of what happens, the lifecycles of who decides it.
    private static func habit(of actor: String, in column: Value) -> Value? {
        switch actor {
        case "issuer" where column["radar"] == "blocks": return "declines fraudulent"
        case "bank" where column["radar"] == "blocks": return "returns fraudulent"
        case "cardholder":
            guard let words = column["dispute"]?.string else { return nil }
            if words == "inquires" { return "inquires" }
            return words.hasPrefix("opens") ? "disputes" : nil
        case "refunds": return column["refund"].map { $0 == "fails later" ? "fails" : "succeeds" }
        case "speed": return column["refund"].map { $0 == "settles later" ? "later" : "at_once" }
        default: return column[actor]
        }
    }

    /// What a method makes an actor do; nil where it says nothing of it.
    func habit(_ decision: Decision) -> ChoiceWords? {
        guard let token = decision.token, let row = known[token] else { return nil }
        let columns = decision.situations.compactMap { row[$0] } + [row["then"]].compactMap { $0 }
        guard let column = columns.first, let habit = Self.habit(of: decision.actor, in: column) else { return nil }
        // The second of two choices is what follows the first: after a challenge.
        var text: Value? = habit
        if let sequence = habit.list { text = decision.offers.contains("challenges") ? sequence.first : sequence.last }
        guard case .success(let words)? = text?.string.map(ChoiceWords.read), decision.offers.contains(words.name)
        else { return nil }
        return words
    }
}

extension StripePack {
    /// What the payment method in use makes an actor do, where nobody says otherwise.
    package func habit(_ decision: Decision) -> ChoiceWords? { Tables.shared.testTokens.habit(decision) }
}
