// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateValues
package import FaregateWire

/// API keys: which one a request shows, and what it opens.
package struct APIKey: Sendable, Hashable {
    package enum Kind: String, Sendable { case secret = "sk", publishable = "pk", restricted = "rk" }

    package var kind: Kind
    package var text: String

    /// `sk_test_…`; nil for anything that is no key of test mode.
    package init?(_ text: String) {
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])), parts[1] == "test", !parts[2].isEmpty
        else { return nil }
        self.kind = kind
        self.text = text
    }

    /// The key of an `Authorization` header: `Bearer KEY`, or `Basic` with the key as user name and no password.
    package static func shown(authorization: String?) -> String? {
        guard let words = authorization?.split(separator: " "), words.count == 2 else { return nil }
        switch words[0].lowercased() {
        case "bearer": return String(words[1])
        case "basic":
            let bytes = Base64.decode(String(words[1]))
            return bytes.map { String(decoding: $0.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self) }
        default: return nil
        }
    }
}

extension APIKey {
    /// The answer to a request that shows no key, no real one, or one that does not open what is asked for; nil where
    /// the request may pass.
    ///
    /// - Parameter authorization: the header of that name.
    package static func refusal(authorization: String?, _ request: Request, requestID: String) -> Response? {
        guard let shown = shown(authorization: authorization), !shown.isEmpty else {
            return unauthorized(
                "You did not provide an API key. Send it as Authorization: Bearer YOUR_SECRET_KEY.", requestID)
        }
        guard let key = APIKey(shown) else {
            return unauthorized("Invalid API Key provided: \(hidden(shown))", requestID)
        }
        if key.kind == .publishable, !isOpenToBrowsers(request) {
            return unauthorized(
                "This API call cannot be made with a publishable API key. Use a secret API key.", requestID,
                code: "secret_key_required")
        }
        return nil
    }

    /// A publishable key makes payment methods, and reads and confirms an intent whose client secret it knows.
    private static func isOpenToBrowsers(_ request: Request) -> Bool {
        let segments = request.path.split(separator: "/")
        guard segments.count > 1, segments[0] == "v1" else { return false }
        if request.method == "POST", segments.count == 2, segments[1] == "payment_methods" { return true }
        guard segments[1] == "payment_intents" || segments[1] == "setup_intents",
            request.params["client_secret"]?.string?.isEmpty == false
        else { return false }
        if request.method == "GET" { return segments.count == 3 }
        return request.method == "POST" && segments.count == 4 && segments[3] == "confirm"
    }

    private static func unauthorized(_ message: String, _ requestID: String, code: String? = nil) -> Response {
        var refusal = Refusal.invalid(message, code: code ?? "", http: 401)
        refusal.error["doc_url"] = nil
        return Response(status: 401, body: ["error": .map(refusal.error)], requestID: requestID)
    }

    /// Enough of a key to recognise it, too little to use it.
    private static func hidden(_ text: String) -> String {
        guard text.count > 12 else { return String(repeating: "*", count: text.count) }
        return text.prefix(8) + String(repeating: "*", count: min(20, text.count - 12)) + text.suffix(4)
    }
}
