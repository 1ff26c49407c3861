// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The proxy that the environment asks for.
package struct ProxySettings: Sendable, Hashable {
    package var host: String
    package var port: Int
    /// `user:password`, not yet encoded.
    package var credentials: String?

    /// The proxy for an address by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in lower case as well; nil for none.
    /// This machine is never reached through one.
    package static func read(
        for address: BaseAddress, in environment: (String) -> String?
    ) throws(SetupProblem) -> ProxySettings? {
        guard !address.isLoopback, !isExempt(address, in: environment) else { return nil }
        let name = address.isSecure ? "HTTPS_PROXY" : "HTTP_PROXY"
        guard let text = environment(name.lowercased()) ?? environment(name), !text.isEmpty else { return nil }
        guard let settings = ProxySettings(text) else {
            throw SetupProblem("\(name) is no address of a proxy: write it as http://host:port")
        }
        return settings
    }

    private init?(_ text: String) {
        var rest = text
        if let mark = text.firstRange(of: "://") {
            guard text[..<mark.lowerBound].lowercased() == "http" else { return nil }
            rest = String(text[mark.upperBound...])
        }
        if let at = rest.lastIndex(of: "@") {
            credentials = PercentEncoding.decode(String(rest[..<at]))
            rest = String(rest[rest.index(after: at)...])
        }
        guard let address = try? BaseAddress("http://" + rest) else { return nil }
        host = address.host
        port = address.port
    }

    private static func isExempt(_ address: BaseAddress, in environment: (String) -> String?) -> Bool {
        guard let list = environment("no_proxy") ?? environment("NO_PROXY") else { return false }
        for item in list.split(separator: ",") {
            var name = String(item.filter { !$0.isWhitespace }).lowercased()
            if name == "*" { return true }
            if name.hasSuffix(":\(address.port)") { name.removeLast(":\(address.port)".count) }
            while name.hasPrefix(".") { name.removeFirst() }
            if !name.isEmpty, address.host == name || address.host.hasSuffix("." + name) { return true }
        }
        return false
    }
}
