// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
import Foundation
import Testing

/// The check against a program that plays everything and knows nothing.
@Suite struct NaiveCheckerTests {
    static let shipped = [
        ["before-2019"], ["card-contract"], ["deposit-and-rest", "pay-any-method"], ["detach"], ["direct-redirect"],
        ["free-trial"], ["pay-any-method"], ["setup-then-charge"], ["webhooks"], ["whole-lifecycle"],
    ]

    @Test func allShippedFlowsAreListed() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(Shipped.root)/flows")
        let names = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
        #expect(names == Self.shipped.map { $0[0] }.sorted())
    }

    @Test(arguments: shipped) func agreesAboutShippedFlows(_ names: [String]) throws {
        let comparison = Comparison(names.map(Shipped.text), visits: 3, limit: 1500)
        guard let comparison else {
            print("\(names[0]): cannot be read yet")
            return
        }
        let outcome = comparison.outcome
        print(
            "\(names[0]): \(outcome.situations) situations, complete \(outcome.isComplete), \(outcome.finals.sorted())")
        #expect(comparison.disagreements.isEmpty, "\(comparison.disagreements.joined(separator: "\n"))")
    }

    /// `FAREGATE_RANDOM_FLOWS=10000` plays more of them, `FAREGATE_RANDOM_SEED=7` others.
    @Test func agreesAboutRandomFlows() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["FAREGATE_RANDOM_FLOWS"].flatMap { Int($0) } ?? 100
        let seed = environment["FAREGATE_RANDOM_SEED"].flatMap { UInt64($0) } ?? 1
        var tally = Tally()
        for number in 0..<UInt64(count) {
            var random = RandomFlow(seed: seed &* 1_000_000 &+ number)
            let text = random.make()
            guard
                let comparison = Comparison(
                    [text], visits: 2, limit: 400, profiles: [number % 2 == 0 ? "documented" : "seed"])
            else {
                tally.unreadable += 1
                let findings = Shipped(text).findings.filter { $0.severity == .error }
                Issue.record("flow \(number) of seed \(seed) cannot be read: \(findings.map(\.message))\n\(text)")
                continue
            }
            tally.add(comparison)
            let found = comparison.disagreements
            if !found.isEmpty {
                tally.disagreements += 1
                Issue.record("flow \(number) of seed \(seed):\n\(found.joined(separator: "\n"))\n\(text)")
                if tally.disagreements >= 20 { break }
            }
        }
        print(tally)
        #expect(tally.unreadable == 0)
        #expect(tally.problems > count / 4)
    }

    private struct Tally: CustomStringConvertible {
        var played = 0
        var unreadable = 0
        var problems = 0
        var situations = 0
        var incomplete = 0
        var disagreements = 0
        var codes: [String: Int] = [:]

        mutating func add(_ comparison: Comparison) {
            played += 1
            situations += comparison.outcome.situations
            problems += comparison.outcome.problems.count
            if !comparison.outcome.isComplete { incomplete += 1 }
            for code in Set(comparison.report.findings.map(\.code)) { codes[code, default: 0] += 1 }
        }

        var description: String {
            let list = codes.sorted { $0.key < $1.key }.map { "\($0.key) in \($0.value)" }.joined(separator: ", ")
            return
                "\(played) random flows (\(unreadable) unreadable, \(incomplete) cut short), \(situations) situations, "
                + "\(problems) problems, \(disagreements) disagreements; findings: \(list)"
        }
    }
}
