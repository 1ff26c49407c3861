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
        func report(
            _ code: SpecCode, _ flow: FlowGraph, at span: Span, _ message: String, label: String = "",
            help: String? = nil
        ) {
            findings.append(Finding(code.rawValue, in: flow.file, at: span, message, label: label, help: help))
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
                let ends = child.finals.map(\.name)
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
                for member in with {
                    guard let input = child.inputs.first(where: { $0.name == member.key }) else {
                        let closest = Spelling.closest(to: member.key, among: child.inputs.map(\.name))
                        report(
                            .unknownInput, flow, at: member.place?.key ?? state.verbSpan,
                            "'\(name)' has no input '\(member.key)'", help: closest.map { "write '\($0)'" })
                        continue
                    }
                    guard let literal = member.value.literal, let type = InputType(input.type) else { continue }
                    let place = member.place?.value ?? state.verbSpan
                    switch type.read(literal) {
                    case .success(let value):
                        guard let objection = input.objection(to: value) else { continue }
                        report(.wrongType, flow, at: place, "the input '\(input.name)' of '\(name)' \(objection)")
                    case .failure(let problem):
                        report(
                            .wrongType, flow, at: place,
                            "the input '\(input.name)' of '\(name)' is not \(type.article)\(input.detail(problem))")
                    }
                }
            }
        }
        return findings
    }

    /// Rules that scenarios expect to bite and that no policy has. Says nothing where no policy was given.
    package func findings(given policies: [Policy]) -> [Finding] {
        let rules = policies.flatMap(\.rules).map(\.id)
        guard !policies.isEmpty else { return [] }
        return graphs.flatMap { flow in
            flow.scenarios.flatMap(\.violates).filter { !rules.contains($0.rule) }.map { expected in
                let closest = Spelling.closest(to: expected.rule, among: rules)
                return Finding(
                    SpecCode.unknownName.rawValue, in: flow.file, at: expected.span,
                    "no policy has the rule '\(expected.rule)'", label: closest.map { "did you mean '\($0)'?" } ?? "",
                    help: closest.map { "write '\($0)'" } ?? "give the policy's file as well")
            }
        }
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
