// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// Who calls: a key of the API, as `Authorization` has it.
struct APIKey: Sendable, Hashable {
    enum Kind: Sendable { case secret, restricted, publishable }

    var kind: Kind
    var text: String

    /// What a secret key and the publishable key of the same account have in common here.
    var owner: String { String(text.dropFirst(8)) }

    /// The key with its middle left out, for logs and errors.
    var masked: String { APIKey.mask(text) }

    static func mask(_ text: String) -> String { "\(text.prefix(8))***" }

    enum Refusal: Error, Sendable, Hashable { case missing, malformed, live, unknown(String) }

    private static let kinds: [(prefix: String, kind: Kind)] = [
        ("sk_test_", .secret), ("rk_test_", .restricted), ("pk_test_", .publishable),
    ]

    /// Reads `Bearer KEY` or `Basic base64(KEY:)`.
    static func read(_ authorization: String?) -> Result<APIKey, Refusal> {
        guard let authorization, !authorization.isEmpty else { return .failure(.missing) }
        let words = authorization.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard words.count == 2 else { return .failure(.malformed) }
        var text = String(words[1])
        switch words[0].lowercased() {
        case "bearer": break
        case "basic":
            guard let bytes = Base64.decode(text), let pair = String(validating: bytes, as: UTF8.self),
                let colon = pair.firstIndex(of: ":")
            else { return .failure(.malformed) }
            text = String(pair[..<colon])
        default: return .failure(.malformed)
        }
        return named(text)
    }

    static func named(_ text: String) -> Result<APIKey, Refusal> {
        if text.isEmpty { return .failure(.missing) }
        if ["sk_live_", "rk_live_", "pk_live_"].contains(where: text.hasPrefix) { return .failure(.live) }
        let plain = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
        }
        guard plain, text.utf8.count <= 255,
            let kind = kinds.first(where: { text.hasPrefix($0.prefix) && text.count > $0.prefix.count })?.kind
        else { return .failure(.unknown(text)) }
        return .success(APIKey(kind: kind, text: text))
    }
}
