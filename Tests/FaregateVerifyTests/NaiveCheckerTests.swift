// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
import Foundation
import Testing

/// The check against a program that plays everything and knows nothing.
@Suite struct NaiveCheckerTests {
    /// Each flow, and the flows that it runs.
    static let shipped: [[String]] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(Shipped.root)/flows")) ?? []
        let names = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
        return names.map { $0 == "deposit-and-rest" ? [$0, "pay-any-method"] : [$0] }
    }()

    @Test func thereAreFlowsToPlay() { #expect(Self.shipped.count > 30) }

    @Test(arguments: shipped) func agreesAboutShippedFlows(_ names: [String]) throws {
        // All of a flow's situations take minutes; those that are not far from the start, seconds.
        let isLong = ProcessInfo.processInfo.environment["FAREGATE_RANDOM_FLOWS"] != nil
        let comparison = Comparison(names.map(Shipped.text), visits: 3, limit: isLong ? 3000 : 60)
        guard let comparison else {
            Issue.record("\(names[0]) cannot be read")
            return
        }
        let outcome = comparison.outcome
        print(
            "\(names[0]): \(outcome.situations) situations, complete \(outcome.isComplete), \(outcome.finals.sorted())")
        #expect(comparison.disagreements.isEmpty, "\(comparison.disagreements.joined(separator: "\n"))")
    }

    static let mistakes = [
        Mistake("setup-then-charge", "    catch: {setup_intent_unexpected_state: read_setup}", ""),
        Mistake(
            "setup-then-charge", "        assert: [setup.mandate != null]\n      requires_payment_method: not_saved\n",
            ""),
        Mistake(
            "setup-then-charge",
            "      succeeded: forget_wallet\n      requires_payment_method: declined\n\n  declined",
            "      succeeded: forget_wallet\n\n  declined"),
        Mistake(
            "setup-then-charge", "one_of: [amazon_pay, cashapp, paypal]", "one_of: [amazon_pay, cashapp, paypal, link]"),
        Mistake(
            "setup-then-charge", "      usage: $usage\n",
            "      usage: $usage\n      confirm: true\n      return_url: $return_url\n"),
        Mistake(
            "setup-then-charge", "    call: setup.retrieve\n    on: {succeeded: charge}\n",
            "    call: setup.retrieve\n    on: {canceled: not_saved}\n"),
        Mistake("setup-then-charge", "capture_method: automatic", "capture_method: manual"),
        Mistake("detach", "on: {inactive: try_again}", "on: {active: try_again}"),
        Mistake("direct-redirect", "one_of: [amazon_pay,", "one_of: [link, amazon_pay,"),
        Mistake(
            "direct-redirect",
            "    catch: {payment_intent_unexpected_state: look_again}     # the customer was faster\n", ""),
        Mistake(
            "direct-redirect",
            "    call: payment.retrieve\n    on:\n      succeeded: fulfil\n      processing: settling\n",
            "    call: payment.retrieve\n    on:\n      succeeded: fulfil\n"),
        Mistake(
            "direct-redirect", "on: {succeeded: fulfil, requires_payment_method: not_paid}", "on: {succeeded: fulfil}"),
        Mistake("direct-redirect", "    on: {canceled: not_paid}\n", "    on: {succeeded: not_paid}\n"),
    ]

    /// A mistake put into a shipped flow.
    struct Mistake: Sendable {
        let flow: String, old: String, new: String

        init(_ flow: String, _ old: String, _ new: String) {
            (self.flow, self.old, self.new) = (flow, old, new)
        }
    }

    @Test(arguments: mistakes) func storiesOfSeededMistakesHappen(_ mistake: Mistake) throws {
        let text = Shipped.text(mistake.flow)
        #expect(text.contains(mistake.old), "the flow has changed")
        let comparison = try #require(
            Comparison([text.replacing(mistake.old, with: mistake.new)], visits: 2, limit: 100))
        let codes = comparison.report.findings.map(\.code)
        #expect(codes.contains("FG0203") || codes.contains("FG0204"))
        #expect(comparison.untoldStories == [])
        #expect(comparison.disagreements == [])
    }

    /// `FAREGATE_RANDOM_FLOWS=10000` plays more of them, `FAREGATE_RANDOM_SEED=7` others, `FAREGATE_RANDOM_FIRST=500` leaves
    /// out the first ones.
    @Test func agreesAboutRandomFlows() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["FAREGATE_RANDOM_FLOWS"].flatMap { Int($0) } ?? 60
        let seed = environment["FAREGATE_RANDOM_SEED"].flatMap { UInt64($0) } ?? 1
        let first = environment["FAREGATE_RANDOM_FIRST"].flatMap { UInt64($0) } ?? 0
        var tally = Tally()
        for number in first..<first + UInt64(count) {
            var random = RandomFlow(seed: seed &* 1_000_000 &+ number)
            let text = random.make()
            guard let comparison = Comparison([text], visits: 2, limit: 4000) else {
                tally.unreadable += 1
                let findings = Shipped(text).findings.filter { $0.severity == .error }
                Issue.record("flow \(number) of seed \(seed) cannot be read: \(findings.map(\.message))\n\(text)")
                continue
            }
            tally.add(comparison)
            let found = comparison.disagreements + comparison.untoldStories.map { "nobody can live through: \($0)" }
            if !found.isEmpty {
                tally.disagreements += 1
                Issue.record("flow \(number) of seed \(seed):\n\(found.joined(separator: "\n"))\n\(text)")
                if tally.disagreements >= 50 { break }
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
        var cut = 0
        var disagreements = 0
        var codes: [String: Int] = [:]

        mutating func add(_ comparison: Comparison) {
            played += 1
            situations += comparison.outcome.situations
            problems += comparison.outcome.problems.count
            if !comparison.outcome.isComplete { incomplete += 1 }
            if comparison.outcome.isCut { cut += 1 }
            for code in Set(comparison.report.findings.map(\.code)) { codes[code, default: 0] += 1 }
        }

        var description: String {
            let list = codes.sorted { $0.key < $1.key }.map { "\($0.key) in \($0.value)" }.joined(separator: ", ")
            return
                "\(played) random flows (\(unreadable) unreadable, \(incomplete) bounded by visits, \(cut) cut short), \(situations) situations, "
                + "\(problems) problems, \(disagreements) disagreements; findings: \(list)"
        }
    }
}
