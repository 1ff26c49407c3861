// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

/// An address that wants to hear of events.
struct WebhookEndpoint: Sendable, Hashable {
    var id: String
    var url: String
    var secret: String
    /// Types, or `*` for all.
    var enabledEvents: [String]
    var isEnabled = true
    var description: Value = .null
    var metadata: ValueMap = [:]
    var apiVersion: String?
    var created: Int64

    func hears(_ type: String) -> Bool { isEnabled && (enabledEvents.contains("*") || enabledEvents.contains(type)) }

    /// The object of the API; the secret stands in the answer to the creation only.
    func body(withSecret: Bool = false) -> Value {
        var body: ValueMap = [
            "id": .string(id), "object": "webhook_endpoint", "api_version": apiVersion.map { .string($0) } ?? .null,
            "application": .null, "created": .int(created), "description": description,
            "enabled_events": .list(enabledEvents.map { .string($0) }), "livemode": false, "metadata": .map(metadata),
        ]
        if withSecret { body["secret"] = .string(secret) }
        body["status"] = isEnabled ? "enabled" : "disabled"
        body["url"] = .string(url)
        return .map(body)
    }
}
