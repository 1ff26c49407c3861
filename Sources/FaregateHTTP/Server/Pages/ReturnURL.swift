// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateWire

/// Where a customer goes after an action. Only addresses of the web: nothing that a browser would run or open otherwise.
struct ReturnURL: Sendable {
    let text: String
    /// `https://shop.example:8443`, for the policy of the page that leads there.
    let origin: String

    init?(_ text: String) {
        let lower = text.lowercased()
        guard lower.hasPrefix("http://") || lower.hasPrefix("https://"), text.utf8.count <= 2048 else { return nil }
        // What is allowed in an address, percent signs included; no blanks, quotes, backslashes or line ends.
        let plain = text.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !Array("\"<>\\^`{|}".utf8).contains(byte)
        }
        guard plain else { return nil }
        let scheme = lower.hasPrefix("https") ? "https://" : "http://"
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#".contains($0) }.lowercased()
        let host = authority.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || Array("-.:[]_".utf8).contains(byte)
        }
        guard !authority.isEmpty, host, (try? BaseAddress(scheme + authority)) != nil else { return nil }
        self.text = text
        origin = scheme + authority
    }

    /// The address with parameters added, in front of its fragment.
    func adding(_ parameters: [(name: String, value: String)]) -> String {
        let mark = text.firstIndex(of: "#") ?? text.endIndex
        let base = text[..<mark]
        let query = parameters.map { "\($0.name)=\(FormEncoding.escape($0.value))" }.joined(separator: "&")
        let joint = base.contains("?") ? (base.hasSuffix("?") || base.hasSuffix("&") ? "" : "&") : "?"
        return "\(base)\(joint)\(query)\(text[mark...])"
    }
}
