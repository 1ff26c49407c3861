// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateWire

/// A call to the API: parameters read, headers checked.
struct APICall: Sendable {
    var method: String
    var path: String
    var params: ValueMap
    var version: String
    var idempotencyKey: String?
    var account: String?

    init(_ request: MockRequest, version: String) throws(ErrorBody) {
        guard ["GET", "POST", "DELETE"].contains(request.method) else {
            throw ErrorBody(405, "The API knows GET, POST and DELETE, not \(request.method).")
        }
        method = request.method
        path = request.path
        self.version = try Self.version(request.headers["stripe-version"]) ?? version
        account = try Self.account(request.headers["stripe-account"])
        if method == "POST" { idempotencyKey = try Self.idempotencyKey(request.headers["idempotency-key"]) }
        do throws(FormDecoding.Problem) {
            var params = try FormDecoding.decode(request.query.utf8)
            if method != "GET", !request.body.isEmpty {
                try Self.insistOnForm(request.headers["content-type"])
                params = params.merging(try FormDecoding.decode(request.body))
            }
            self.params = params
        } catch {
            throw ErrorBody(400, error.message, param: error.param)
        }
    }

    var request: Request {
        Request(
            method: method, path: path, params: .map(params), version: version, idempotencyKey: idempotencyKey,
            account: account)
    }

    private static func insistOnForm(_ type: String?) throws(FormDecoding.Problem) {
        guard let type, !type.lowercased().hasPrefix("application/x-www-form-urlencoded") else { return }
        throw FormDecoding.Problem(
            message: "The API takes application/x-www-form-urlencoded, not \(type.prefix(100)).")
    }

    /// `2020-08-27`, and since late 2024 with a name: `2026-07-29.dahlia`.
    static func version(_ text: String?) throws(ErrorBody) -> String? {
        guard let text else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let date = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        let numbers = date.compactMap { $0.utf8.allSatisfy { (48...57).contains($0) } ? Int($0) : nil }
        guard date.map(\.count) == [4, 2, 2], numbers.count == 3, numbers[0] >= 2011, (1...12).contains(numbers[1]),
            (1...31).contains(numbers[2]), parts.count <= 2,
            parts.count == 1 ? parts[0] < "2024-09-30" : parts[0] >= "2024-09-30" && isName(parts[1])
        else { throw ErrorBody(400, "Invalid Stripe API version: \(text.prefix(60))") }
        return text
    }

    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (97...122).contains($0) }
    }

    private static func account(_ text: String?) throws(ErrorBody) -> String? {
        guard let text, !text.isEmpty else { return nil }
        guard text.hasPrefix("acct_"), text.utf8.count <= 100,
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        else { throw ErrorBody(400, "Stripe-Account names no account: it begins with acct_.") }
        return text
    }

    private static func idempotencyKey(_ text: String?) throws(ErrorBody) -> String? {
        guard let text else { return nil }
        guard !text.isEmpty, text.unicodeScalars.count <= 255 else {
            throw ErrorBody(400, "An idempotency key has 1 to 255 characters.")
        }
        return text
    }
}
