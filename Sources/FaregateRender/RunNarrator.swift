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
        Self.story(result, start: start).lines.map { line($0) + "\n" }.joined()
    }

    private func line(_ line: Story.Line) -> String {
        "  " + style.dim(line.time.padded(to: 10)) + style.bold(line.state.padded(to: stateWidth))
            + style.paint(line.words)
    }

    // MARK: The story

    package static func story(_ result: TestDriver.Result, start: Instant) -> Story {
        var story = Story()
        var state = ""
        var call = Words("")
        func add(_ at: Instant, _ state: String, _ words: Words) {
            story.lines.append(.init(after: at.since(start), state: state, words: words))
        }
        for (number, entry) in result.trace.entries.enumerated() {
            func tell(_ words: Words) {
                add(entry.at, state, words)
                state = ""
            }
            var verdicts = result.decisions.filter { $0.entry == number && isWorthTelling($0) }
            for fact in entry.facts {
                switch fact {
                case .entered(let path, let name, _):
                    // A state that said nothing of itself stands all the same.
                    if !state.isEmpty { tell(Words("")) }
                    state = path + name
                case .called(_, let lifecycle, let operation, let request, let attempt):
                    let again = attempt > 0 ? Words(" (attempt \(attempt + 1))", .notable) : Words("")
                    let isRead = request.method == "GET"
                    let name = isRead ? lifecycle : "\(lifecycle).\(operation)"
                    call = Words(isRead ? "read" : "call", .verb) + " \(name)" + again
                case .answered:
                    tell(call + answer(fact, in: entry))
                    for verdict in verdicts { add(verdict.at, "", words(verdict)) }
                    verdicts = []
                case .failed(let failure, _):
                    tell(call + Words(words(failure, in: entry), .bad))
                default:
                    if let words = words(fact, since: start) { tell(words) }
                }
            }
            for verdict in verdicts { add(verdict.at, "", words(verdict)) }
        }
        if !state.isEmpty { add(result.run.now, state, Words("")) }
        return story
    }

    private static func words(_ verdict: Cast.Verdict) -> Words {
        let after = verdict.words.after.map { " after \($0.compact)" } ?? ""
        let argument = verdict.words.argument.map { " \($0)" } ?? ""
        return Words("the \(verdict.decision.actor) \(verdict.words.name)\(argument)\(after)", .notable)
    }

    private static func words(_ failure: Reply.Failure, in entry: Trace.Entry) -> String {
        let word =
            switch failure {
            case .unsent: " was not sent"
            case .unknown: " got no answer"
            case .refused: " was refused"
            }
        let reason = entry.reply?.reason ?? ""
        return reason.isEmpty ? word : "\(word): \(Redaction.redact(reason))"
    }

    private static func answer(_ fact: Fact, in entry: Trace.Entry) -> Words {
        guard case .answered(_, let status, _, _, let error, _, let replayed) = fact else { return Words("") }
        let shown = entry.facts.compactMap { if case .observed(_, _, let status) = $0 { status } else { nil } }.first
        let replay = Words(replayed ? " (replayed)" : "", .faint)
        guard let error else { return Words(" ") + Words("->", .good) + " \(shown ?? String(status))" + replay }
        let apiError = APIError(body: error)
        let code = apiError.declineCode ?? apiError.code ?? apiError.type
        return Words(" ") + Words("->", .bad) + " \(status) \(code)\(shown.map { ", \($0)" } ?? "")" + replay
    }

    private static func isWorthTelling(_ verdict: Cast.Verdict) -> Bool {
        verdict.isScripted || !quiet.contains(verdict.decision.actor)
    }

    private static func words(_ fact: Fact, since start: Instant) -> Words? {
        switch fact {
        case .started, .entered, .observed, .finished, .violated, .called, .answered, .failed, .decided: return nil
        case .retrying(_, _, let pause): return Words("repeats after \(pause.compact), with the same key", .faint)
        case .event(_, let type, _): return Words("event", .verb) + " \(type)"
        case .signal(let name, _): return Words("signal", .verb) + " \(name)"
        case .emitted(let name, _, _): return Words("emit", .verb) + " \(name)"
        case .waiting(_, let until):
            let limit = until.flatMap { $0.since(start) }.map { " until \($0.compact)" } ?? ""
            return Words("waits\(limit)", .faint)
        case .timeout: return Words("the time is over", .notable)
        }
    }

    // MARK: The end

    package func verdict(_ result: TestDriver.Result) -> String {
        let events = result.run.heard.count
        let length = result.run.now.since(start).map { $0.compact } ?? ""
        let counts = style.dim("\(result.trace.calls) calls, \(events) events, \(length) of \(kindOfTime)")
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
