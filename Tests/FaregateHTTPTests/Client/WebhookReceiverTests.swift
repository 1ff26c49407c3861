// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateHTTP
import FaregateValues
import FaregateWire
import Testing

@Suite struct WebhookReceiverTests {
    private static let now = Instant(milliseconds: 1_700_000_100_000)
    private static let clock = LiveClock(now: { now }, sleep: { _ in })
    private static let secrets = ["whsec_old", "whsec_new"]
    private static let event = #"{"id":"evt_1","type":"customer.created","data":{"object":{"id":"cus_1"}}}"#

    private func receiver() async throws -> WebhookReceiver {
        try await WebhookReceiver.start(
            host: "127.0.0.1", port: 0, secrets: Self.secrets, clock: Self.clock, post: PostOffice())
    }

    /// What the receiver answers to these bytes, until it closes.
    private func exchange(_ port: Int, _ text: String) async throws -> String {
        let socket = try RawSocket(port: port)
        socket.send(text)
        return await socket.receive() ?? ""
    }

    private func delivery(_ body: String, signature: String?, method: String = "POST") -> String {
        "\(method) /hook HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n"
            + (signature.map { "stripe-signature: \($0)\r\n" } ?? "") + "\r\n" + body
    }

    private func sign(_ body: String, _ secret: String) -> String {
        WebhookSignature.sign(Array(body.utf8), secret: secret, at: Self.now)
    }

    @Test(arguments: secrets) func signedEventsAreTaken(_ secret: String) async throws {
        let receiver = try await receiver()
        let answer = try await exchange(receiver.port, delivery(Self.event, signature: sign(Self.event, secret)))
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        await receiver.close()
    }

    @Test func whatIsNotSignedIsTurnedAway() async throws {
        let receiver = try await receiver()
        let signature = sign(Self.event, "whsec_old")
        let cases: [(text: String, status: String)] = [
            (delivery(Self.event, signature: nil), "400"),
            (delivery(Self.event, signature: sign(Self.event, "whsec_wrong")), "400"),
            (delivery(Self.event + " ", signature: signature), "400"),
            (delivery("no event", signature: sign("no event", "whsec_old")), "400"),
            (delivery("{}", signature: sign("{}", "whsec_old")), "400"),
            (delivery("", signature: nil, method: "GET"), "405"),
            (delivery(String(repeating: "x", count: 2 << 20), signature: signature), "413"),
            ("garbage\r\n\r\n", "400"),
        ]
        for (text, status) in cases {
            let answer = try await exchange(receiver.port, text)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(text.prefix(60)): \(answer)")
        }
        // All of this has done it no harm.
        let answer = try await exchange(receiver.port, delivery(Self.event, signature: signature))
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        await receiver.close()
    }

    @Test func aPortThatIsTakenIsNamed() async throws {
        let receiver = try await receiver()
        let error = await #expect(throws: SetupProblem.self) {
            try await WebhookReceiver.start(
                host: "127.0.0.1", port: receiver.port, secrets: Self.secrets, clock: Self.clock, post: PostOffice())
        }
        #expect(error?.description.contains(String(receiver.port)) == true)
        await receiver.close()
    }
}
