// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateVerify

/// How the time of a mock server passes.
package enum MockTime: String, Sendable, CaseIterable {
    /// With the wall clock; a bank takes about as long as in test mode.
    case real
    /// With the wall clock, but banks, refunds and disputes take a second or two.
    case fast
    /// Only when the control API says so; it begins with 2026.
    case manual
}

/// What a mock server is told at its start.
package struct MockSettings: Sendable {
    package var host: String
    /// 0: any that is free.
    package var port: Int
    /// Ids come from it.
    package var seed: String
    package var time: MockTime
    /// Each key has an account of its own; otherwise all keys share one.
    package var isolatesKeys: Bool
    /// Whether `/_faregate/` answers at addresses other than loopback.
    package var allowsControl: Bool
    /// What a scenario has its actors do, and the kind of object that each of them is asked about where the scenario says so.
    package var scripts: [Cast.Script]
    package var limits: Limits

    /// What a client may cost.
    package struct Limits: Sendable {
        package var bodyBytes = 1 << 20
        package var headerBytes = 16 << 10
        package var headers = 100
        package var connections = 512
        /// Seconds without a request before a connection is closed.
        package var idleSeconds = 60
        /// Seconds from a head's first byte, or from a connection's beginning, to the head's end.
        package var headSeconds = 5
        /// Seconds from a request's head to the end of its answer.
        package var requestSeconds = 20
        /// Accounts, where each key has one.
        package var accounts = 1000

        package init() {}
    }

    package init(
        host: String = "127.0.0.1", port: Int = 12111, seed: String = "0", time: MockTime = .fast,
        isolatesKeys: Bool = false, allowsControl: Bool = false, scripts: [Cast.Script] = [], limits: Limits = Limits()
    ) {
        self.host = host
        self.port = port
        self.seed = seed
        self.time = time
        self.isolatesKeys = isolatesKeys
        self.allowsControl = allowsControl
        self.scripts = scripts
        self.limits = limits
    }

    package var isLoopback: Bool { MockSettings.isLoopback(host) }

    static func isLoopback(_ host: String) -> Bool {
        if ["localhost", "::1", "[::1]"].contains(host.lowercased()) { return true }
        // "127.0.0.1.example" is somebody's name.
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }

    /// Where clients on this machine reach the server.
    package func baseURL(port: Int) -> String {
        let name = host == "0.0.0.0" || host == "::" ? "localhost" : host.contains(":") ? "[\(host)]" : host
        return "http://\(name):\(port)"
    }
}

/// What one actor does, as a scenario has it.
package typealias MockScript = Cast.Script
