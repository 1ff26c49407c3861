// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A request as it came over the wire, read to its end.
package struct MockRequest: Sendable {
    package var method: String
    /// Without the query.
    package var path: String
    package var query: String
    /// By lower-case name; of repeated ones the last.
    package var headers: [String: String]
    package var body: [UInt8]

    package init(
        method: String, path: String, query: String = "", headers: [String: String] = [:], body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}

/// An answer before it is put onto the wire.
package struct MockAnswer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package subscript(header header: String) -> String? {
        headers.first { $0.name.lowercased() == header.lowercased() }?.value
    }

    init(status: Int, type: String, text: String, headers: [(name: String, value: String)] = []) {
        self.init(status: status, headers: [("Content-Type", type)] + headers, body: Array(text.utf8))
    }
}
