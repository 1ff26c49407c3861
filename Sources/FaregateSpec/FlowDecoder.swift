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
    /// Objects that are declared, but not so that they could be read.
    var lostNames: [String] = []
    /// Places that read outputs of the sub-run of a state.
    var outputReferences: [(state: Int, span: Span)] = []
    /// States that could not be read whole: ways that lead out of them may be missing.
    var tornStates: Set<Int> = []
    /// Of the present state: its verb could not be read.
    var isTorn = false

    /// The flow, nil where the file is not even a mapping with a name, and everything that is wrong with it.
    package static func decode(_ source: SourceText, catalog: Catalog) -> (flow: FlowGraph?, findings: [Finding]) {
        let document = YAMLReader.read(source)
        guard let root = document.root else { return (nil, document.findings) }
        var decoder = FlowDecoder(source: source, catalog: catalog)
        decoder.reader.findings = document.findings
        let flow = decoder.decode(root)
        return (flow, decoder.reader.findings)
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
        if let version = version(parts["version"]) { flow.version = version }
        collectNames(parts)
        if let node = parts["inputs"] { decodeInputs(node) }
        if let node = parts["options"] { flow.options = options(node) }
        decodeViews(parts["objects"])
        guard let states = parts["states"] else {
            reader.report(.missingKey, at: flow.nameSpan, "the flow '\(name)' has no 'states'")
            return nil
        }
        for (key, value) in reader.entries(states, of: "'states'") { decodeState(key, value) }
        checkOutputReferences()
        let initial = parts["initial"].flatMap { stateNumber($0) }
        if let initial { flow.initial = initial }
        if parts["initial"] == nil {
            reader.report(
                .missingKey, at: flow.nameSpan, "the flow '\(name)' has no 'initial' state",
                help: stateNames.first.map { "add    initial: \($0)" })
        }
        if let node = parts["cleanup"] { decodeCleanup(node) }
        if let node = parts["scenarios"] {
            for (key, value) in reader.entries(node, of: "'scenarios'") { decodeScenario(key, value) }
        }
        if initial != nil { reportUnreachable() }
        return flow
    }

    static let objectKeys = ["lifecycle", "id"]

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
                decodeSignal(key, value)
            }
        }
        if let node = parts["states"], case .mapping(let entries) = node.kind {
            stateNames = entries.compactMap(\.key.text)
            if let stay = entries.first(where: { $0.key.text == "stay" }) {
                reader.report(
                    .takenName, at: stay.key.span, "'stay' is a target of the language: handled, go on waiting",
                    help: "choose another name")
            }
        }
    }

    private mutating func claim(_ key: YAMLNode, _ taken: inout [String: Span]) {
        guard let name = key.text else { return }
        if Self.reserved.contains(name) {
            reader.report(.takenName, at: key.span, "'\(name)' is a name of the language", help: "choose another one")
        } else if let other = taken[name] {
            reader.report(.takenName, at: key.span, "'\(name)' is already declared in line \(other.start.line)")
        }
        checkSpelling(name, at: key.span)
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
                lostNames.append(name)
                reader.report(.missingKey, at: value.span, "the object '\(name)' needs a 'lifecycle'")
                return
            }
            node = inner
        }
        guard let lifecycle = reader.text(node, of: "a lifecycle's name") else { return lostNames.append(name) }
        guard let number = catalog.number(of: lifecycle) else {
            lostNames.append(name)
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

    private mutating func decodeCleanup(_ node: YAMLNode) {
        for item in reader.items(node) {
            guard let call = callName(item) else { continue }
            flow.cleanup.append(.init(object: call.object, operation: call.operation, span: item.span))
        }
    }

    /// Where a state that is reached has lost ways out to a mistake, nobody knows what they led to.
    private mutating func reportUnreachable() {
        var reached: Set<Int> = []
        var pending = [flow.initial]
        while let number = pending.popLast(), number < flow.states.count {
            guard reached.insert(number).inserted else { continue }
            if tornStates.contains(number) { return }
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
