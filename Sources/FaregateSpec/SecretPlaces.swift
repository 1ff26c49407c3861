// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText

/// Where a flow file writes the values of secret inputs: what quotes the file leaves these places out.
///
/// Files that cannot be run are quoted too, hence the tree is asked, not the flow.
package struct SecretPlaces {
    /// The names of secret inputs of another flow, by its name.
    private let others: (String) -> [String]
    private var reader: TreeReader

    private init(_ source: SourceText, others: @escaping (String) -> [String]) {
        reader = TreeReader(source: source)
        self.others = others
    }

    /// - Parameter others: the names of the secret inputs of a flow that this one runs.
    package static func spans(in source: SourceText, others: @escaping (String) -> [String] = { _ in [] }) -> [Span] {
        guard let root = YAMLReader.read(source).root else { return [] }
        var places = Self(source, others: others)
        return places.nodes(in: root).flatMap(Self.literals)
    }

    private mutating func nodes(in root: YAMLNode) -> [YAMLNode] {
        let inputs = (root["inputs"]?.mapping ?? []).filter { $0.value["secret"]?.scalar?.core == .bool(true) }
        let names = inputs.compactMap(\.key.text)
        var nodes = inputs.flatMap { [$0.value["default"], $0.value["one_of"]] }.compactMap { $0 }
        for state in root["states"]?.mapping ?? [] {
            guard let flow = state.value["run"]?.text else { continue }
            nodes += Self.values(of: others(flow), in: state.value["with"])
        }
        if names.isEmpty { return nodes }
        let outputs = outputs(madeOf: names, in: root)
        for scenario in root["scenarios"]?.mapping ?? [] {
            nodes += self.nodes(in: scenario.value, names) + Self.values(of: outputs, in: scenario.value["outputs"])
        }
        return nodes
    }

    private mutating func nodes(in scenario: YAMLNode, _ names: [String]) -> [YAMLNode] {
        let values = Self.values(of: names, in: scenario["inputs"])
        let templates = values.map { reader.template($0) }
        let axes = (scenario["matrix"]?.mapping ?? []).compactMap(\.key.text).filter { axis in
            names.contains(axis) || templates.contains { $0.uses(axis) }
        }
        let excluded = scenario["exclude"].map { $0.sequence ?? [$0] } ?? []
        return values + ([scenario["matrix"]] + excluded).flatMap { Self.values(of: axes, in: $0) }
    }

    /// Outputs that secrets go into: whoever expects one writes it down.
    private mutating func outputs(madeOf names: [String], in root: YAMLNode) -> [String] {
        (root["states"]?.mapping ?? []).flatMap { $0.value["outputs"]?.mapping ?? [] }.filter { output in
            let template = reader.template(output.value)
            return names.contains(where: template.uses)
        }.compactMap(\.key.text)
    }

    private static func values(of names: [String], in node: YAMLNode?) -> [YAMLNode] {
        (node?.mapping ?? []).filter { $0.key.text.map(names.contains) ?? false }.map(\.value)
    }

    /// The scalars of a value that say something themselves; `$name` only says where it comes from.
    private static func literals(_ node: YAMLNode) -> [Span] {
        switch node.kind {
        case .sequence(let items): items.flatMap(literals)
        case .mapping(let entries): entries.flatMap { literals($0.key) + literals($0.value) }
        case .scalar(let scalar): isReference(scalar.text) ? [] : [node.span]
        }
    }

    private static func isReference(_ text: String) -> Bool {
        text.first == "$" && text.dropFirst().allSatisfy { $0 == "." || $0 == "_" || $0.isLetter || $0.isNumber }
    }
}
