// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
import FaregateValues
package import FaregateWire

/// Takes answers for what they are: the API's own, or a peer's that is no API.
package enum AnswerReader {
    /// The longest answer that is read.
    package static let longest = 16 << 20

    /// - Parameter header: the value of a header by its name, whatever its case.
    package static func read(
        status: Int, header: (String) -> String?, body: [UInt8]
    ) throws(TransportFailure) -> Response {
        try refuseRedirect(status: status, location: header("location"))
        guard !body.isEmpty else { throw TransportFailure(kind(status), "HTTP \(status) without a body") }
        let json: Value
        do throws(JSONError) {
            json = try JSON.read(body)
        } catch {
            let type = (header("content-type") ?? "").prefix { $0 != ";" }
            let what = type.isEmpty ? "" : " (\(String(type).brief))"
            throw TransportFailure(kind(status), "HTTP \(status) with a text that is no JSON\(what)")
        }
        let isError = json["error"]?.map != nil
        guard json.map != nil, isError || (200..<300).contains(status) else {
            throw TransportFailure(kind(status), "HTTP \(status) with JSON that is no answer of the API")
        }
        return Response(
            status: status, body: json, requestID: (header("request-id") ?? "").brief,
            replayed: header("idempotent-replayed") == "true",
            originalRequestID: header("original-request").map(\.brief),
            shouldRetry: header("stripe-should-retry").flatMap(Bool.init),
            retryAfter: header("retry-after").flatMap(Int64.init).flatMap { $0 >= 0 ? Duration(seconds: $0) : nil })
    }

    /// A key goes where the user has sent it, never where a peer sends it on to; the head of an answer is enough to know.
    package static func refuseRedirect(status: Int, location: String?) throws(TransportFailure) {
        guard (300..<400).contains(status) else { return }
        guard let location else {
            throw TransportFailure(.refused, "HTTP \(status) without an address to go on to: this is no API")
        }
        throw TransportFailure(.refused, "it redirects to '\(place(location))', and a key is never sent on")
    }

    /// What an answer that cannot be read says about the request: a refusal did nothing, all else may have.
    private static func kind(_ status: Int) -> Reply.Failure {
        (400..<500).contains(status) && ![408, 409, 425, 429].contains(status) ? .refused : .unknown
    }

    /// Scheme and host of an address, without what may be secret in it.
    private static func place(_ location: String) -> String {
        guard let mark = location.firstRange(of: "://") else { return "another path" }
        let host = location[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return (location[..<mark.upperBound] + (host.split(separator: "@").last ?? "")).description.brief
    }
}
