// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

/// One request to the API, before it is put into bytes.
package struct Request: Sendable, Hashable {
    package var method: String
    /// Beginning with `/v1/`.
    package var path: String
    /// A map; nested maps and lists become bracketed names on the wire.
    package var params: Value
    package var version: String
    /// Only on POST.
    package var idempotencyKey: String?
    package var account: String?

    package init(
        method: String, path: String, params: Value = .map([:]), version: String, idempotencyKey: String? = nil,
        account: String? = nil
    ) {
        self.method = method
        self.path = path
        self.params = params
        self.version = version
        self.idempotencyKey = idempotencyKey
        self.account = account
    }
}

/// The API's answer to a request.
package struct Response: Sendable, Hashable {
    package var status: Int
    package var body: Value
    package var requestID: String
    /// A stored answer, given again for a key that was used before.
    package var replayed: Bool
    /// `Original-Request`: the request that the key was first used with; nil for requests without a key.
    package var originalRequestID: String?
    /// `Stripe-Should-Retry`, where sent.
    package var shouldRetry: Bool?
    /// `Retry-After`, where sent.
    package var retryAfter: Duration?

    package init(
        status: Int, body: Value, requestID: String, replayed: Bool = false, originalRequestID: String? = nil,
        shouldRetry: Bool? = nil, retryAfter: Duration? = nil
    ) {
        self.status = status
        self.body = body
        self.requestID = requestID
        self.replayed = replayed
        self.originalRequestID = originalRequestID
        self.shouldRetry = shouldRetry
        self.retryAfter = retryAfter
    }

    package var error: APIError? {
        guard let error = body["error"], error.map != nil else { return nil }
        return APIError(body: error)
    }
}

/// The body of a refusal. Everything but the type may be missing.
package struct APIError: Sendable, Hashable {
    package var body: Value

    package init(body: Value) { self.body = body }

    package var type: String { body["type"]?.string ?? "api_error" }
    package var code: String? { body["code"]?.string }
    package var declineCode: String? { body["decline_code"]?.string }
    package var message: String { body["message"]?.string ?? "" }
    package var param: String? { body["param"]?.string }

    /// The object that the error embeds, by the name of its kind.
    package func embedded(_ kind: String) -> Value? { body[kind].flatMap { $0.map == nil ? nil : $0 } }
}

/// A notice that something has happened to an object.
package struct Event: Sendable, Hashable {
    package var body: Value

    package init(body: Value) { self.body = body }

    package var id: String { body["id"]?.string ?? "" }
    package var type: String { body["type"]?.string ?? "" }
    package var objectID: String { body[path: "data.object.id"]?.string ?? "" }
    /// Unix seconds.
    package var created: Int64 { body["created"]?.int ?? 0 }
    /// The request that caused it, and its key; "" where nothing did or it is not told.
    package var requestID: String { body[path: "request.id"]?.string ?? "" }
    package var idempotencyKey: String { body[path: "request.idempotency_key"]?.string ?? "" }
}
