// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText

/// The flows of one command, by name.
package struct FlowSet: Sendable, Hashable {
    package var graphs: [FlowGraph]

    package init(_ graphs: [FlowGraph]) { self.graphs = graphs }

    package func number(of name: String) -> Int? { graphs.firstIndex { $0.name == name } }

    /// What is wrong between flows: names that stand twice, sub-flows that nobody has, ends that they do not have,
    /// flows that run themselves.
    package func link() -> [Finding] {
        var findings: [Finding] = []
        func report(_ code: SpecCode, _ flow: FlowGraph, at span: Span, _ message: String, help: String? = nil) {
            findings.append(Finding(code.rawValue, in: flow.file, at: span, message, help: help))
        }
        for (number, flow) in graphs.enumerated() {
            if let other = graphs[..<number].first(where: { $0.name == flow.name }) {
                report(
                    .takenName, flow, at: flow.nameSpan, "the flow '\(flow.name)' is also in \(other.file)",
                    help: "give it a name of its own")
            }
            for state in flow.states {
                guard case .run(let name, let with) = state.verb else { continue }
                guard let target = self.number(of: name) else {
                    let closest = Spelling.closest(to: name, among: graphs.map(\.name))
                    report(
                        .unknownFlow, flow, at: state.verbSpan, "there is no flow '\(name)' among the files given",
                        help: closest.map { "write '\($0)'" } ?? "give its file as well")
                    continue
                }
                if leads(from: target, to: number) {
                    report(.unknownFlow, flow, at: state.verbSpan, "'\(flow.name)' runs itself by way of '\(name)'")
                }
                let child = graphs[target]
                let ends = child.states.filter { if case .final = $0.verb { true } else { false } }.map(\.name)
                for edge in state.edges {
                    if case .final(let end) = edge.key, !ends.contains(end) {
                        let closest = Spelling.closest(to: end, among: ends)
                        report(
                            .unknownState, flow, at: edge.span, "'\(name)' has no final state '\(end)'",
                            help: closest.map { "write '\($0)'" })
                    }
                }
                let handled = state.edges.compactMap { if case .final(let end) = $0.key { end } else { nil } }
                for end in ends where !handled.contains(end) {
                    report(
                        .missingKey, flow, at: state.onSpan ?? state.span,
                        "'\(state.name)' does not say what happens on '\(end)'", help: "add    \(end): <state>")
                }
                for member in with where !child.inputs.contains(where: { $0.name == member.key }) {
                    let closest = Spelling.closest(to: member.key, among: child.inputs.map(\.name))
                    report(
                        .unknownInput, flow, at: state.verbSpan, "'\(name)' has no input '\(member.key)'",
                        help: closest.map { "write '\($0)'" })
                }
            }
        }
        return findings
    }

    private func leads(from start: Int, to goal: Int) -> Bool {
        var seen: Set<Int> = []
        var pending = [start]
        while let number = pending.popLast() {
            if number == goal { return true }
            guard seen.insert(number).inserted else { continue }
            for state in graphs[number].states {
                if case .run(let name, _) = state.verb, let next = self.number(of: name) { pending.append(next) }
            }
        }
        return false
    }
}
