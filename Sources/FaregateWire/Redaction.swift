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
                if case .string(let name) = key, isSecret(name), item.map == nil, !item.isNull {
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

    private static func isSecret(_ name: String) -> Bool {
        name.hasSuffix("client_secret") || name == "secret" || name == "number" || name == "cvc"
    }

    private static let prefixes = ["sk_test_", "sk_live_", "rk_test_", "rk_live_", "whsec_"]

    /// Words that look like keys, client secrets, card numbers or their codes, anywhere in a text.
    package static func redact(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "_") || (0x30...0x39).contains($0) }) else { return text }
        var clean = ""
        var word = ""
        var previous = ""
        func flush() {
            guard !word.isEmpty else { return }
            clean += looksSecret(word) || isCardNumber(word) || isCardCode(word, after: previous) ? mark : word
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

    /// 14 to 19 digits as cards have them, their check digit right.
    private static func isCardNumber(_ word: String) -> Bool {
        let digits = word.utf8.map { Int($0) - 0x30 }
        guard (14...19).contains(digits.count), digits.allSatisfy({ (0...9).contains($0) }), (2...6).contains(digits[0])
        else { return false }
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            let twice = digit * 2
            sum += place % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice
        }
        return sum % 10 == 0
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
