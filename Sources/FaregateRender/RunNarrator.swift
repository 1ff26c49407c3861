// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSimulator
package import FaregateSpec
import FaregateText
package import FaregateValues
package import FaregateVerify
import FaregateWire

/// Tells a run step by step: states, statuses, what the actors chose, the verdict.
package struct RunNarrator {
    let style: TextStyle
    let width: Int
    private let stateWidth: Int
    private let start: Instant
    private let kindOfTime: String

    package init(
        flow: FlowGraph, start: Instant, style: TextStyle, width: Int = 80, kindOfTime: String = "virtual time"
    ) {
        self.kindOfTime = kindOfTime
        self.style = style
        self.width = width
        self.start = start
        stateWidth = min(26, max(14, flow.states.map(\.name.count).max() ?? 14) + 2)
    }

    /// Actors whose default is that nothing special happens.
    private static let quiet = ["attempts", "hold", "holder", "cardholder"]

    package func text(_ result: TestDriver.Result) -> String {
        var lines: [String] = []
        var state = ""
        var call = ""
        for (number, entry) in result.trace.entries.enumerated() {
            func add(_ text: String) {
                lines.append(line(entry.at, state, text))
                state = ""
            }
            var verdicts = result.decisions.filter { $0.entry == number && isWorthTelling($0) }
            for fact in entry.facts {
                switch fact {
                case .entered(let path, let name, _):
                    // A state that said nothing of itself stands all the same.
                    if !state.isEmpty { add("") }
                    state = path + name
                case .called(_, let lifecycle, let operation, let request, let attempt):
                    let again = attempt > 0 ? style.yellow(" (attempt \(attempt + 1))") : ""
                    let verb = request.method == "GET" ? "read" : "call"
                    call = "\(style.cyan(verb)) \(lifecycle)\(verb == "call" ? ".\(operation)" : "")\(again)"
                case .answered:
                    add(call + answer(fact, in: entry))
                    for verdict in verdicts { lines.append(line(verdict.at, "", words(verdict))) }
                    verdicts = []
                case .failed(let failure, _):
                    add(call + style.red(words(failure, in: entry)))
                default:
                    if let text = tell(fact) { add(text) }
                }
            }
            for verdict in verdicts { lines.append(line(verdict.at, "", words(verdict))) }
        }
        if !state.isEmpty { lines.append(line(result.run.now, state, "")) }
        return lines.map { $0 + "\n" }.joined()
    }

    private func words(_ verdict: Cast.Verdict) -> String {
        let after = verdict.words.after.map { " after \($0.compact)" } ?? ""
        let argument = verdict.words.argument.map { " \($0)" } ?? ""
        return style.yellow("the \(verdict.decision.actor) \(verdict.words.name)\(argument)\(after)")
    }

    private func words(_ failure: Reply.Failure, in entry: Trace.Entry) -> String {
        let word =
            switch failure {
            case .unsent: " was not sent"
            case .unknown: " got no answer"
            case .refused: " was refused"
            }
        let reason = entry.reply?.reason ?? ""
        return reason.isEmpty ? word : "\(word): \(Redaction.redact(reason))"
    }

    private func answer(_ fact: Fact, in entry: Trace.Entry) -> String {
        guard case .answered(_, let status, _, _, let error, _, let replayed) = fact else { return "" }
        let shown = entry.facts.compactMap { if case .observed(_, _, let status) = $0 { status } else { nil } }.first
        let replay = replayed ? style.dim(" (replayed)") : ""
        guard let error else { return " \(style.green("->")) \(shown ?? String(status))\(replay)" }
        let apiError = APIError(body: error)
        let code = apiError.declineCode ?? apiError.code ?? apiError.type
        return " \(style.red("->")) \(status) \(code)\(shown.map { ", \($0)" } ?? "")\(replay)"
    }

    private func isWorthTelling(_ verdict: Cast.Verdict) -> Bool {
        verdict.isScripted || !Self.quiet.contains(verdict.decision.actor)
    }

    private func line(_ at: Instant, _ state: String, _ text: String) -> String {
        let time = at.since(start).map { $0.compact } ?? ""
        return "  " + style.dim(time.padded(to: 10)) + style.bold(state.padded(to: stateWidth)) + text
    }

    private func tell(_ fact: Fact) -> String? {
        switch fact {
        case .started, .entered, .observed, .finished, .violated, .called, .answered, .failed, .decided: return nil
        case .retrying(_, _, let pause):
            return style.dim("repeats after \(pause.compact), with the same key")
        case .event(_, let type, _): return "\(style.cyan("event")) \(type)"
        case .signal(let name, _): return "\(style.cyan("signal")) \(name)"
        case .emitted(let name, _, _): return "\(style.cyan("emit")) \(name)"
        case .waiting(_, let until):
            let limit = until.flatMap { $0.since(start) }.map { " until \($0.compact)" } ?? ""
            return style.dim("waits\(limit)")
        case .timeout: return style.yellow("the time is over")
        }
    }

    package func verdict(_ result: TestDriver.Result) -> String {
        let calls = result.trace.facts.filter { if case .called = $0.fact { true } else { false } }.count
        let events = result.run.heard.count
        let length = result.run.now.since(start).map { $0.compact } ?? ""
        let counts = style.dim("\(calls) calls, \(events) events, \(length) of \(kindOfTime)")
        switch result.run.phase {
        case .done(let outcome):
            let kind = outcome.kind.rawValue
            let word = outcome.kind == .success ? style.green(outcome.final) : style.yellow(outcome.final)
            return "  \(style.bold("ends in")) \(word) (\(kind))  \(counts)\n"
        case .failed: return "  \(style.red("failed"))  \(counts)\n"
        default: return "  \(style.yellow("did not end"))  \(counts)\n"
        }
    }
}
