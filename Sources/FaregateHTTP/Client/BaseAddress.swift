// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Where an API answers: scheme, host, port and the path that all requests begin with.
package struct BaseAddress: Sendable, Hashable, CustomStringConvertible {
    package let isSecure: Bool
    /// Without the brackets of an IPv6 address.
    package let host: String
    package let port: Int
    /// "" or `/prefix`.
    package let prefix: String

    package init(_ text: String) throws(SetupProblem) {
        let form = "write it as https://api.stripe.com or http://127.0.0.1:12111"
        guard let mark = text.firstRange(of: "://") else {
            throw SetupProblem("'\(text.brief)' is no address: \(form)")
        }
        switch text[..<mark.lowerBound].lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: throw SetupProblem("'\(text.brief)' is no address of http or https: \(form)")
        }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else {
            throw SetupProblem("an address holds no user or password: the key comes from STRIPE_API_KEY")
        }
        var path = String(rest[authority.endIndex...])
        while path.hasSuffix("/") { path.removeLast() }
        guard path.utf8.allSatisfy({ $0.isPath }), !path.contains("/../"), !path.hasSuffix("/..") else {
            throw SetupProblem("'\(text.brief)' holds more than a host and a path: \(form)")
        }
        prefix = path
        let (name, digits) = Self.split(String(authority))
        let isNumbers = authority.hasPrefix("[")
        guard !name.isEmpty, name.utf8.allSatisfy({ isNumbers ? $0.isOfIPv6 : $0.isWord }),
            isNumbers == name.contains(":")
        else {
            throw SetupProblem("'\(text.brief)' names no host: \(form)")
        }
        host = name.lowercased()
        if let digits {
            guard let number = Int(digits), (1...65535).contains(number) else {
                throw SetupProblem("'\(digits.brief)' is no port")
            }
            port = number
        } else {
            port = isSecure ? 443 : 80
        }
    }

    private static func split(_ authority: String) -> (host: String, port: String?) {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let rest = authority[authority.index(after: end)...]
            return (
                String(authority[authority.index(after: authority.startIndex)..<end]),
                rest.hasPrefix(":") ? String(rest.dropFirst()) : rest.isEmpty ? nil : ""
            )
        }
        guard let colon = authority.lastIndex(of: ":") else { return (authority, nil) }
        return (String(authority[..<colon]), String(authority[authority.index(after: colon)...]))
    }

    /// Whether it is this machine: what is sent there stays here.
    package var isLoopback: Bool { Self.isLoopback(host) }

    package static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Scheme, host and port, as URLs begin.
    var origin: String {
        let name = host.contains(":") ? "[\(host)]" : host
        let isUsual = port == (isSecure ? 443 : 80)
        return "\(isSecure ? "https" : "http")://\(name)\(isUsual ? "" : ":\(port)")"
    }

    package var description: String { origin + prefix }
}

extension UInt8 {
    fileprivate var isWord: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
            || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~")].contains(self)
    }
    /// Hexadecimal digits, colons, and what an IPv4 address at the end has.
    fileprivate var isOfIPv6: Bool {
        (0x30...0x3A).contains(self) || (0x41...0x46).contains(self) || (0x61...0x66).contains(self)
            || self == UInt8(ascii: ".")
    }
    fileprivate var isPath: Bool { isWord || self == UInt8(ascii: "/") || self == UInt8(ascii: "%") }
}

extension String {
    /// Short enough for a message, without characters that would disturb a terminal.
    var brief: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(100)))
    }

    func firstRange(of part: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
