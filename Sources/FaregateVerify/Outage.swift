// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateValues
import FaregateWire

/// An answer that the provider's servers give in place of the documented one, whatever was asked.
///
/// Scenarios play the actor `api`: `limits` (429), `limits lock` (429, the object is in use), `conflicts` (409, the key is in
/// use), `fails` (500, nothing was done), `fails late` (500 although it was done; the key keeps this answer).
///
/// The mock server gives them where it is told to answer with their status.
package struct Outage: Sendable, Hashable {
    package var status: Int
    package var type = "invalid_request_error"
    package var code: String?
    package var message: String
    /// The request was carried out all the same.
    var isLate = false

    private static let limit = Outage(
        status: 429, code: "rate_limit", message: "Too many requests hit the API too quickly.")
    private static let lock = Outage(
        status: 429, code: "lock_timeout",
        message: "This object cannot be accessed right now because another request is using it.")
    private static let conflict = Outage(
        status: 409, code: "idempotency_key_in_use",
        message: "There is currently another in-progress request using this key.")

    private static func failure(_ status: Int, isLate: Bool = false) -> Outage {
        Outage(status: status, type: "api_error", message: "An unknown error occurred.", isLate: isLate)
    }

    /// nil: the documented answer.
    static func played(by words: ChoiceWords) -> Outage? {
        switch (words.name, words.argument) {
        case ("limits", "lock"): lock
        case ("limits", _): limit
        case ("conflicts", _): conflict
        case ("fails", let argument): failure(500, isLate: argument == "late")
        default: nil
        }
    }

    /// What the servers answer with a status, whatever was asked; nil: that status tells of the request itself.
    package static func of(status: Int) -> Outage? {
        switch status {
        case 409: conflict
        case 429: limit
        case 500...599: failure(status)
        default: nil
        }
    }

    func response(requestID: String) -> Response {
        var error: ValueMap = ["type": .string(type), "message": .string(message)]
        if let code { error["code"] = .string(code) }
        return Response(status: status, body: ["error": .map(error)], requestID: requestID)
    }
}
