// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText

/// A flow as a Mermaid state diagram.
package struct MermaidDiagram {
    let drawing: FlowDrawing
    /// The edges that scenarios take; nil: nobody asked.
    let taken: Set<FlowDrawing.Edge>?
    /// What Mermaid calls the states, by their names.
    private let ids: [String: String]

    package init(_ drawing: FlowDrawing, taken: Set<FlowDrawing.Edge>? = nil) {
        self.drawing = drawing
        self.taken = taken
        var ids: [String: String] = [:]
        var used: Set<String> = []
        for (number, node) in drawing.nodes.enumerated() {
            // Letters that Mermaid does not know may make two names alike.
            let plain = Self.id(node.name)
            let id = used.contains(plain) ? "\(plain)_\(number)" : plain
            used.insert(id)
            ids[node.name] = id
        }
        self.ids = ids
    }

    package func text() -> String {
        var lines = ["stateDiagram-v2", "    direction TB"]
        for node in drawing.nodes {
            let words = node.kind == .choose ? "?" : node.words
            let name = words.isEmpty ? clean(node.name) : "\(clean(node.name))<br/>\(clean(words))"
            lines.append("    state \"\(name)\" as \(id(node.name))")
        }
        lines.append("    [*] --> \(id(drawing.nodes[drawing.initial].name))")
        for (number, node) in drawing.nodes.enumerated() {
            for arrow in drawing.arrows where arrow.source == number {
                let target = drawing.nodes[arrow.target].name
                let isMissed = taken.map { !$0.contains(.init(source: node.name, target: target)) } ?? false
                let label = isMissed ? "\(arrow.label) (nobody took this)" : arrow.label
                lines.append("    \(id(node.name)) --> \(id(target)): \(clean(label))")
            }
            if node.isFinal { lines.append("    \(id(node.name)) --> [*]") }
        }
        return lines.joined(separator: "\n") + "\n" + missedStates()
    }

    /// States that nobody came to have a broken outline; Mermaid cannot change that of an edge.
    private func missedStates() -> String {
        guard let taken else { return "" }
        let seen = Set(taken.map(\.target)).union([drawing.nodes[drawing.initial].name])
        let missed = drawing.nodes.map(\.name).filter { !seen.contains($0) }
        if missed.isEmpty { return "" }
        return "    classDef missed stroke-dasharray: 5 5\n    class \(missed.map(id).joined(separator: ",")) missed\n"
    }

    private func id(_ name: String) -> String { ids[name] ?? Self.id(name) }

    private static func id(_ name: String) -> String {
        let id = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        // Mermaid's own words cannot name a state.
        return ["end", "state", "note", "direction"].contains(id.lowercased()) ? id + "_" : id
    }

    /// Characters that mean something to Mermaid are written as entities.
    private func clean(_ text: String) -> String {
        var clean = ""
        for character in TerminalText.safe(text.replacing("\n", with: " ")) {
            switch character {
            case "\"": clean += "#quot;"
            case "<": clean += "#lt;"
            case ">": clean += "#gt;"
            case ";": clean += "#59;"
            case ":": clean += "#58;"
            case "#": clean += "#35;"
            default: clean.append(character)
            }
        }
        return clean
    }
}
