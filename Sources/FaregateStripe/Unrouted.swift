// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateValues

/// Answers to paths that the mock does not serve: those that the API has, and those that nobody has.
struct Unrouted: Sendable {
    private let elsewhere: Set<String>
    /// Routes beside those that are served: the method and the segments, placeholders in braces.
    private let published: [[Substring]]

    init(_ routes: Value) {
        elsewhere = Set(
            (routes["elsewhere"]?.list ?? []).flatMap { ($0.string ?? "").split(separator: " ").map(String.init) })
        published = (routes["published"]?.list ?? []).map { ($0.string ?? "").split { $0 == " " || $0 == "/" } }
    }

    func refusal(_ method: String, _ path: String) -> Refusal {
        let segments = path.split(separator: "/")
        let asked = [method[...]] + segments
        let isPublished = published.contains { pattern in
            pattern.count == asked.count && zip(pattern, asked).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        if isPublished || (segments.count > 1 && segments[0] == "v1" && elsewhere.contains(String(segments[1]))) {
            return .notModelled("Faregate's mock does not model \(method) \(path).")
        }
        return .invalid(
            "Unrecognized request URL (\(method): \(path)). Please see https://stripe.com/docs or we can help at "
                + "https://support.stripe.com/.", http: 404)
    }
}
