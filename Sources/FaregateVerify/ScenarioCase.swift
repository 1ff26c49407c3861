// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
package import FaregateSpec
package import FaregateText
package import FaregateValues
import FaregateWire

/// The findings of scenarios that did not end as they said. Codes are stable for ever.
package enum ScenarioCode: String, Sendable, CaseIterable {
    case wrongFinal = "FG0405"
    case neverAsked = "FG0406"
    case wrongPath = "FG0407"
    case wrongVisits = "FG0408"
    case wrongOutputs = "FG0409"
}

/// One cell of a scenario's matrix, ready to be run.
package struct ScenarioCase: Sendable {
    package var flow: Int
    package var scenario: Scenario
    /// `method=ideal`; empty without a matrix. A secret is told by its place in the axis: `token=secret-2`.
    package var cell: String
    package var inputs: ValueMap
    package var scripts: [Cast.Script]
    /// `test` as the payloads of this cell see it.
    package var test: @Sendable ([Cast.Script]) -> Value = { _ in .null }

    package init(flow: Int, scenario: Scenario, cell: String = "", inputs: ValueMap = [:], scripts: [Cast.Script] = [])
    {
        self.flow = flow
        self.scenario = scenario
        self.cell = cell
        self.inputs = inputs
        self.scripts = scripts
    }

    /// `it settles [method=ideal]`
    package var title: String { cell.isEmpty ? scenario.name : "\(scenario.name) [\(cell)]" }
}

/// Crosses a scenario's matrix.
package struct ScenarioExpander {
    let flow: FlowGraph
    let number: Int
    let catalog: Catalog
    /// `test` as expressions see it, for the choices of this cell.
    let test: @Sendable (_ bindings: ValueMap, _ scripts: [Cast.Script]) -> Value

    package init(
        flow: FlowGraph, number: Int, catalog: Catalog,
        test: @escaping @Sendable (ValueMap, [Cast.Script]) -> Value
    ) {
        self.flow = flow
        self.number = number
        self.catalog = catalog
        self.test = test
    }

    package func cases(of scenario: Scenario) -> (cases: [ScenarioCase], findings: [Finding]) {
        do throws(ExpressionError) {
            var cells: [ValueMap] = [[:]]
            var secrets: [String: [Value]] = [:]
            let secretAxes = scenario.secretAxes(in: flow)
            for axis in scenario.matrix {
                let value = try axis.value.evaluate { lookup($0, [:], []) }
                guard case .list(let items) = value else {
                    return ([], [finding(.badMatrix, scenario, "the axis '\(axis.key)' is no list")])
                }
                if secretAxes.contains(axis.key) { secrets[axis.key] = items }
                cells = cells.flatMap { cell in
                    items.map { item in
                        var next = cell
                        next[axis.key] = item
                        return next
                    }
                }
                if cells.count > 10_000 {
                    return ([], [finding(.badMatrix, scenario, "the matrix has more than 10,000 cells")])
                }
            }
            var cases: [ScenarioCase] = []
            for cell in cells where try !isExcluded(cell, scenario) {
                cases.append(try self.case(scenario, cell, secrets))
            }
            if cases.isEmpty { return ([], [finding(.badMatrix, scenario, "the matrix has no cell")]) }
            return (cases, [])
        } catch {
            let message = "'\(error.source)' cannot be computed: \(error.message)"
            return ([], [Finding(SpecCode.badScenarioInput.rawValue, in: flow.file, at: error.span, message)])
        }
    }

    private func isExcluded(_ cell: ValueMap, _ scenario: Scenario) throws(ExpressionError) -> Bool {
        for pattern in scenario.exclude {
            var matches = true
            for member in pattern where try member.value.evaluate({ lookup($0, cell, []) }) != cell[member.key] {
                matches = false
            }
            if matches { return true }
        }
        return false
    }

    /// - Parameter secrets: the values of the axes that are not to be told.
    private func `case`(
        _ scenario: Scenario, _ cell: ValueMap, _ secrets: [String: [Value]]
    ) throws(ExpressionError) -> ScenarioCase {
        var scripts: [Cast.Script] = []
        for script in scenario.scripts {
            var lines: [Cast.Line] = []
            for line in script.choices {
                let text = try line.words.evaluate { lookup($0, cell, []) }.interpolated
                guard case .success(let words) = ChoiceWords.read(text) else {
                    throw ExpressionError(source: text, span: line.span, message: "it is no choice")
                }
                lines.append(.init(words: words, payload: line.payload))
            }
            scripts.append(.init(actor: script.actor, scope: script.scope, lines: lines))
        }
        let defaults = ValueMap(
            entries: flow.inputs.compactMap { input in input.defaultValue.map { (.string(input.name), $0) } })
        // An axis that is called like an input is that input.
        var inputs = ValueMap()
        for (name, value) in cell where flow.inputs.contains(where: { .string($0.name) == name }) {
            inputs[value: name] = value
        }
        for member in scenario.inputs {
            let value = try member.value.evaluate { lookup($0, defaults.merging(cell).merging(inputs), scripts) }
            guard let input = flow.inputs.first(where: { $0.name == member.key }), let type = InputType(input.type),
                case .success(let typed) = type.read(value)
            else {
                let isSecret = flow.inputs.contains { $0.name == member.key && $0.secret }
                throw ExpressionError(
                    source: member.key, span: scenario.span,
                    message: "\(isSecret ? Redaction.mark : JSON.write(value)) is not of its type")
            }
            inputs[member.key] = typed
        }
        let words = cell.map { key, value in
            let name = key.interpolated
            let place = secrets[name]?.firstIndex(of: value)
            return "\(name)=" + (place.map { "secret-\($0 + 1)" } ?? value.interpolated)
        }
        var item = ScenarioCase(
            flow: number, scenario: scenario, cell: words.joined(separator: " "), inputs: inputs, scripts: scripts)
        let bindings = defaults.merging(cell).merging(inputs)
        item.test = { [test] in test(bindings, $0) }
        return item
    }

    private func lookup(_ name: String, _ cell: ValueMap, _ scripts: [Cast.Script]) -> Value? {
        if let value = cell[name] { return value }
        switch name {
        case "methods": return catalog.methods
        case "currencies": return catalog.currencies
        case "test": return test(cell, scripts)
        case "omit": return .optional(nil)
        default: return flow.inputs.first { $0.name == name }?.defaultValue
        }
    }

    private func finding(_ code: SpecCode, _ scenario: Scenario, _ message: String) -> Finding {
        Finding(code.rawValue, in: flow.file, at: scenario.span, message)
    }
}
