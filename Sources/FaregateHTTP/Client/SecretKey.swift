// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateWire

/// A secret key of the API. It shows itself nowhere: no description, no reflection tells it.
package struct SecretKey: Sendable, CustomStringConvertible, CustomReflectable {
    package enum Mode: Sendable, Hashable { case test, live }

    package let mode: Mode
    let secret: String

    package var description: String { Redaction.mark }
    package var customMirror: Mirror { Mirror(self, children: [:]) }

    /// What a mock on this machine gets where no key is set.
    package static let placeholder = SecretKey(mode: .test, secret: "sk_test_faregate")

    private init(mode: Mode, secret: String) {
        self.mode = mode
        self.secret = secret
    }

    /// - Throws: what is wrong with it, without telling it.
    package init(_ text: String) throws(SetupProblem) {
        guard !text.isEmpty else { throw SetupProblem("STRIPE_API_KEY is empty") }
        let isWord = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
        }
        guard isWord, text.utf8.count <= 255 else {
            throw SetupProblem(
                "STRIPE_API_KEY holds characters that no key has: is there a space or a line break in it?")
        }
        secret = text
        if text.hasPrefix("sk_test_") || text.hasPrefix("rk_test_") {
            mode = .test
        } else if text.hasPrefix("sk_live_") || text.hasPrefix("rk_live_") {
            mode = .live
        } else if text.hasPrefix("pk_") {
            throw SetupProblem("STRIPE_API_KEY is a publishable key; a run needs a secret one (sk_test_…)")
        } else {
            throw SetupProblem("STRIPE_API_KEY is no secret key: it begins with neither sk_test_ nor rk_test_")
        }
    }
}

/// Why nothing can be sent; told before anything is.
package struct SetupProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
