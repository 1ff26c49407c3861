// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// Tells a failure as plain lines: for the terminal, and shortened inside of other formats.
package struct FailureText {
    package var width: Int
    package var style: TextStyle
    /// Of a request or an answer, so many lines are shown.
    package var longestBody: Int

    package init(width: Int = 80, style: TextStyle = TextStyle(isColored: false), longestBody: Int = 40) {
        self.width = max(width, 40)
        self.style = style
        self.longestBody = longestBody
    }

    /// Everything but the findings themselves: conditions, the last request and answer, the way there, how to run it again.
    package func details(of item: CaseRecord) -> String {
        var lines = item.failure.map { evidence(of: $0) } ?? []
        lines += block("came through", wrapped(item.path.isEmpty ? ["nothing"] : item.path))
        lines.append("  " + style.bold("run it again"))
        // Never broken: it is there to be copied.
        lines.append("    " + item.rerun)
        return lines.map { $0 + "\n" }.joined()
    }

    /// Conditions, the last request and answer.
    package func evidence(of failure: Failure) -> [String] {
        failure.conditions.flatMap { block("condition", tree($0)) } + (failure.exchange.map { letter($0) } ?? [])
    }

    /// A finding without the place in its file.
    func brief(_ finding: Finding) -> String {
        let parts = [finding.message, finding.label] + finding.notes + [finding.help.map { "help: \($0)" } ?? ""]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func block(_ title: String, _ lines: [String]) -> [String] {
        ["  " + style.bold(title)] + lines.map { "    " + $0 }
    }

    // MARK: Conditions

    func tree(_ condition: Failure.Condition) -> [String] {
        var rows: [(text: String, condition: Failure.Condition)] = []
        func add(_ condition: Failure.Condition, _ depth: Int) {
            let indent = String(repeating: "  ", count: min(depth, 12))
            rows.append((indent + TerminalText.safe(condition.text), condition))
            for part in condition.parts where rows.count < 60 { add(part, depth + 1) }
        }
        add(condition, 0)
        // Values are short as a rule; what they leave is for the expressions.
        let values = min(width / 3, rows.map { TerminalText.width(of: $0.condition.value) }.max() ?? 0)
        let room = width - 4
        let column = min(room - 2 - values, rows.map { TerminalText.width(of: $0.text) }.max() ?? 0)
        return rows.map { row in
            let text = fit(row.text, column)
            let gap = String(repeating: " ", count: max(0, column - TerminalText.width(of: text)) + 2)
            let value = fit(TerminalText.safe(row.condition.value), room - column - 2)
            let tone: Words.Tone = !row.condition.hasValue ? .notable : value == "false" ? .bad : .plain
            return text + gap + style.paint(Words(value, tone))
        }
    }

    // MARK: Requests and answers

    private func letter(_ letter: Failure.Letter) -> [String] {
        let time = letter.after.map { $0.compact }.map { ", at \($0)" } ?? ""
        let attempt = letter.attempt > 1 ? ", attempt \(letter.attempt)" : ""
        var request = [fit(TerminalText.safe("\(letter.method) \(letter.path)"), width - 4)]
        if let key = letter.key {
            request.append(style.dim(fit(TerminalText.safe("Idempotency-Key: \(key)"), width - 4)))
        }
        if letter.params.map?.isEmpty == false { request += body(letter.params) }
        var lines = block(
            fit(TerminalText.safe("last request, from '\(letter.state)'\(time)\(attempt)"), width - 2), request)
        if let http = letter.http {
            let replay = letter.isReplayed ? ", a stored one" : ""
            lines += block("answer: HTTP \(http)\(replay)", letter.body.map { body($0.withBriefError) } ?? [])
        } else {
            lines += block("no answer", [Self.problem(letter)])
        }
        return lines
    }

    static func problem(_ letter: Failure.Letter) -> String {
        switch letter.problem {
        case "unsent": "the request was not sent"
        case "unknown": "nobody knows whether the request was applied"
        default: "the run had ended before"
        }
    }

    /// JSON without what is null or empty.
    func body(_ value: Value) -> [String] {
        let lines = JSON.write(value.withoutEmptyMembers, pretty: true).split(separator: "\n").map(String.init)
        let shown = lines.prefix(longestBody).map { fit(TerminalText.safe($0), width - 4) }
        return lines.count > shown.count ? shown + ["… \(lines.count - shown.count) more lines"] : shown
    }

    // MARK: Lines

    private func wrapped(_ names: [String]) -> [String] {
        let shown =
            names.count > 200 ? names.prefix(100) + ["… \(names.count - 200) more …"] + names.suffix(100) : names[...]
        let text = shown.map { fit(TerminalText.safe($0.replacing(" ", with: "\u{a0}")), width - 6) }
            .joined(separator: ", ")
        return TerminalText.wrap(text, width: width - 4).map { $0.replacing("\u{a0}", with: " ") }
    }

    func fit(_ text: String, _ columns: Int) -> String { TerminalText.fit(text, columns) }
}

extension Value {
    /// A refusal with the objects that it embeds told by their ids and statuses.
    fileprivate var withBriefError: Value {
        guard case .map(var map) = self, case .map(let error)? = map["error"] else { return self }
        var brief = ValueMap()
        for (key, value) in error {
            if case .map = value {
                brief[value: key] = .map(["id": value["id"] ?? .null, "status": value["status"] ?? .null])
            } else {
                brief[value: key] = value
            }
        }
        map["error"] = .map(brief)
        return .map(map)
    }

    /// Without members that are null, empty lists or empty maps.
    fileprivate var withoutEmptyMembers: Value {
        switch self {
        case .map(let map):
            var rest = ValueMap()
            for (key, value) in map {
                let value = value.withoutEmptyMembers
                if value.isNull || value == .list([]) || value == .map([:]) { continue }
                rest[value: key] = value
            }
            return .map(rest)
        case .list(let items): return .list(items.map(\.withoutEmptyMembers))
        default: return self
        }
    }
}
