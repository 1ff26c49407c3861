// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
package import FaregateEngine
import FaregateValues
import FaregateWire
import NIOCore
import NIOHTTP1
import NIOPosix

/// Plays the customer: goes to the page, presses the button, comes back. On test hosts only, and without any key.
package final class PageVisitor: Customer {
    private let client: HTTPClient
    private let group: MultiThreadedEventLoopGroup
    private static let longestPage = 1 << 20
    private static let patience = Duration(seconds: 20)
    /// Where the provider keeps the pages of test mode.
    static let testHosts = [
        "hooks.stripe.com", "pm-redirects.stripe.com", "testmode-acs.stripe.com", "payments.stripe.com",
    ]

    /// Whether pages on this machine are visited: an API elsewhere has no business there.
    private let visitsLoopback: Bool

    package init(visitsLoopback: Bool) {
        self.visitsLoopback = visitsLoopback
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var configuration = HTTPClient.Configuration.guarded()
        configuration.timeout.connect = .seconds(10)
        client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
    }

    package func close() async {
        try? await client.shutdown()
        try? await group.shutdownGracefully()
    }

    package func visit(_ page: CustomerPage) async -> String? {
        guard let wanted = Self.button(page.choice) else { return nil }
        let visit: @Sendable () async -> String? = { [self] in
            do throws(SetupProblem) {
                try await press(wanted, at: page.address)
                return nil
            } catch {
                return error.description
            }
        }
        return await HTTPTransport.within(Self.patience, on: group.any(), visit) ?? "the page did not answer"
    }

    /// The button for a choice; nil where the customer does nothing.
    static func button(_ choice: String) -> String? {
        switch choice {
        case "authorizes": "authorize"
        case "refuses", "fails": "fail"
        case "expires": "expire"
        default: nil
        }
    }

    private func press(_ button: String, at address: String) async throws(SetupProblem) {
        var place = address
        var answer = try await send(.init(url: place), to: place)
        for _ in 0..<5 where (300..<400).contains(answer.status) {
            place = try Self.resolve(answer.location ?? "", on: place)
            answer = try await send(.init(url: place), to: place)
        }
        guard answer.status == 200 else { throw SetupProblem("the page answered HTTP \(answer.status)") }
        guard let form = PageForm.read(answer.text), form.choices.contains(button) else {
            throw SetupProblem("the page offers no button '\(button)'")
        }
        place = try Self.resolve(form.action, on: place)
        var request = HTTPClientRequest(url: place)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        let pairs = form.fields.map { "\(FormEncoding.escape($0.name))=\(FormEncoding.escape($0.value))" }
        request.body = .bytes(ByteBuffer(string: (pairs + ["choice=\(button)"]).joined(separator: "&")))
        // Where it leads back to is the business's own page, and none of ours.
        let status = try await send(request, to: place).status
        guard status < 400 else { throw SetupProblem("the page answered the button '\(button)' with HTTP \(status)") }
    }

    private func send(
        _ request: HTTPClientRequest, to place: String
    ) async throws(SetupProblem) -> (status: Int, location: String?, text: String) {
        guard Self.isTestHost(place, visitsLoopback: visitsLoopback) else {
            throw SetupProblem("the page is on no test host, and nothing is pressed there (--customer prompt shows it)")
        }
        do {
            let answer = try await client.execute(request, timeout: .seconds(20))
            var body = ByteBuffer()
            for try await chunk in answer.body {
                guard body.readableBytes + chunk.readableBytes <= Self.longestPage else { break }
                body.writeImmutableBuffer(chunk)
            }
            return (Int(answer.status.code), answer.headers.first(name: "location"), String(buffer: body))
        } catch {
            throw SetupProblem("the page cannot be reached: \(TransportFailure(sending: error).reason)")
        }
    }

    static func isTestHost(_ place: String, visitsLoopback: Bool) -> Bool {
        guard let base = try? BaseAddress(String(place.prefix { $0 != "?" && $0 != "#" }.origin)) else { return false }
        return (base.isLoopback && visitsLoopback) || (base.isSecure && testHosts.contains(base.host))
    }

    /// An address as a page writes it, on the page that it stands on.
    static func resolve(_ reference: String, on place: String) throws(SetupProblem) -> String {
        if reference.isEmpty { return place }
        if reference.hasPrefix("http://") || reference.hasPrefix("https://") { return reference }
        let origin = String(place[...].origin)
        if reference.hasPrefix("//") { return String(origin.prefix { $0 != ":" }) + ":" + reference }
        if reference.hasPrefix("/") { return origin + reference }
        if reference.contains(":") { throw SetupProblem("the page leads to an odd address") }
        let path = place.dropFirst(origin.count).prefix { $0 != "?" && $0 != "#" }
        if reference.hasPrefix("?") { return origin + path + reference }
        return origin + (path.lastIndex(of: "/").map { path[...$0] } ?? "/") + reference
    }
}

extension Substring {
    /// Scheme and host of an address.
    fileprivate var origin: Substring {
        guard let mark = String(self).firstRange(of: "://") else { return "" }
        let start = index(
            startIndex, offsetBy: String(self).distance(from: String(self).startIndex, to: mark.upperBound))
        return self[..<(self[start...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? endIndex)]
    }
}
