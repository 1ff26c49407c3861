// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Crypto
package import FaregateValues

/// The `Stripe-Signature` header: `t=<seconds>,v1=<hex>`, where v1 is HMAC-SHA256 over `<seconds>.<body>` under the whole
/// secret of the endpoint.
///
/// Source: docs.stripe.com/webhooks, "Verify webhook signatures manually", and the official clients.
package enum WebhookSignature {
    /// Why a delivery is not taken, in the order in which it is looked at.
    package enum Problem: String, Error, Sendable, CaseIterable {
        case missing = "there is no Stripe-Signature header"
        case unreadable = "the Stripe-Signature header has no time"
        case noScheme = "the Stripe-Signature header has no v1 signature"
        case mismatch = "no signature fits this body and any of the secrets"
        case tooOld = "the signature is older than the tolerance"
    }

    /// The official clients' own: five minutes.
    package static let tolerance = Duration(seconds: 300)

    /// Checks a delivery. A time in the future is no problem, as with the official clients.
    ///
    /// - Parameters:
    ///   - body: the bytes as they came, before anything was read from them.
    ///   - secrets: those of the endpoint; several while one takes another's place.
    package static func verify(
        header: String?, body: [UInt8], secrets: [String], now: Instant, tolerance: Duration = tolerance
    ) throws(Problem) {
        guard let header else { throw .missing }
        var time: Int64?
        var signatures: [[UInt8]] = []
        // A header may be as long as the peer likes: what is far beyond any use is not looked at.
        for item in header.split(separator: ",", maxSplits: 64, omittingEmptySubsequences: true).prefix(64) {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            switch parts[0].trimmed {
            case "t": time = Int64(parts[1].trimmed)
            case "v1": signatures.append(bytes(hex: parts[1].trimmed))
            default: break
            }
        }
        guard let time else { throw .unreadable }
        guard !signatures.isEmpty else { throw .noScheme }
        var fits = false
        for secret in secrets where !secret.isEmpty {
            for signature in signatures {
                // Constant in time: how much of a wrong signature was right is not to be felt.
                let isRight = HMAC<SHA256>.isValidAuthenticationCode(
                    signature, authenticating: payload(time, body), using: SymmetricKey(data: Array(secret.utf8)))
                fits = fits || isRight
            }
        }
        guard fits else { throw .mismatch }
        guard now.milliseconds / 1000 - tolerance.seconds <= time else { throw .tooOld }
    }

    /// The header's value for a body.
    package static func sign(_ body: [UInt8], secret: String, at instant: Instant) -> String {
        let time = instant.milliseconds / 1000
        let code = HMAC<SHA256>.authenticationCode(
            for: payload(time, body), using: SymmetricKey(data: Array(secret.utf8)))
        return
            "t=\(time),v1=\(code.map { String(UInt8($0) >> 4, radix: 16) + String(UInt8($0) & 15, radix: 16) }.joined())"
    }

    private static func payload(_ time: Int64, _ body: [UInt8]) -> [UInt8] { Array("\(time).".utf8) + body }

    /// The bytes that hexadecimal digits stand for; none where they are no such digits.
    private static func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        guard digits.count == 64 else { return [] }
        var bytes: [UInt8] = []
        for at in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[at..<at + 2], as: UTF8.self), radix: 16) else { return [] }
            bytes.append(byte)
        }
        return bytes
    }
}

extension Substring {
    fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
