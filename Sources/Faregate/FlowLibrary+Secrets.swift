// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateRender
import FaregateSpec
import FaregateText
import FaregateValues
import FaregateVerify
import FaregateWire

extension FlowLibrary {
    /// The files that findings speak of, as they may be quoted: without the values of secret inputs.
    func quoted(for findings: [Finding]) -> [SourceText] {
        let files = Set(findings.flatMap { [$0.file] + $0.related.map(\.file) })
        return sources.filter { files.contains($0.path) }.map { source in
            source.withoutSecrets { name in
                flows.number(of: name).map { flows.graphs[$0].inputs.filter(\.secret).map(\.name) } ?? []
            }
        }
    }

    /// Knows what the cases of a flow, and the flows that it runs, hold in secret, as far as their files tell.
    func redactor(of number: Int) -> Redactor {
        var secrets: [String] = []
        let flow = flows.graphs[number]
        if flow.inputs.contains(where: \.secret) {
            let cases = flow.scenarios.flatMap { expander(of: number).cases(of: $0).cases }
            secrets = flow.secretValues(of: [:]) + cases.flatMap { flow.secretValues(of: $0.inputs) }
        }
        for outer in [number] + flowsBelow(number) {
            for case .run(let name, let with) in flows.graphs[outer].states.map(\.verb) {
                guard let inner = flows.number(of: name) else { continue }
                let given = with.compactMap { member in member.value.literal.map { (Value.string(member.key), $0) } }
                secrets += flows.graphs[inner].secretValues(of: ValueMap(entries: given))
            }
        }
        return Redactor(secrets: Array(Set(secrets)))
    }

    /// The numbers of all flows that a flow runs, itself not among them.
    func flowsBelow(_ number: Int) -> [Int] {
        var seen = [number]
        var next = 0
        while next < seen.count {
            for case .run(let name, _) in flows.graphs[seen[next]].states.map(\.verb) {
                if let inner = flows.number(of: name), !seen.contains(inner) { seen.append(inner) }
            }
            next += 1
        }
        return Array(seen.dropFirst())
    }
}

extension SourceText {
    /// - Parameter others: the names of the secret inputs of a flow that this one runs.
    func withoutSecrets(_ others: @escaping (String) -> [String] = { _ in [] }) -> SourceText {
        veiling(SecretPlaces.spans(in: self, others: others), with: Redaction.mark)
    }
}
