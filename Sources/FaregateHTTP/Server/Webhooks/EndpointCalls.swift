// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateValues
import FaregateWire

/// Calls to `/v1/webhook_endpoints`: the mock's own, for deliveries are no part of the simulated world.
struct EndpointCalls {
    static let path = "/v1/webhook_endpoints"
    /// As many as an account may have.
    private static let most = 16

    static func handles(_ path: String) -> Bool { path == Self.path || path.hasPrefix(Self.path + "/") }

    let call: APICall
    let seed: String
    let now: Instant

    func answer(_ endpoints: inout [WebhookEndpoint], root: String) throws(ErrorBody) -> Value {
        let steps = call.path.split(separator: "/").map(String.init)
        switch (call.method, steps.count) {
        case ("POST", 2): return try create(&endpoints, root)
        case ("GET", 2): return try list(endpoints)
        case ("GET", 3): return endpoints[try find(steps[2], endpoints)].body()
        case ("POST", 3):
            let at = try find(steps[2], endpoints)
            try change(&endpoints[at])
            return endpoints[at].body()
        case ("DELETE", 3):
            let gone = endpoints.remove(at: try find(steps[2], endpoints))
            return ["id": .string(gone.id), "object": "webhook_endpoint", "deleted": true]
        default: throw ErrorBody(404, "Unrecognized request URL (\(call.method): \(call.path)).")
        }
    }

    private func find(_ id: String, _ endpoints: [WebhookEndpoint]) throws(ErrorBody) -> Int {
        guard let at = endpoints.firstIndex(where: { $0.id == id }) else {
            throw ErrorBody(
                404, "No such webhook endpoint: '\(id)'", code: "resource_missing", param: "webhook_endpoint")
        }
        return at
    }

    private func create(_ endpoints: inout [WebhookEndpoint], _ root: String) throws(ErrorBody) -> Value {
        guard endpoints.count < Self.most else {
            throw ErrorBody(400, "You have reached the maximum of \(Self.most) test webhook endpoints.")
        }
        for name in ["url", "enabled_events"] where call.params[name] == nil {
            throw ErrorBody(400, "Missing required param: \(name).", code: "parameter_missing", param: name)
        }
        func digits(_ what: String) -> String { String(StableHash("\(seed)/\(root)/\(what)").base62) }
        var endpoint = WebhookEndpoint(
            id: "we_\(digits("id"))", url: "", secret: "whsec_\(digits("a"))\(digits("b").prefix(10))",
            enabledEvents: [],
            created: now.milliseconds / 1000)
        if let version = call.params["api_version"]?.string, !version.isEmpty {
            endpoint.apiVersion = try APICall.version(version)
        }
        try change(&endpoint)
        endpoints.append(endpoint)
        return endpoint.body(withSecret: true)
    }

    private func change(_ endpoint: inout WebhookEndpoint) throws(ErrorBody) {
        for (key, value) in call.params {
            let name = key.string ?? ""
            switch (name, value) {
            case ("url", .string(let url)):
                guard ReturnURL(url) != nil else {
                    throw ErrorBody(400, "Invalid URL.", code: "url_invalid", param: "url")
                }
                endpoint.url = url
            case ("enabled_events", .list(let types)): endpoint.enabledEvents = try types.map(type)
            case ("description", .string(let text)): endpoint.description = text.isEmpty ? .null : value
            case ("disabled", "true"), ("disabled", "True"): endpoint.isEnabled = false
            case ("disabled", "false"), ("disabled", "False"): endpoint.isEnabled = true
            case ("metadata", .map(let changes)):
                for (key, value) in changes { endpoint.metadata[value: key] = value == "" ? nil : value }
            case ("metadata", ""): endpoint.metadata = [:]
            case ("api_version", .string), ("expand", .list): break
            case ("url", _), ("enabled_events", _), ("description", _), ("disabled", _), ("metadata", _):
                throw ErrorBody(400, "Invalid value for \(name).", param: name)
            default:
                throw ErrorBody(400, "Received unknown parameter: \(name)", code: "parameter_unknown", param: name)
            }
        }
    }

    private func type(_ value: Value) throws(ErrorBody) -> String {
        let text = value.string ?? ""
        let plain = text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 46 || $0 == 95 }
        guard text == "*" || (plain && text.contains(".")) else {
            throw ErrorBody(400, "Invalid enabled_events: must be types of events, or '*'.", param: "enabled_events")
        }
        return text
    }

    private func list(_ endpoints: [WebhookEndpoint]) throws(ErrorBody) -> Value {
        let text = call.params["limit"]?.string ?? "10"
        guard let limit = Int(text), (1...100).contains(limit) else {
            throw ErrorBody(400, "limit is 1 to 100.", code: "parameter_invalid_integer", param: "limit")
        }
        var rest = Array(endpoints.reversed())
        if let after = call.params["starting_after"]?.string {
            rest = Array(rest[(try find(after, rest) + 1)...])
        }
        let page = rest.prefix(limit)
        return [
            "object": "list", "data": .list(page.map { $0.body() }), "has_more": .bool(rest.count > page.count),
            "url": .string(Self.path),
        ]
    }
}
