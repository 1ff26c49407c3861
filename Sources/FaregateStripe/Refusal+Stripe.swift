// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateValues

// Refusals that need no object.
extension Refusal {
    /// HTTP 400, and the key of the request stays free: nothing was done.
    static func invalid(_ message: String, code: String = "", param: String? = nil, http: Int = 400) -> Refusal {
        var error = ValueMap()
        if code != "" {
            error["code"] = .string(code)
            error["doc_url"] = .string(docURL(code))
        }
        error["message"] = .string(message)
        if let param, !param.isEmpty { error["param"] = .string(param) }
        error["type"] = "invalid_request_error"
        return Refusal(status: http, error: error, isKept: false)
    }

    /// What the API can do and the mock cannot: HTTP 501, which the API never answers.
    static func notModelled(_ message: String, param: String? = nil) -> Refusal {
        var refusal = invalid(message, code: "not_modelled", param: param, http: 501)
        refusal.error["doc_url"] = nil
        refusal.error["type"] = "api_error"
        refusal.shouldRetry = false
        return refusal
    }

    static func docURL(_ code: String) -> String {
        "https://stripe.com/docs/error-codes/\(code.replacing("_", with: "-"))"
    }
}
