// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateValues
import FaregateWire

/// An answer that the provider's servers give in place of the documented one, whatever was asked.
///
/// Scenarios play the actor `api`: `limits` (429), `limits lock` (429, the object is in use), `conflicts` (409, the key is in
/// use), `fails` (500, nothing was done), `fails late` (500 although it was done; the key keeps this answer).
struct Outage {
    var status: Int
    var type: String
    var code: String?
    var message: String
    /// The request was carried out all the same.
    var isLate = false

    /// nil: the documented answer.
    init?(_ words: ChoiceWords) {
        type = "invalid_request_error"
        switch (words.name, words.argument) {
        case ("limits", "lock"):
            (status, code) = (429, "lock_timeout")
            message = "This object cannot be accessed right now because another request is using it."
        case ("limits", _):
            (status, code) = (429, "rate_limit")
            message = "Too many requests hit the API too quickly."
        case ("conflicts", _):
            (status, code) = (409, "idempotency_key_in_use")
            message = "There is currently another in-progress request using this key."
        case ("fails", let argument):
            (status, type) = (500, "api_error")
            message = "An unknown error occurred."
            isLate = argument == "late"
        default: return nil
        }
    }

    func response(requestID: String) -> Response {
        var error: ValueMap = ["type": .string(type), "message": .string(message)]
        if let code { error["code"] = .string(code) }
        return Response(status: status, body: ["error": .map(error)], requestID: requestID)
    }
}
