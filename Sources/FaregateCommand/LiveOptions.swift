// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate
import FaregateHTTP

/// Where flows run: on the built-in mock, or on whatever answers at an address.
struct LiveOptions: ParsableArguments {
    enum CustomerRole: String, ExpressibleByArgument, CaseIterable {
        case auto, prompt, none
    }

    @Option(
        help: ArgumentHelp(
            "What answers the calls: 'mock', https://api.stripe.com, or the address of another mock. The key comes from STRIPE_API_KEY.",
            valueName: "mock|url"))
    var transport = "mock"

    @Option(help: ArgumentHelp("The API version to ask for, in place of the flow's own.", valueName: "version"))
    var apiVersion: String?

    @Option(help: ArgumentHelp("Act for a connected account (Stripe-Account).", valueName: "acct_…"))
    var account: String?

    @Option(help: ArgumentHelp("How long an answer may take: 80s if not given.", valueName: "duration"))
    var timeout: String?

    @Option(help: ArgumentHelp("How long a wait may take in real time: 150s if not given.", valueName: "duration"))
    var patience: String?

    @Option(help: ArgumentHelp("Trust these authorities in place of the system's.", valueName: "file.pem"))
    var caFile: String?

    @Flag(help: "Allow a live key. Real money moves.")
    var allowLive = false

    @Option(
        help: ArgumentHelp(
            "Listen here for signed events; the endpoint's secrets come from STRIPE_WEBHOOK_SECRET, several with commas.",
            valueName: "host:port"))
    var webhooks: String?

    @Option(
        help: ArgumentHelp(
            "Who plays the customer: 'auto' presses the button of the test page, 'prompt' shows you the address, 'none' waits.",
            valueName: "auto|prompt|none"))
    var customer: CustomerRole?

    var isLive: Bool { transport != "mock" }

    private static func isAccount(_ text: String) -> Bool {
        text.hasPrefix("acct_") && (6...255).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "_")
            }
    }

    func validate() throws {
        guard !isLive else {
            do throws(SetupProblem) {
                _ = try BaseAddress(transport)
            } catch {
                throw ValidationError("--transport: \(error)")
            }
            if let account, !Self.isAccount(account) {
                throw ValidationError("--account is no id of an account: write it as acct_…")
            }
            if let apiVersion, !VersionName.isValid(apiVersion) {
                throw ValidationError("--api-version is no version of the API: write it as 2026-07-29.dahlia")
            }
            return
        }
        let given: [(String, Bool)] = [
            ("--account", account != nil), ("--timeout", timeout != nil), ("--patience", patience != nil),
            ("--ca-file", caFile != nil), ("--webhooks", webhooks != nil), ("--customer", customer != nil),
            ("--api-version", apiVersion != nil), ("--allow-live", allowLive),
        ]
        if let (name, _) = given.first(where: { $0.1 }) {
            throw ValidationError("\(name) needs a --transport other than the built-in mock")
        }
    }
}
