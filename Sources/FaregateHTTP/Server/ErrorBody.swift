// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateVerify

/// An error of the server itself, in the API's shape.
struct ErrorBody: Error, Sendable {
    var status: Int
    var type = "invalid_request_error"
    var code: String?
    var message: String
    var param: String?

    var value: Value {
        var error = ValueMap()
        if let code {
            error["code"] = .string(code)
            error["doc_url"] = .string(
                "https://stripe.com/docs/error-codes/\(String(code.map { $0 == "_" ? "-" : $0 }))")
        }
        error["message"] = .string(message)
        if let param { error["param"] = .string(param) }
        error["type"] = .string(type)
        return ["error": .map(error)]
    }

    init(_ status: Int, _ message: String, code: String? = nil, param: String? = nil) {
        self.status = status
        self.message = message
        self.code = code
        self.param = param
    }

    init(_ outage: Outage) {
        self.init(outage.status, outage.message, code: outage.code)
        type = outage.type
    }

    init(_ refusal: APIKey.Refusal) {
        switch refusal {
        case .missing:
            self.init(
                401,
                "You did not provide an API key. Give it in the Authorization header: 'Authorization: Bearer sk_test_...'."
            )
        case .malformed:
            self.init(
                401,
                "The Authorization header is neither 'Bearer KEY' nor Basic with the key as user name and no password.")
        case .live:
            self.init(
                401, "This is a live key, and this is a mock: use a test key, and think of replacing the live one.")
        case .unknown(let text): self.init(401, "Invalid API Key provided: \(APIKey.mask(text)).")
        }
    }
}
