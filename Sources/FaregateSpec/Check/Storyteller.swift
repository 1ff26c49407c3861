// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// Puts what the search has found into findings: with reasons, with the shortest way there.
struct Storyteller {
    private let explorer: Explorer
    private var flow: FlowGraph { explorer.flow }

    init(_ explorer: Explorer) { self.explorer = explorer }

    func findings(isExact: Bool) -> [Finding] {
        let values = inputValues()
        return explorer.findings.records.map { finding($0, values, isExact: isExact) }.sorted()
    }

    private func finding(_ record: FindingBook.Record, _ values: [[Value]], isExact: Bool) -> Finding {
        let entry = record.entry
        var severity = entry.severity
        var notes: [String] = []
        if entry.tier == .rare || entry.tier == .assumed { severity = min(severity, .warning) }
        if !isExact { severity = min(severity, .warning) }

        let (clause, more) = inputs(record, values)
        let clauses = [clause].compactMap { $0 } + entry.because
        if !clauses.isEmpty {
            let isWhole = entry.because.first?.hasPrefix("because ") ?? false
            notes.append((isWhole && clause == nil ? "" : "because ") + clauses.joined(separator: ", and "))
        }
        if entry.tier == .rare { notes.append("this is rare") }
        notes += more
        if let note = onlyProfile(record) { notes.append(note) }
        let assumptions = assumptions(entry)
        if !assumptions.isEmpty { notes.append("assumes: \(assumptions.joined(separator: " && "))") }
        if let supposed = supposition(entry) { notes.append(supposed) }
        if let story = story(entry) { notes.append("story: \(story)") }
        if !isExact { notes.append("may: there were too many configurations to tell all of them apart") }
        return Finding(
            entry.code.rawValue, severity, in: flow.file, at: entry.span, entry.message, label: entry.label,
            related: entry.related, notes: notes, help: entry.help)
    }

    // MARK: Cases

    /// By input: all values that the search has tried.
    private func inputValues() -> [[Value]] {
        var values: [[Value]] = flow.inputs.map { _ in [] }
        for item in explorer.cases.elements {
            for (position, value) in item.inputs.enumerated() {
                if let value, !values[position].contains(value) { values[position].append(value) }
            }
        }
        return values
    }

    /// The inputs that make the difference, and how many other values of them do so too.
    private func inputs(_ record: FindingBook.Record, _ values: [[Value]]) -> (String?, [String]) {
        guard let first = record.entry.checkCase else { return (nil, []) }
        var clauses: [String] = []
        var more: [String] = []
        for (position, input) in flow.inputs.enumerated() {
            guard let value = first.inputs[position] else { continue }
            var found: [Value] = []
            for item in record.cases {
                if let value = item.inputs[position], !found.contains(value) { found.append(value) }
            }
            guard found.count < values[position].count else { continue }
            let shown = input.secret ? "one of its values" : value.interpolated
            clauses.append("\(input.name) may be \(shown) (line \(input.span.start.line))")
            if found.count > 1 || (explorer.weights[value] ?? 1) > 1 {
                let isMethod = found.allSatisfy { explorer.oracle.catalog.methods[$0.string ?? ""] != nil }
                let count = found.reduce(-1) { $0 + (isMethod ? explorer.weights[$1] ?? 1 : 1) }
                let noun = isMethod ? "method" : "value"
                more.append(
                    "and for \(count) more \(noun)\(count == 1 ? "" : "s")"
                        + (noun == "value" ? " of \(input.name)" : ""))
            }
        }
        return (clauses.isEmpty ? nil : clauses.joined(separator: ", "), more)
    }

    private func onlyProfile(_ record: FindingBook.Record) -> String? {
        let profiles = Set(record.cases.map(\.profile))
        guard let profile = record.entry.checkCase?.profile, !profiles.contains(nil) else { return nil }
        let name = RowOracle.profiles[profile]
        if profiles.count == 1 { return "only in the profile '\(name)'" }
        return profiles.isSubset(of: record.profiles) ? nil : "this way only in the profile '\(name)'"
    }

    // MARK: Stories

    private func path(_ entry: FindingBook.Entry) -> [UInt32] {
        guard var number = entry.configuration else { return [] }
        var path = [number]
        while let parent = explorer.parents[Int(number)], path.count < 10_000 {
            number = parent.from
            path.append(number)
        }
        return path.reversed()
    }

    private func story(_ entry: FindingBook.Entry) -> String? {
        var names = path(entry).map { flow.states[explorer.configurations[$0].state].name }
        guard !names.isEmpty else { return nil }
        if names.count > 12 { names.replaceSubrange(5..<(names.count - 6), with: ["…"]) }
        return names.joined(separator: ", ") + (entry.arrow.map { " -> \($0)" } ?? "")
    }

    private func assumptions(_ entry: FindingBook.Entry) -> [String] {
        var found: [String] = []
        func note(_ item: CheckCase?) {
            for bit in item?.bits ?? [] {
                let text = bit.holds ? bit.guardText : "!(\(bit.guardText))"
                if !found.contains(text) { found.append(text) }
            }
        }
        note(entry.checkCase)
        for number in path(entry) { note(explorer.cases[explorer.configurations[number].checkCase]) }
        for number in path(entry) {
            if let assumption = explorer.parents[Int(number)]?.assumption, !found.contains(assumption) {
                found.append(assumption)
            }
        }
        if let assumption = entry.assumption, !found.contains(assumption) { found.append(assumption) }
        return found
    }

    /// The call on the way that is known to be refused.
    private func supposition(_ entry: FindingBook.Entry) -> String? {
        guard entry.tier == .supposed else { return nil }
        let states = path(entry).map { explorer.configurations[$0].state }
        if let state = states.last(where: { explorer.calls[$0].isSupposed && $0 != entry.state }) {
            return "assumes that '\(flow.states[state].name)' answers as the flow says"
        }
        return "assumes that '\(flow.states[entry.state].name)' were allowed"
    }
}
