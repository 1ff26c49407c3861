// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateEngine
import FaregateRender
import FaregateSpec
import FaregateStripe
public import FaregateText
import FaregateValues
import FaregateWire

/// An expression to be tried out, by itself or as if it stood in a flow.
public struct ExpressionTrial: Sendable {
    /// What came of it.
    public struct Report: Sendable {
        /// The value as JSON, points in time and durations as people write them; nil where there is none.
        public var value: String?
        /// The type as far as it is known before the expression is computed.
        public var type: String
        /// What is wrong with the expression.
        public var findings: [Finding]
        /// Each part of the expression with its value, one a line.
        public var parts: String
        let source: SourceText

        /// The findings, each with the place in the expression.
        public func text(width: Int = 80, isColored: Bool = false) -> String {
            FindingPrinter(sources: [source], width: width, isColored: isColored).text(for: findings)
        }
    }

    private let source: SourceText
    private let flow: FlowGraph?
    private let pack: StripePack
    private var bindings: [String: Value] = [:]

    /// - Parameters:
    ///   - expression: CEL, as a guard has it.
    ///   - library: where the flow is whose names are used; nil for none.
    ///   - flow: the flow's name.
    public init(_ expression: String, in library: FlowLibrary? = nil, flow: String? = nil) {
        source = SourceText(path: "expression", text: expression)
        pack = library?.pack ?? .standard
        self.flow = library.flatMap { library in
            (flow.map { library.flows.number(of: $0) } ?? 0).flatMap { number in
                number < library.flows.graphs.count ? library.flows.graphs[number] : nil
            }
        }
        for input in self.flow?.inputs ?? [] { bindings[input.name] = input.defaultValue }
    }

    /// Gives a name a value: JSON, or a bare text.
    ///
    /// A name may have dots: `payment.status` alone is enough where an expression asks for nothing else of the object.
    public mutating func bind(_ name: String, to text: String) throws(RunRequestError) {
        let value = try Self.value(of: name, text)
        if let input = flow?.inputs.first(where: { $0.name == name }), let type = InputType(input.type) {
            guard case .success(let typed) = type.read(value).flatMapError({ _ in type.read(text: text) }) else {
                let shown = input.secret ? Redaction.mark : "'\(text)'"
                throw RunRequestError("'\(name)' is \(shown), but must be of type \(input.type)")
            }
            bindings[name] = typed
        } else if name == "now" {
            guard let time = value.string.flatMap({ Timestamp.parse($0) }) else {
                throw RunRequestError("'now' is '\(text)', but must be a point in time such as 2026-01-31T12:00:00Z")
            }
            bindings[name] = .timestamp(time)
        } else {
            bindings[name] = timed(value, name)
        }
    }

    /// Points in time of objects are numbers in JSON, and timestamps in expressions.
    private func timed(_ value: Value, _ name: String) -> Value {
        let steps = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard let flow, let first = steps.first, let object = flow.object(named: first) else { return value }
        let times = pack.catalog.times[pack.catalog.graphs[flow.objects[object].lifecycle].lifecycle.name] ?? []
        if steps.count > 1 {
            guard times.contains(steps[1]), case .int(let seconds) = value else { return value }
            return .timestamp(Timestamp(seconds: seconds))
        }
        guard var fields = value.map else { return value }
        for name in times {
            if case .int(let seconds)? = fields[name] { fields[name] = .timestamp(Timestamp(seconds: seconds)) }
        }
        return .map(fields)
    }

    private static func value(of name: String, _ text: String) throws(RunRequestError) -> Value {
        do {
            return try JSON.read(text)
        } catch {
            // What looks like JSON should be JSON; anything else is a text that its author did not quote.
            guard let first = text.first, !"{[\"".contains(first) else {
                throw RunRequestError("the value of '\(name)' is no JSON: \(error)")
            }
            return .string(text)
        }
    }

    // MARK: Trying

    /// Checks the expression, and computes it if it is to be and nothing is wrong.
    public func report(checksOnly: Bool = false) -> Report {
        let text = String(decoding: source.contents, as: UTF8.self)
        var report = Report(value: nil, type: "dyn", findings: [], parts: "", source: source)
        let program: Program
        switch Program.parse(text) {
        case .success(let parsed): program = parsed
        case .failure(let problem):
            report.findings = [finding(SpecCode.badExpression.rawValue, problem.range, problem.message, problem.help)]
            return report
        }
        report.findings = unknownNames(program, mustHaveValues: false)
        let (type, diagnostics) = program.check(environment)
        report.type = "\(type)"
        report.findings += diagnostics.map { $0.finding(in: source.path, at: source.span(of: $0.range)) }
        if checksOnly || !report.findings.isEmpty { return report }
        // Only now: a misspelt name needs another spelling, not a value.
        report.findings = unknownNames(program, mustHaveValues: true)
        guard report.findings.isEmpty else { return report }
        switch program.evaluate(value) {
        case .success(let value):
            report.value = JSON.write(value.readable, pretty: true)
            report.parts = Self.lines(program.explain(value(of:)))
        case .failure(let error):
            report.findings = [finding(RunCode.expressionFailed.rawValue, error.range, error.message, nil)]
        }
        return report
    }

    private func finding(_ code: String, _ range: Range<Int>, _ message: String, _ help: String?) -> Finding {
        Finding(code, in: source.path, at: source.span(of: range), message, help: help)
    }

    private var environment: TypeEnvironment {
        let types = pack.types(version: flow?.version ?? pack.catalog.version)
        var environment =
            flow?.environment(types, catalog: pack.catalog)
            ?? TypeEnvironment(["methods": types.methods, "currencies": types.currencies], isOpen: true)
        for name in bindings.keys where environment.variables[name] == nil && name.contains(".") {
            // A part of an object that was bound by itself.
            environment.variables[name] = .dyn
        }
        return environment
    }

    private func value(of name: String) -> Value? {
        if name == "visits", let flow {
            var visits = ValueMap()
            for state in flow.states { visits[state.name] = 0 }
            for (state, count) in bindings[name]?.map ?? [:] { visits[value: state] = count }
            return .map(visits)
        }
        if let value = bindings[name] { return value }
        switch name {
        case "methods": return pack.catalog.methods
        case "currencies": return pack.catalog.currencies
        case "omit": return .optional(nil)
        default: return nil
        }
    }

    // MARK: Names

    private func unknownNames(_ program: Program, mustHaveValues: Bool) -> [Finding] {
        let declared = flow.map { $0.inputs.map(\.name) + $0.objects.map(\.name) + $0.signals.map(\.name) } ?? []
        let words = flow == nil ? ["methods", "currencies", "omit"] : FlowDecoder.reserved
        let known = declared + words + bindings.keys.sorted()
        var findings: [Finding] = []
        for reference in program.references {
            let names = reference.path.indices.reversed().map { reference.path[...$0].joined(separator: ".") }
            if names.contains(where: { value(of: $0) != nil }) { continue }
            let root = reference.path[0]
            let isKnown = names.contains { known.contains($0) }
            if isKnown, !mustHaveValues { continue }
            let closest = Spelling.closest(to: root, among: known)
            let message = isKnown ? "'\(root)' has no value here" : "unknown name '\(root)'"
            let help = isKnown || closest == nil ? "give it one: --bind \(names[0])=…" : closest.map { "write '\($0)'" }
            findings.append(finding(SpecCode.unknownName.rawValue, reference.range, message, help))
        }
        return findings
    }

    // MARK: Parts

    private static func lines(_ tree: ExplainedTree) -> String {
        var rows: [(text: String, value: String)] = []
        func add(_ tree: ExplainedTree, _ depth: Int) {
            let value =
                switch tree.value {
                case .success(let value): JSON.write(value.readable)
                case .failure(let error): "error: \(error.message)"
                }
            let text = tree.text.split(whereSeparator: \.isNewline).joined(separator: " ")
            rows.append((String(repeating: "  ", count: depth) + text, String(value.prefix(120))))
            for child in tree.children { add(child, depth + 1) }
        }
        add(tree, 0)
        let width = min(60, rows.map(\.text.count).max() ?? 0)
        return rows.map { row in
            row.text + String(repeating: " ", count: max(0, width - row.text.count)) + "  = \(row.value)\n"
        }.joined()
    }
}
