// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateText
import FaregateValues

// What a scenario says, held against the flow that it is of.
extension FlowDecoder {
    /// Inputs that nothing gives a value: no default, no axis, not the environment.
    mutating func checkRequired(_ node: YAMLNode?, _ axes: [String], _ scenario: Scenario) {
        let given = axes + (node?.mapping?.compactMap(\.key.text) ?? [])
        for input in flow.inputs
        where input.defaultValue == nil && input.environment == nil && !given.contains(input.name) {
            reader.report(
                .badScenarioInput, at: scenario.span, "the scenario '\(scenario.name)' gives no '\(input.name)'",
                help: "add    inputs: {\(input.name): <\(input.type)>}, or give the input a default")
        }
    }

    /// Axes that cross nothing, and cells that are excluded and do not exist.
    mutating func checkMatrix(_ node: YAMLNode, _ exclude: YAMLNode?, _ scenario: Scenario) {
        var templates = (scenario.inputs + scenario.outputs).map(\.value)
        templates += scenario.scripts.flatMap(\.choices).flatMap { [$0.words] + [$0.payload].compactMap { $0 } }
        let used = Set(templates.flatMap(\.expressions).flatMap(\.program.references).compactMap(\.path.first))
        for (key, value) in node.mapping?.map({ ($0.key, $0.value) }) ?? [] {
            guard let axis = key.text, let member = scenario.matrix.first(where: { $0.key == axis }) else { continue }
            let input = flow.inputs.first { $0.name == axis }
            // The test token is the one of this method.
            let isUsed = input != nil || used.contains(axis) || axis == "method" && used.contains("test")
            if !isUsed {
                // Every cell is run all the same, and all are alike.
                let meant = Spelling.closest(to: axis, among: flow.inputs.map(\.name))
                reader.report(
                    .badMatrix, .warning, at: key.span, "nothing uses the axis '\(axis)'",
                    label: meant.map { "did you mean '\($0)'?" } ?? "",
                    help: meant.map { "write '\($0)'" } ?? "name an input, or use $\(axis) in the scenario")
            }
            guard case .sequence(let items) = value.kind else {
                if member.value.literal != nil {
                    reader.report(
                        .badMatrix, at: value.span, "the axis '\(axis)' is no list", help: "write [ ] around it")
                }
                continue
            }
            if items.isEmpty { reader.report(.badMatrix, at: value.span, "the axis '\(axis)' has no value") }
            if let input { for item in items { checkInput(item, input) } }
        }
        for cell in exclude.map({ reader.items($0) }) ?? [] {
            for (key, value) in cell.mapping?.map({ ($0.key, $0.value) }) ?? [] {
                guard let axis = scenario.matrix.first(where: { $0.key == key.text })?.value.literal?.list,
                    let wanted = reader.literal(value), !axis.contains(wanted)
                else { continue }
                let name = key.text ?? ""
                if flow.inputs.contains(where: \.secret) {
                    // Which axes a secret is made of is not known yet: none is spelt out.
                    reader.report(.badMatrix, at: value.span, "the axis '\(name)' has no such value", help: "remove it")
                } else {
                    reader.unknown(
                        .badMatrix, "value", wanted.interpolated, at: value.span, among: axis.map(\.interpolated),
                        in: " of the axis '\(name)'", help: "remove it")
                }
            }
        }
    }

    /// A literal for an input.
    private mutating func checkInput(_ node: YAMLNode, _ input: FlowGraph.Input) {
        guard let literal = reader.literal(node), let type = InputType(input.type) else { return }
        switch type.read(literal) {
        case .success(let value):
            if let objection = input.objection(to: value) {
                reader.report(.wrongType, at: node.span, "'\(input.name)' \(objection)")
            }
        case .failure(let problem):
            reader.report(.wrongType, at: node.span, "'\(input.name)' is not \(type.article)\(input.detail(problem))")
        }
    }

    mutating func checkOutputs(_ node: YAMLNode, of final: Int) {
        guard case .final(let end) = flow.states[final].verb, !tornStates.contains(final) else { return }
        let known = end.outputs.map(\.key)
        for key in node.mapping?.map(\.key) ?? [] {
            guard let name = key.text, !known.contains(name) else { continue }
            reader.unknown(
                .unknownName, "output", name, at: key.span, among: known, in: " of '\(flow.states[final].name)'",
                help: "add it to the state's outputs")
        }
    }

    /// What a signal carries, held against its declaration.
    mutating func checkPayload(_ node: YAMLNode, of words: Template) {
        guard case .success(let choice)? = words.literal?.string.map(ChoiceWords.read),
            let signal = flow.signals.first(where: { $0.name == choice.name }), !node.isEmptyValue
        else { return }
        for (key, value) in reader.entries(node, of: "what '\(signal.name)' carries") {
            guard let name = key.text else { continue }
            guard let field = signal.fields.first(where: { $0.name == name }) else {
                reader.unknown(
                    .unknownName, "field", name, at: key.span, among: signal.fields.map(\.name),
                    in: " of '\(signal.name)'", help: "declare it under 'signals'")
                continue
            }
            guard let literal = reader.literal(value), let type = InputType(field.type),
                case .failure(let problem) = type.read(literal)
            else { continue }
            reader.report(.wrongType, at: value.span, "'\(name)' is not \(type.article): \(problem.text)")
        }
    }
}

extension TreeReader {
    /// A value without expressions; nil where there is one. Nothing is told.
    func literal(_ node: YAMLNode) -> Value? {
        var silent = TreeReader(source: source)
        let template = silent.template(node)
        return silent.findings.isEmpty ? template.literal : nil
    }
}
