// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import FaregateWire

/// The account's list of events, read where no receiver listens.
struct EventFeed: Sendable {
    let isOpen: Bool
    private let version: String
    private let since: Instant
    private var seen: Set<String> = []
    private static let pages = 10

    init(version: String, since: Instant, isOpen: Bool) {
        self.version = version
        self.since = since
        self.isOpen = isOpen
    }

    /// The events since the last time, oldest first. A list that cannot be read is read again the next time.
    mutating func read(_ transport: any Transport, at instant: Instant) async -> [(event: Event, at: Instant)] {
        var fresh: [Event] = []
        var cursor: String?
        for _ in 0..<Self.pages {
            var params: ValueMap = [
                "limit": .int(100), "created": ["gte": .int(since.milliseconds / 1000 - 1)],
            ]
            if let cursor { params["starting_after"] = .string(cursor) }
            let request = Request(method: "GET", path: "/v1/events", params: .map(params), version: version)
            guard let response = try? await transport.send(request, timeout: nil), response.error == nil else { break }
            let items = response.body["data"]?.list ?? []
            let new = items.map(Event.init).filter { !$0.id.isEmpty && !seen.contains($0.id) }
            fresh += new
            guard response.body["has_more"] == .bool(true), new.count == items.count, let last = new.last else { break }
            cursor = last.id
        }
        seen.formUnion(fresh.map(\.id))
        return fresh.reversed().map { ($0, instant) }
    }
}
