// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateValues
import FaregateWire
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The mock and a world, as a client sees them: one request after another.
final class Mock {
    let simulator = Simulator(catalog: StripePack.standard.catalog, provider: StripePack.standard.provider)
    var world: World
    var version = StripePack.version
    /// What actors choose, by their names; the token of the method comes next, the default last.
    var choices: [String: String] = [:]
    /// Hears of every exchange.
    var exchanges: [(request: Request, response: Response)] = []
    private var count = 0

    init(profile: String = "documented", accountVersion: String = StripePack.version) {
        world = World(
            seed: "test", now: Instant(milliseconds: 1_767_225_600_000), profile: profile,
            accountVersion: accountVersion)
    }

    @discardableResult
    func send(
        _ method: String, _ path: String, _ params: Value = [:], key: String? = nil, version: String? = nil
    ) -> Response {
        count += 1
        let request = Request(
            method: method, path: path, params: params, version: version ?? self.version,
            idempotencyKey: method == "POST" ? key ?? "key-\(count)" : nil)
        let response = simulator.handle(request, &world, decide: decide)
        exchanges.append((request, response))
        // A second later: times differ, as they do for people.
        world.now = Instant(milliseconds: world.now.milliseconds + 1000)
        return response
    }

    @discardableResult
    func post(_ path: String, _ params: Value = [:], key: String? = nil) -> Response {
        send("POST", path, params, key: key)
    }

    @discardableResult
    func get(_ path: String, _ params: Value = [:]) -> Response { send("GET", path, params) }

    /// The body of a request that must succeed.
    func made(_ path: String, _ params: Value = [:]) -> Value {
        let response = post(path, params)
        if response.status != 200 { Issue.record("\(path): \(JSON.write(response.body))") }
        return response.body
    }

    /// A card payment of 20 dollars that went through.
    func paid(_ more: ValueMap = [:]) -> Value {
        let params: ValueMap = [
            "amount": 2000, "currency": "usd", "payment_method": "pm_card_visa", "payment_method_types": ["card"],
            "confirm": true,
        ]
        return made("/v1/payment_intents", .map(params.merging(more)))
    }

    func wait(_ seconds: Int64) {
        simulator.advance(
            &world, to: Instant(milliseconds: world.now.milliseconds + seconds * 1000), decide: decide)
    }

    private func decide(_ decision: Decision) -> ChoiceWords {
        if let words = choices[decision.actor] {
            let parts = words.split(separator: " ", maxSplits: 1).map(String.init)
            return ChoiceWords(name: parts[0], argument: parts.count > 1 ? parts[1] : nil)
        }
        return StripePack.standard.habit(decision) ?? ChoiceWords(name: decision.offers[0])
    }
}

extension Value {
    var id: String { self["id"]?.string ?? "" }
    subscript(at path: String) -> Value { self[path: path] ?? .null }
}

/// Files of the package and beside it, wherever the tests run.
enum Package {
    static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: "\(root)/\(path)").map { String(decoding: $0, as: UTF8.self) }
    }

    static func json(_ path: String) -> Value? {
        text(path).flatMap { try? JSON.read(Array($0.utf8)) }
    }
}
