// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateCEL
package import FaregateText
import FaregateValues

/// Checks the types of all expressions of a flow before any of them is computed.
package struct TypeCheck {
    /// What an expression is there for.
    enum Purpose {
        case condition
        /// How long to wait, or until when.
        case time
        /// Which object a view shows.
        case identity
        case input(CELType)
        case value
    }

    private let flow: FlowGraph
    private let environment: TypeEnvironment
    private var scenario: TypeEnvironment?
    private var findings: [Finding] = []

    /// What is wrong with the types of a flow's expressions.
    package static func findings(
        in flow: FlowGraph, _ types: DataTypes, catalog: Catalog, flows: FlowSet = FlowSet([])
    ) -> [Finding] {
        var check = TypeCheck(flow: flow, environment: flow.environment(types, catalog: catalog, flows: flows))
        check.checkHead()
        for state in flow.states { check.check(state) }
        for scenario in flow.scenarios { check.check(scenario) }
        return check.findings
    }

    private init(flow: FlowGraph, environment: TypeEnvironment) {
        self.flow = flow
        self.environment = environment
    }

    private mutating func check(_ expression: Expression?, _ purpose: Purpose) {
        guard let expression else { return }
        let (type, diagnostics) = expression.program.check(scenario ?? environment)
        findings += diagnostics.map { $0.finding(in: flow.file, at: expression.place(of: $0.range)) }
        if case .condition = purpose, let omit = expression.program.references.first(where: { $0.path == ["omit"] }) {
            findings.append(
                Finding(
                    TypeCode.wrongResult.rawValue, in: flow.file, at: expression.place(of: omit.range),
                    "'omit' leaves a parameter out, and true or false is due here", help: "write true or false"))
            return
        }
        guard diagnostics.isEmpty, let wanted = purpose.unmet(by: type) ?? unmet(expression, purpose) else { return }
        findings.append(
            Finding(
                TypeCode.wrongResult.rawValue, in: flow.file, at: expression.span,
                "'\(expression.source)' is \(type), and \(wanted) is due here", help: purpose.help(for: type)))
    }

    /// A text may be a duration; one that an input holds is none unless its values say so.
    private func unmet(_ expression: Expression, _ purpose: Purpose) -> String? {
        guard case .time = purpose, let input = flow.inputs.first(where: { $0.name == expression.source }),
            input.type == InputType.string.name
        else { return nil }
        let values = input.oneOf + [input.defaultValue].compactMap { $0 }
        let areDurations = values.allSatisfy { $0.string.flatMap(Duration.parse) != nil }
        return values.isEmpty || !areDurations ? "a duration or a timestamp" : nil
    }

    private mutating func check(_ template: Template, _ purpose: Purpose = .value) {
        if case .expression(let whole) = template { return check(whole, purpose) }
        for expression in template.expressions { check(expression, .value) }
    }

    private mutating func check(_ members: [Template.Member]) {
        for member in members { check(member.value) }
    }

    // MARK: The flow

    private mutating func checkHead() {
        for input in flow.inputs { check(input.check, .condition) }
        for object in flow.objects { check(object.view, .identity) }
        check(flow.options)
    }

    private mutating func check(_ state: FlowGraph.State) {
        switch state.verb {
        case .call(let call):
            check(call.with)
            check(call.options)
        case .wait(let wait):
            if case .time(let template) = wait.subject { check(template, .time) }
        case .choose: break
        case .emit(_, let with): check(with)
        case .run(_, let with): check(with)
        case .final(let final): check(final.outputs)
        }
        check(state.asserts, state.events)
        for timed in state.after { check(timed.delay, .time) }
        for branch in state.branches {
            check(branch.condition, .condition)
            check(branch.asserts, branch.events)
        }
    }

    private mutating func check(_ asserts: [FlowGraph.Assertion], _ events: [FlowGraph.Obligation]) {
        for assertion in asserts { check(assertion.condition, .condition) }
        for event in events { check(event.condition, .condition) }
    }

    private mutating func check(_ scenario: Scenario) {
        var environment = environment
        // An axis of the matrix may have values of any kind, and hides an input of its name.
        for axis in scenario.matrix { environment.variables[axis.key] = .dyn }
        self.scenario = environment
        defer { self.scenario = nil }
        check(scenario.matrix)
        for cell in scenario.exclude { check(cell) }
        for member in scenario.inputs {
            let type = flow.inputs.first { $0.name == member.key }.flatMap { InputType($0.type)?.celType }
            check(member.value, type.map { .input($0) } ?? .value)
        }
        for script in scenario.scripts {
            for line in script.choices {
                check(line.words)
                if let payload = line.payload { check(payload) }
            }
        }
        check(scenario.outputs)
    }
}

extension TypeCheck.Purpose {
    /// What is due in words, where a type is nothing of the kind.
    func unmet(by type: CELType) -> String? {
        switch (self, type) {
        case (_, .dyn), (_, .error), (.value, _): nil
        case (.condition, .bool): nil
        case (.condition, _): "true or false"
        case (.time, .duration), (.time, .timestamp), (.time, .string): nil
        case (.time, _): "a duration or a timestamp"
        case (.identity, .string), (.identity, .record), (.identity, .map), (.identity, .null), (.identity, .optional):
            nil
        case (.identity, _): "an id"
        case (.input(let wanted), let given): wanted.takes(given) ? nil : "\(wanted)"
        }
    }

    func help(for type: CELType) -> String? {
        switch (self, type) {
        case (.condition, .int): "compare it: … != 0"
        case (.condition, .string): "compare it: … != ''"
        case (.condition, .record), (.condition, .map): "compare it with null, or ask for a field with has(…)"
        case (.time, .string): "declare the input with 'type: duration'"
        case (.time, .int): "write a duration: duration('24h'), or timestamp(…) for a point in time"
        default: nil
        }
    }
}

extension CELType {
    /// Whether a value of a type may be put where this one is declared; only what is plain is refused.
    fileprivate func takes(_ given: CELType) -> Bool {
        let plain: [CELType] = [.string, .int, .bool, .double]
        if self == .double, given == .int { return true }
        if self == .duration || self == .timestamp { return given != .bool && given != .double }
        return self == given || !plain.contains(self) || !plain.contains(given)
    }
}

extension Diagnostic {
    /// As a finding of a file, or of an expression by itself.
    package func finding(in file: String, at span: Span) -> Finding {
        let code = isUnknownField ? TypeCode.unknownField : TypeCode.mismatch
        return Finding(code.rawValue, in: file, at: span, message, help: help)
    }
}
