// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// The words by which errors of an API are told apart: what may stand under `catch`.
package struct ErrorWords: Sendable {
    /// `card_error`
    package var types: [String]
    /// `resource_missing`
    package var codes: [String]
    /// `insufficient_funds`: an open set, issuers may say others tomorrow.
    package var declines: [String]

    package init(types: [String] = [], codes: [String] = [], declines: [String] = []) {
        self.types = types
        self.codes = codes
        self.declines = declines
    }

    /// What the program itself tells of a call: perhaps applied, never sent, forbidden by a rule.
    static let own = ["timeout", "connection", "policy"]

    var all: [String] { Self.own + types + codes + declines }
}

extension TreeReader {
    /// A word that should name an error, or what else may become of a call.
    mutating func checkError(_ name: String, at span: Span, catalog: Catalog) {
        let words = catalog.errors
        guard !words.types.isEmpty, !words.all.contains(name) else { return }
        if let (message, help) = Self.noError(name, catalog) {
            return report(.unknownName, at: span, message, help: help)
        }
        if let meant = Spelling.closest(to: name, among: words.all, differing: 2) {
            return report(
                .unknownName, at: span, "unknown error '\(name)'", label: "did you mean '\(meant)'?",
                help: "write '\(meant)'")
        }
        let closest = Spelling.closest(to: name, among: words.all)
        findings.append(
            Finding(
                CheckCode.deadCatch.rawValue, .warning, in: source.path, at: span,
                "no error and no decline is known by the name '\(name)'",
                label: closest.map { "did you mean '\($0)'?" } ?? "",
                notes: ["issuers may give any decline code: if one gives this, it is caught"],
                help: closest.map { "write '\($0)' if that is meant" } ?? "catch 'card_error' for any decline"))
    }

    /// Words that stand for something other than an error, and what was meant.
    private static func noError(_ name: String, _ catalog: Catalog) -> (message: String, help: String)? {
        switch name {
        case "any", "all", "*", "default", "else", "error":
            return ("'\(name)' names no error: there is no catch for everything", "name each error, or its type")
        case "declined", "decline":
            return ("'\(name)' is no error of the API", "write 'card_error' for any decline of a card")
        case "network":
            return (
                "'network' is no error of the API",
                "write 'connection' (the request was never sent) or 'timeout' (it may have been applied)"
            )
        default: break
        }
        if !name.isEmpty, name.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            let help = name == "402" ? "write 'card_error'" : "write the error's code, or its type"
            return ("'\(name)' is an HTTP status: errors are told apart by code and type", help)
        }
        if catalog.eventTypes.contains(name) || name.contains(".") {
            return ("'\(name)' is no error: events are waited for under 'on'", "remove it")
        }
        if catalog.graphs.contains(where: { $0.lifecycle.statuses.contains { $0.name == name } }) {
            return ("'\(name)' is a status, not an error", "write it under 'on'")
        }
        return nil
    }
}

extension Lifecycle {
    /// All codes of errors that some row gives.
    var errorCodes: [String] {
        let given = rows.compactMap { row in
            if case .refuse(let code) = row.outcome { return code }
            return row.error?.literal?.string
        }
        return (given + [refusal].compactMap { $0 }).filter { !$0.isEmpty }
    }
}
