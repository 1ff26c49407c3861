// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
import FaregateText
import FaregateValues

/// A flow as a Mermaid state diagram.
package struct MermaidDiagram {
    let flow: FlowGraph
    let catalog: Catalog

    package init(flow: FlowGraph, catalog: Catalog) {
        self.flow = flow
        self.catalog = catalog
    }

    package func text() -> String {
        var lines = ["stateDiagram-v2", "    direction TB"]
        for state in flow.states {
            let words = label(of: state)
            let name = words.isEmpty ? state.name : "\(state.name)<br/>\(words)"
            lines.append("    state \"\(clean(name))\" as \(id(state.name))")
        }
        lines.append("    [*] --> \(id(flow.states[flow.initial].name))")
        for state in flow.states {
            for arrow in arrows(of: state) {
                lines.append("    \(id(state.name)) --> \(id(arrow.target)): \(clean(arrow.label))")
            }
            if case .final = state.verb { lines.append("    \(id(state.name)) --> [*]") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func label(of state: FlowGraph.State) -> String {
        switch state.verb {
        case .call(let call):
            let object = flow.objects[call.object]
            return "\(object.name).\(catalog.graphs[object.lifecycle].lifecycle.operations[call.operation].name)"
        case .wait(let wait):
            switch wait.subject {
            case .objects(let objects):
                return "wait for " + objects.map { flow.objects[$0].name }.joined(separator: ", ")
            case .signal(let signal): return "wait for \(flow.signals[signal].name)"
            case .time(let template): return "wait \(words(template))"
            }
        case .choose: return "?"
        case .emit(let name, _): return "emit \(name)"
        case .run(let name, _): return "run \(name)"
        case .final(let final): return final.kind.rawValue
        }
    }

    private func arrows(of state: FlowGraph.State) -> [(label: String, target: String)] {
        var arrows: [(label: String, target: String)] = []
        func add(_ label: String, _ branches: [FlowGraph.Branch]) {
            for branch in branches {
                guard case .state(let target) = branch.target else { continue }
                let guarded = branch.condition.map { " [\($0.source)]" } ?? ""
                arrows.append(((label + guarded).isEmpty ? "otherwise" : label + guarded, flow.states[target].name))
            }
        }
        for edge in state.edges { add(name(of: edge.key), edge.branches) }
        for edge in state.catches { add("refused: \(edge.key)", edge.branches) }
        for edge in state.after { add("after \(words(edge.delay))", [edge.branch]) }
        if case .choose(let branches) = state.verb { add("", branches) }
        if let target = state.target { add("then", [target]) }
        return arrows
    }

    private func name(of key: FlowGraph.Key) -> String {
        switch key {
        case .status(let object, let status):
            catalog.graphs[flow.objects[object].lifecycle].lifecycle.statuses[status].name(in: flow.version)
        case .signal(let signal): flow.signals[signal].name
        case .event(let type): type
        case .final(let name): name
        }
    }

    private func words(_ template: Template) -> String {
        switch template {
        case .literal(.duration(let duration)): duration.compact
        case .literal(let value): value.interpolated
        case .expression(let expression): expression.source
        default: "…"
        }
    }

    private func id(_ name: String) -> String {
        let id = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        // Mermaid's own words cannot name a state.
        return ["end", "state", "note", "direction"].contains(id.lowercased()) ? id + "_" : id
    }

    /// Characters that mean something to Mermaid are written as entities.
    private func clean(_ text: String) -> String {
        var clean = ""
        for character in text {
            switch character {
            case "\"": clean += "#quot;"
            case ";": clean += "#59;"
            case ":": clean += "#58;"
            case "#": clean += "#35;"
            case "\n": clean += " "
            default: clean.append(character)
            }
        }
        return clean
    }
}
