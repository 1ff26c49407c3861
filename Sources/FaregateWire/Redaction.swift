// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

/// What must never reach an output: keys, client secrets, card data.
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
                if case .string(let name) = key, isSecret(name), item.isScalar {
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

    /// A text without certain values, wherever they stand in it.
    package static func mask(_ text: String, _ secrets: [String]) -> String {
        secrets.reduce(text) { $0.contains($1) ? $0.replacing($1, with: mark) : $0 }
    }

    /// Whether a member of this name holds a secret.
    package static func isSecret(_ name: String) -> Bool {
        name.hasSuffix("client_secret") || name == "secret" || name == "number" || name == "cvc"
    }

    private static let prefixes = ["sk_test_", "sk_live_", "rk_test_", "rk_live_", "whsec_"]

    /// Words that look like keys, client secrets, card numbers or their codes, anywhere in a text.
    package static func redact(_ text: String) -> String {
        let text = CardNumbers.redact(text)
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) }) else { return text }
        var clean = ""
        var word = ""
        var previous = ""
        func flush() {
            guard !word.isEmpty else { return }
            clean += looksSecret(word) || isCardCode(word, after: previous) ? mark : word
            previous = word
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

    /// `cvc: 123`
    private static func isCardCode(_ word: String, after previous: String) -> Bool {
        ["cvc", "cvv"].contains(previous.lowercased()) && (3...4).contains(word.utf8.count)
            && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func looksSecret(_ word: String) -> Bool {
        if prefixes.contains(where: { word.hasPrefix($0) && word.utf8.count > $0.utf8.count }) { return true }
        // `pi_…_secret_…`
        let parts = word.split(separator: "_")
        guard let at = parts.firstIndex(of: "secret") else { return false }
        return at >= 2 && at + 1 < parts.count
    }
}

extension Value {
    fileprivate var isScalar: Bool {
        switch self {
        case .string, .int, .uint, .double, .bytes: true
        default: false
        }
    }
}
