// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

/// What must never reach an output: keys and client secrets.
package enum Redaction {
    package static let mark = "[redacted]"

    /// The same value without secrets: members named like secrets, and texts that look like them.
    package static func redact(_ value: Value) -> Value {
        switch value {
        case .string(let text): return .string(redact(text))
        case .list(let items): return .list(items.map(redact))
        case .map(let map):
            var clean = ValueMap()
            for (key, item) in map {
                if case .string(let name) = key, isSecret(name), item.string != nil {
                    clean[value: key] = .string(mark)
                } else {
                    clean[value: key] = redact(item)
                }
            }
            return .map(clean)
        case .optional(let inner?): return .optional(redact(inner))
        default: return value
        }
    }

    private static func isSecret(_ name: String) -> Bool {
        name.hasSuffix("client_secret") || name == "secret" || name == "number" || name == "cvc"
    }

    private static let prefixes = ["sk_test_", "sk_live_", "rk_test_", "rk_live_", "whsec_"]

    /// Words that look like keys or client secrets, anywhere in a text.
    package static func redact(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
        var clean = ""
        var word = ""
        func flush() {
            clean += looksSecret(word) ? mark : word
            word = ""
        }
        for scalar in text.unicodeScalars {
            if scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                word.unicodeScalars.append(scalar)
            } else {
                flush()
                clean.unicodeScalars.append(scalar)
            }
        }
        flush()
        return clean
    }

    private static func looksSecret(_ word: String) -> Bool {
        if prefixes.contains(where: { word.hasPrefix($0) && word.utf8.count > $0.utf8.count }) { return true }
        // `pi_…_secret_…`
        let parts = word.split(separator: "_")
        guard let at = parts.firstIndex(of: "secret") else { return false }
        return at >= 2 && at + 1 < parts.count
    }
}
