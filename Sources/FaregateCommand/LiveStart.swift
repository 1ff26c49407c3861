// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate
import FaregateEngine
import FaregateHTTP
import FaregateValues

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a command holds while its runs go on: connections, a receiver, the ear for signals.
struct LiveStart {
    var setup: LiveSetup
    fileprivate let transport: HTTPTransport
    fileprivate let receiver: WebhookReceiver?
    fileprivate let visitor: PageVisitor?
    fileprivate let signals: SignalEar

    /// Does what all the runs come to, where it costs the least.
    func perform<Value: Sendable>(_ work: @Sendable () async -> Value) async -> Value { await transport.nearby(work) }

    func end() async {
        signals.end()
        await receiver?.close()
        await visitor?.close()
        await transport.close()
    }
}

extension LiveOptions {
    /// Everything that runs on the transport need.
    ///
    /// - Throws: where nothing can be sent, told and turned into an exit status.
    func start(jobs: Int) async throws -> LiveStart {
        do {
            return try await prepare(jobs: jobs)
        } catch let problem as SetupProblem {
            Terminal.error("faregate: \(problem)\n")
            throw Exit.couldNotRun
        }
    }

    private func prepare(jobs: Int) async throws -> LiveStart {
        let base = try BaseAddress(transport)
        let key = try key(for: base)
        var options = HTTPTransport.Options(base: base, key: key)
        options.account = account
        options.timeout = try duration(timeout, "--timeout") ?? options.timeout
        options.authorities = caFile
        options.proxy = try ProxySettings.read(for: base, in: Self.environment)
        options.pacer = base.isLoopback ? nil : .documented(for: key.mode)
        options.userAgent = "faregate/\(Version.current)"
        options.connections = jobs
        let patience = try duration(patience, "--patience")
        let secrets = try webhookSecrets()
        let place = try webhooks.map(listeningPlace)
        let transport = try HTTPTransport(options)
        var setup = LiveSetup(transport: transport, clock: .system, nonce: Self.nonce())
        setup.environment = Self.environment
        setup.isTestMode = key.mode == .test
        setup.version = apiVersion
        if let patience { setup.patience = patience }
        if base.isLoopback { setup.firstPoll = Duration(milliseconds: 200) }
        var receiver: WebhookReceiver?
        if let place {
            let post = PostOffice()
            setup.post = post
            receiver = try await WebhookReceiver.start(
                host: place.host, port: place.port, secrets: secrets, clock: setup.clock, post: post)
            Terminal.error("faregate: listening for events at http://\(place.host):\(receiver?.port ?? 0)\n")
        }
        var visitor: PageVisitor?
        switch customer ?? (base.isLoopback ? .auto : .prompt) {
        case .auto:
            visitor = PageVisitor(visitsLoopback: base.isLoopback)
            setup.customer = visitor
            // What only a wallet's own program would show has a page on the mock all the same.
            if base.isLoopback { setup.page = { "\(base)/redirect/authenticate/\($0)" } }
        case .prompt: setup.customer = Prompt()
        case .none: break
        }
        return LiveStart(
            setup: setup, transport: transport, receiver: receiver, visitor: visitor,
            signals: SignalEar(interruption: setup.interruption, leftovers: setup.leftovers))
    }

    private func key(for base: BaseAddress) throws -> SecretKey {
        guard let text = Self.environment("STRIPE_API_KEY"), !text.isEmpty else {
            if base.isLoopback { return .placeholder }
            throw SetupProblem("STRIPE_API_KEY is not set: \(base) wants a secret key (sk_test_…)")
        }
        let key = try SecretKey(text)
        if key.mode == .live, !allowLive {
            throw SetupProblem(
                "STRIPE_API_KEY is a live key, and real money would move: take a test key, or say --allow-live")
        }
        return key
    }

    private func duration(_ text: String?, _ name: String) throws -> FaregateValues.Duration? {
        guard let text else { return nil }
        guard let duration = FaregateValues.Duration.parse(text), duration > .zero else {
            Terminal.error("faregate: \(name) '\(text)' is no duration: write it as 30s or 2m\n")
            throw Exit.badInput
        }
        return duration
    }

    private func webhookSecrets() throws -> [String] {
        guard webhooks != nil else { return [] }
        let secrets = (Self.environment("STRIPE_WEBHOOK_SECRET") ?? "").split(separator: ",").map { word in
            String(word.filter { !$0.isWhitespace })
        }.filter { !$0.isEmpty }
        guard !secrets.isEmpty else {
            throw SetupProblem(
                "STRIPE_WEBHOOK_SECRET is not set: without the endpoint's secret (whsec_…) no event can be trusted")
        }
        return secrets
    }

    /// `127.0.0.1:4242`, or a port alone.
    private func listeningPlace(_ text: String) throws -> (host: String, port: Int) {
        let colon = text.lastIndex(of: ":")
        var host = colon.map { String(text[..<$0]) } ?? "127.0.0.1"
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let digits = colon.map { String(text[text.index(after: $0)...]) } ?? text
        guard let port = Int(digits), (0...65535).contains(port), !host.isEmpty else {
            Terminal.error("faregate: --webhooks '\(text)' is no place to listen at: write it as 127.0.0.1:4242\n")
            throw Exit.badInput
        }
        return (host, port)
    }

    @Sendable private static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func nonce() -> String {
        StableHash("\(UInt64.random(in: .min ... .max))/\(UInt64.random(in: .min ... .max))").base32
    }

    /// Shows the address, and waits for the person who reads it.
    private struct Prompt: Customer {
        func visit(_ page: CustomerPage) async -> String? {
            let words =
                switch page.choice {
                case "authorizes": "authorize the payment"
                case "refuses": "refuse the payment"
                case "abandons": "leave it alone"
                default: page.choice
                }
            Terminal.error("faregate: open this page and \(words):\n  \(page.address.printable)\n")
            return nil
        }
    }
}

extension String {
    /// Without what would disturb a terminal.
    fileprivate var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { $0.value > 0x20 && $0.value < 0x7F }.prefix(2000)))
    }
}
