// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateValues

/// One of the cases that a flow is checked for: what is the same all the way through a run.
struct CheckCase: Hashable {
    /// By input; nil where it may be anything.
    var inputs: [Value?]
    /// Number in `RowOracle.profiles`; nil as long as no row has asked.
    var profile: Int?
    /// Guards over inputs alone that were taken one way: the same text decides the same way later on.
    var bits: [Bit] = []

    struct Bit: Hashable {
        var guardText: String
        var holds: Bool
    }

    func bit(_ text: String) -> Bool? { bits.first { $0.guardText == text }?.holds }

    func with(_ text: String, _ holds: Bool) -> CheckCase {
        var copy = self
        copy.bits.append(Bit(guardText: text, holds: holds))
        copy.bits.sort { $0.guardText < $1.guardText }
        return copy
    }
}

/// Finds out which inputs matter to a flow's check, and what values they may have.
struct CaseFinder {
    let flows: FlowSet
    let oracle: RowOracle
    /// How many methods each one stands for.
    private(set) var weights: [Value: Int] = [:]

    init(flows: FlowSet, oracle: RowOracle) {
        self.flows = flows
        self.oracle = oracle
    }

    /// All cases of a flow, some of its inputs given.
    mutating func cases(of number: Int, given: [Value?], profile: Int?) -> [CheckCase] {
        let flow = flows.graphs[number]
        let relevant = relevantInputs(of: number, depth: 0)
        let methods = methodInputs(of: number, depth: 0)
        var cases = [CheckCase(inputs: given, profile: profile)]
        for (position, input) in flow.inputs.enumerated() {
            if given[position] != nil { continue }
            guard relevant.contains(input.name) else { continue }
            var values = input.oneOf
            if values.isEmpty, input.type == "bool" { values = [false, true] }
            if values.isEmpty, input.type == "string", methods.contains(input.name) {
                values = self.methods(flow, position)
            }
            guard !values.isEmpty, values.count * cases.count <= 4096 else { continue }
            cases = cases.flatMap { base in
                values.map { value in
                    var copy = base
                    copy.inputs[position] = value
                    return copy
                }
            }
            if let check = input.check {
                cases.removeAll { item in
                    check.program.evaluate { name in
                        if name == "methods" { return oracle.catalog.methods }
                        if name == "currencies" { return oracle.catalog.currencies }
                        return flow.inputs.firstIndex { $0.name == name }.map { item.inputs[$0] ?? .unknown(name) }
                    } == .success(false)
                }
            }
        }
        return cases
    }

    // MARK: Which inputs matter

    private func relevantInputs(of number: Int, depth: Int) -> Set<String> {
        guard depth < 8 else { return [] }
        let flow = flows.graphs[number]
        let names = Set(flow.inputs.map(\.name))
        var found: Set<String> = []
        func read(_ expressions: [Expression]) {
            for expression in expressions {
                for reference in expression.program.references where names.contains(reference.path[0]) {
                    found.insert(reference.path[0])
                }
            }
        }
        for object in flow.objects { read([object.view].compactMap { $0 }) }
        for state in flow.states {
            for branch in state.branches {
                read([branch.condition].compactMap { $0 } + branch.asserts.map(\.condition))
            }
            read(state.asserts.map(\.condition))
            switch state.verb {
            case .call(let call):
                let model = oracle.models[flow.objects[call.object].lifecycle]
                for member in call.with where model.wants(member.key) { read(member.value.expressions) }
            case .run(let name, let with):
                guard let child = flows.number(of: name) else { continue }
                let inner = relevantInputs(of: child, depth: depth + 1)
                for member in with where inner.contains(member.key) { read(member.value.expressions) }
            default: break
            }
        }
        return found
    }

    /// Inputs that are handed over as the type of a payment method: whatever they are, they are one of the table's.
    private func methodInputs(of number: Int, depth: Int) -> Set<String> {
        guard depth < 8 else { return [] }
        let flow = flows.graphs[number]
        var found: Set<String> = []
        func read(_ template: Template?) {
            guard case .expression(let expression)? = template else { return }
            if flow.inputs.contains(where: { $0.name == expression.source }) { found.insert(expression.source) }
        }
        for state in flow.states {
            switch state.verb {
            case .call(let call):
                for member in call.with {
                    switch (member.key, member.value) {
                    case ("payment_method_types", .list(let items)) where items.count == 1: read(items[0])
                    case ("payment_method_data", .map(let parts)): read(parts.first { $0.key == "type" }?.value)
                    default: break
                    }
                }
            case .run(let name, let with):
                guard let child = flows.number(of: name) else { continue }
                let inner = methodInputs(of: child, depth: depth + 1)
                for member in with where inner.contains(member.key) { read(member.value) }
            default: break
            }
        }
        return found
    }

    /// One method of each kind that rows and the flow's own expressions can tell apart, in the order of the table.
    private mutating func methods(_ flow: FlowGraph, _ position: Int) -> [Value] {
        let columns = oracle.models.flatMap(\.columns)
        let name = flow.inputs[position].name
        let expressions = flow.states.flatMap { state -> [Expression] in
            var own = state.branches.compactMap(\.condition)
            if case .call(let call) = state.verb {
                let model = oracle.models[flow.objects[call.object].lifecycle]
                own += call.with.filter { model.wants($0.key) }.flatMap(\.value.expressions)
            }
            return own.filter { expression in
                let roots = expression.program.references.map { $0.path[0] }
                return roots.contains(name) && expression.source != name
            }
        }
        var seen: [[Value]: Value] = [:]
        var values: [Value] = []
        for (key, row) in oracle.catalog.methods.map ?? [:] {
            if row["in_ga_type_enum"] == .bool(false) { continue }
            var signature = columns.map { path in row[path: path.dropFirst().joined(separator: ".")] ?? .null }
            signature.append(row["next_action"] ?? .null)
            signature.append(row["action"] ?? .null)
            // The id itself is a column of some rows; it only matters where it makes a difference.
            for (at, path) in columns.enumerated() where path == ["method", "id"] {
                signature[at] = key == "multibanco" ? key : .null
            }
            for expression in expressions {
                let value = expression.program.evaluate { asked in
                    if asked == name { return key }
                    if asked == "methods" { return oracle.catalog.methods }
                    if asked == "currencies" { return oracle.catalog.currencies }
                    if asked == "omit" { return .optional(nil) }
                    return asked.contains(".") ? nil : .unknown(asked)
                }
                signature.append((try? value.get()) ?? .null)
            }
            if let first = seen[signature] {
                weights[first, default: 1] += 1
            } else {
                seen[signature] = key
                values.append(key)
            }
        }
        return values
    }
}
