// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
package import FaregateText
import FaregateValues

/// Reads a flow file against a catalog: first all names, then what stands under them.
package struct FlowDecoder {
    var reader: TreeReader
    let catalog: Catalog
    var flow: FlowGraph
    var stateNames: [String] = []
    var inputNames: [String] = []
    /// Names that expressions may begin with, at the place that is being read.
    var extraNames: [String] = []

    /// The flow, nil where the file is not even a mapping with a name, and everything that is wrong with it.
    package static func decode(_ source: SourceText, catalog: Catalog) -> (flow: FlowGraph?, findings: [Finding]) {
        let document = YAMLReader.read(source)
        guard let root = document.root else { return (nil, document.findings) }
        var decoder = FlowDecoder(source: source, catalog: catalog)
        let flow = decoder.decode(root)
        return (flow, document.findings + decoder.reader.findings)
    }

    private init(source: SourceText, catalog: Catalog) {
        reader = TreeReader(source: source)
        self.catalog = catalog
        flow = FlowGraph(
            name: "", title: "", docs: "", version: catalog.version, file: source.path, nameSpan: .top,
            digest: StableHash(source.contents).base32)
    }

    static let keys = [
        "flow", "title", "docs", "version", "inputs", "objects", "signals", "options", "initial", "states", "cleanup",
        "scenarios",
    ]

    private mutating func decode(_ root: YAMLNode) -> FlowGraph? {
        let parts = reader.members(root, of: "a flow", known: Self.keys)
        guard let name = reader.text(parts["flow"], of: "the flow's name") else {
            if parts["flow"] == nil {
                reader.report(.missingKey, at: root.span, "a flow file needs 'flow: <name>'")
            }
            return nil
        }
        flow.name = name
        flow.nameSpan = parts["flow"]!.span
        flow.title = reader.text(parts["title"], of: "'title'") ?? ""
        flow.docs = reader.text(parts["docs"], of: "'docs'") ?? ""
        decodeVersion(parts["version"])
        collectNames(parts)
        if let node = parts["inputs"] { decodeInputs(node) }
        if let node = parts["options"] { flow.options = namedTemplates(node, of: "'options'", known: Self.optionKeys) }
        decodeViews(parts["objects"])
        guard let states = parts["states"] else {
            reader.report(.missingKey, at: flow.nameSpan, "the flow '\(name)' has no 'states'")
            return nil
        }
        for (key, value) in reader.entries(states, of: "'states'") { decodeState(key, value) }
        if let initial = parts["initial"] {
            if let state = stateNumber(initial) { flow.initial = state }
        } else {
            reader.report(
                .missingKey, at: flow.nameSpan, "the flow '\(name)' has no 'initial' state",
                help: stateNames.first.map { "add    initial: \($0)" })
        }
        if let node = parts["cleanup"] { decodeCleanup(node) }
        if let node = parts["scenarios"] {
            for (key, value) in reader.entries(node, of: "'scenarios'") { decodeScenario(key, value) }
        }
        reportUnreachable()
        return flow
    }

    static let inputKeys = ["type", "default", "check", "one_of", "env", "secret"]
    static let objectKeys = ["lifecycle", "id"]
    static let optionKeys = ["idempotency_key", "stripe_account", "max_network_retries", "timeout"]

    private mutating func decodeVersion(_ node: YAMLNode?) {
        guard let node, let text = reader.text(node, of: "'version'") else { return }
        if Self.isVersion(text) {
            flow.version = text
        } else {
            reader.report(
                .badVersion, at: node.span, "'\(text)' is no API version",
                help: "write it as 2026-07-29.dahlia or 2019-02-11")
        }
    }

    static func isVersion(_ text: String) -> Bool {
        let date = Array(text.utf8.prefix(10))
        return date.count == 10
            && date.enumerated().allSatisfy { at, byte in
                at == 4 || at == 7 ? byte == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            } && (text.utf8.count == 10 || text.utf8.dropFirst(10).first == UInt8(ascii: "."))
    }

    /// Names first, so that states and expressions may use what stands further down.
    private mutating func collectNames(_ parts: [String: YAMLNode]) {
        var taken: [String: Span] = [:]
        if let node = parts["inputs"] {
            for (key, _) in reader.entries(node, of: "'inputs'") {
                claim(key, &taken)
                if let name = key.text { inputNames.append(name) }
            }
        }
        if let node = parts["objects"] {
            for (key, value) in reader.entries(node, of: "'objects'") {
                claim(key, &taken)
                decodeObject(key, value)
            }
        }
        if let node = parts["signals"] {
            for (key, value) in reader.entries(node, of: "'signals'") {
                guard let name = key.text else { continue }
                var signal = FlowGraph.Signal(name: name, fields: [], span: key.span)
                if !value.isEmptyValue {
                    for (field, type) in reader.entries(value, of: "a signal") {
                        if let name = field.text, let type = reader.text(type, of: "a field's type") {
                            signal.fields.append(.init(name: name, type: type))
                        }
                    }
                }
                flow.signals.append(signal)
            }
        }
        if let node = parts["states"], case .mapping(let entries) = node.kind {
            stateNames = entries.compactMap(\.key.text)
        }
    }

    private mutating func claim(_ key: YAMLNode, _ taken: inout [String: Span]) {
        guard let name = key.text else { return }
        if Self.reserved.contains(name) {
            reader.report(.takenName, at: key.span, "'\(name)' is a name of the language", help: "choose another one")
        } else if let other = taken[name] {
            reader.report(.takenName, at: key.span, "'\(name)' is already declared in line \(other.start.line)")
        }
        taken[name] = key.span
    }

    package static let reserved = [
        "visits", "now", "error", "event", "states", "methods", "currencies", "test", "omit",
    ]

    private mutating func decodeObject(_ key: YAMLNode, _ value: YAMLNode) {
        guard let name = key.text else { return }
        var node = value
        if case .mapping = value.kind {
            let parts = reader.members(value, of: "an object", known: Self.objectKeys)
            guard let inner = parts["lifecycle"] else {
                reader.report(.missingKey, at: value.span, "the object '\(name)' needs a 'lifecycle'")
                return
            }
            node = inner
        }
        guard let lifecycle = reader.text(node, of: "a lifecycle's name") else { return }
        guard let number = catalog.number(of: lifecycle) else {
            reader.unknown(.unknownLifecycle, "lifecycle", lifecycle, at: node.span, among: catalog.names)
            return
        }
        flow.objects.append(.init(name: name, lifecycle: number, span: key.span))
    }

    /// Views last, for they may name other objects.
    private mutating func decodeViews(_ node: YAMLNode?) {
        guard let node, case .mapping(let entries) = node.kind else { return }
        for entry in entries {
            guard case .mapping = entry.value.kind, let id = entry.value["id"], let name = entry.key.text,
                let object = flow.object(named: name)
            else { continue }
            let template = checked(reader.template(id))
            if case .expression(let expression) = template {
                flow.objects[object].view = expression
            } else {
                reader.report(.wrongKind, at: id.span, "'id' must be an expression", help: "write $object.field")
            }
        }
    }

    private mutating func decodeInputs(_ node: YAMLNode) {
        for (key, value) in reader.entries(node, of: "'inputs'") {
            guard let name = key.text else { continue }
            let parts = reader.members(
                value, of: "an input", known: Self.inputKeys)
            guard let type = reader.text(parts["type"], of: "'type'") else {
                if parts["type"] == nil {
                    reader.report(
                        .missingKey, at: key.span, "the input '\(name)' needs a 'type'", help: "add    type: string")
                }
                continue
            }
            guard let checker = InputType(type) else {
                reader.unknown(.wrongType, "type", type, at: parts["type"]!.span, among: InputType.names)
                continue
            }
            var input = FlowGraph.Input(
                name: name, type: type, oneOf: [], environment: reader.text(parts["env"], of: "'env'"),
                secret: reader.flag(parts["secret"], of: "'secret'") ?? false, span: key.span)
            if let node = parts["default"] {
                input.defaultValue = typed(node, checker, of: "the default of '\(name)'", isSecret: input.secret)
            }
            if let node = parts["one_of"] {
                input.oneOf = reader.items(node).compactMap {
                    typed($0, checker, of: "a value of 'one_of'", isSecret: input.secret)
                }
            }
            flow.inputs.append(input)
            if let node = parts["check"], let check = reader.condition(node, of: "'check'") {
                flow.inputs[flow.inputs.count - 1].check = checked(check)
            }
        }
    }

    private mutating func typed(_ node: YAMLNode, _ type: InputType, of what: String, isSecret: Bool) -> Value? {
        guard case .literal(let raw) = reader.template(node) else {
            reader.report(.wrongType, at: node.span, "\(what) must be a literal")
            return nil
        }
        switch type.read(raw) {
        case .success(let value): return value
        case .failure(let problem):
            reader.report(
                .wrongType, at: node.span, "\(what) is not \(type.article)" + (isSecret ? "" : ": \(problem.text)"))
            return nil
        }
    }

    private mutating func decodeCleanup(_ node: YAMLNode) {
        for item in reader.items(node) {
            guard let call = callName(item) else { continue }
            flow.cleanup.append(.init(object: call.object, operation: call.operation, span: item.span))
        }
    }

    private mutating func reportUnreachable() {
        var reached: Set<Int> = []
        var pending = [flow.initial]
        while let number = pending.popLast(), number < flow.states.count {
            guard reached.insert(number).inserted else { continue }
            for branch in flow.states[number].branches {
                if case .state(let next) = branch.target { pending.append(next) }
            }
        }
        for (number, state) in flow.states.enumerated() where !reached.contains(number) {
            reader.report(
                .unreachable, at: state.span, "nothing leads to the state '\(state.name)'",
                help: "remove it, or make it some state's target")
        }
    }
}
