// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// What the network does to the next requests, for tests of clients.
enum Fault: Sendable, Hashable {
    /// The answer comes later; meanwhile the request's key is in use.
    case delay(milliseconds: Int64)
    /// The request never arrives.
    case dropRequest
    /// The request is carried out, and its answer is lost.
    case dropAnswer
    /// Another answer than the API's own, and nothing is carried out.
    case answer(status: Int)

    /// `{"delay": "500ms"}`, `{"drop": "answer"}`, `{"status": 503}`
    init(_ value: Value) throws(ErrorBody) {
        guard value.map?.count == 1 else { throw Self.refusal }
        if let text = value["delay"]?.string, let delay = Duration.parse(text),
            (0...60_000).contains(delay.totalMilliseconds)
        {
            self = .delay(milliseconds: delay.totalMilliseconds)
        } else if value["drop"] == "request" {
            self = .dropRequest
        } else if value["drop"] == "answer" {
            self = .dropAnswer
        } else if let status = value["status"]?.int, (400...599).contains(status) {
            self = .answer(status: Int(status))
        } else {
            throw Self.refusal
        }
    }

    private static let refusal = ErrorBody(
        400,
        "A fault is one of {\"delay\": \"500ms\"} up to 60s, {\"drop\": \"request\"}, {\"drop\": \"answer\"} and {\"status\": 503}."
    )
}
