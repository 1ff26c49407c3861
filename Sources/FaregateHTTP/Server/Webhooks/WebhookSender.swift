// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import FaregateValues
import NIOCore
import NIOHTTP1

/// Brings events to endpoints: the only place where the mock sends something by itself.
struct WebhookSender: Sendable {
    struct Parcel: Sendable {
        var account: Account
        var number: Int
        var url: String
        var body: [UInt8]
        var secret: String
    }

    private let client: HTTPClient

    init() {
        // Whoever redirects has not taken the event.
        var configuration = HTTPClient.Configuration.guarded()
        configuration.timeout.connect = .seconds(5)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static let name = "Stripe/1.0 (+faregate mock)"

    /// Whether a request is a delivery of this mock or of another.
    static func isDelivery(_ request: MockRequest) -> Bool {
        request.headers["stripe-signature"] != nil || request.headers["user-agent"] == name
    }

    func close() async { try? await client.shutdown() }

    /// The HTTP status of the answer; 0 where there is none.
    func send(_ parcel: Parcel) async -> Int {
        var request = HTTPClientRequest(url: parcel.url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json; charset=utf-8")
        request.headers.add(name: "User-Agent", value: Self.name)
        // The receiver's clock is the wall's, whatever time the mock goes by.
        let signature = WebhookSignature.sign(parcel.body, secret: parcel.secret, at: WallClock.now())
        request.headers.add(name: "Stripe-Signature", value: signature)
        request.body = .bytes(ByteBuffer(bytes: parcel.body))
        do {
            let answer = try await client.execute(request, timeout: .seconds(10))
            _ = try? await answer.body.collect(upTo: 1 << 16)
            return Int(answer.status.code)
        } catch {
            return 0
        }
    }
}
