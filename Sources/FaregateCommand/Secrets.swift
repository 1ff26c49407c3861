// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateWire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What runs tell goes through here before anybody reads it: peers may send back what they were sent.
enum Secrets {
    /// The text without what the environment holds in secret, and without what looks secret or like card data.
    static func masked(_ text: String) -> String {
        Redaction.mask(Redaction.redact(text), known)
    }

    /// Short ones are no secrets, and would be found everywhere.
    private static let known: [String] = {
        let names: [String] = ["STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET"]
        let values = names.compactMap { name in getenv(name).map { String(cString: $0) } }
        return values.flatMap { $0.split(separator: ",").map(String.init) }.filter { $0.utf8.count >= 8 }
    }()
}
