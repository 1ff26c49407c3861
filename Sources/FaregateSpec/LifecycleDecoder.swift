// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText
import FaregateValues

/// Reads a lifecycle file.
package struct LifecycleDecoder {
    private var reader: TreeReader
    private var lifecycle: Lifecycle

    /// The lifecycle, nil where the file is not even a mapping with a name, and everything that is wrong with it.
    package static func decode(_ source: SourceText) -> (lifecycle: Lifecycle?, findings: [Finding]) {
        let document = YAMLReader.read(source)
        guard let root = document.root else { return (nil, document.findings) }
        var decoder = LifecycleDecoder(source: source)
        let lifecycle = decoder.decode(root)
        return (lifecycle, document.findings + decoder.reader.findings)
    }

    private init(source: SourceText) {
        reader = TreeReader(source: source)
        lifecycle = Lifecycle(
            name: "", prefix: "", docs: "", file: source.path, statuses: [], footnoteTexts: [:], operations: [],
            actors: [], attributes: [], facts: [], references: [], rows: [])
    }

    static let keys = [
        "lifecycle", "prefix", "docs", "statuses", "footnotes", "operations", "actors", "attributes", "facts",
        "references", "transitions", "status", "refusal", "error_field",
    ]
    static let statusKeys = ["terminal", "holds", "footnote", "before"]
    static let referenceKeys = ["lifecycle", "by", "field", "inverse"]
    static let effectKeys = ["to", "if"]

    private mutating func decode(_ root: YAMLNode) -> Lifecycle? {
        let members = reader.members(root, of: "a lifecycle", known: Self.keys)
        guard let name = reader.text(members["lifecycle"], of: "the lifecycle's name") else {
            reader.report(.missingKey, at: root.span, "a lifecycle file needs 'lifecycle: <name>'")
            return nil
        }
        lifecycle.name = name
        lifecycle.prefix = reader.text(members["prefix"], of: "'prefix'") ?? name
        lifecycle.docs = reader.text(members["docs"], of: "'docs'") ?? ""
        lifecycle.refusal = reader.text(members["refusal"], of: "'refusal'")
        lifecycle.errorField = reader.text(members["error_field"], of: "'error_field'")
        lifecycle.attributes = reader.texts(members["attributes"], of: "an attribute")
        if let node = members["status"] { lifecycle.statusExpression = reader.condition(node, of: "'status'") }
        decodeTables(members)
        if let node = members["transitions"] {
            for row in reader.items(node) { decodeRow(row) }
        }
        return lifecycle
    }

    private mutating func decodeTables(_ members: [String: YAMLNode]) {
        if let node = members["footnotes"] {
            for (key, value) in reader.entries(node, of: "'footnotes'") {
                if let number = reader.int(key, of: "a footnote's number"),
                    let text = reader.text(value, of: "a footnote")
                {
                    lifecycle.footnoteTexts[number] = text
                }
            }
        }
        if let node = members["statuses"] {
            for (key, value) in reader.entries(node, of: "'statuses'") { decodeStatus(key, value) }
            if lifecycle.statuses.count > 32 {
                reader.report(.badRow, at: node.span, "a lifecycle has at most 32 statuses")
                lifecycle.statuses.removeLast(lifecycle.statuses.count - 32)
            }
        }
        if let node = members["operations"] {
            for (key, value) in reader.entries(node, of: "'operations'") {
                guard let name = key.text, let text = reader.text(value, of: "an operation's route") else { continue }
                let words = text.split(separator: " ")
                let route =
                    words.count == 2
                    ? Lifecycle.Route(
                        method: String(words[0]), segments: words[1].split(separator: "/").map(String.init))
                    : nil
                if route == nil, text != "internal" {
                    reader.report(
                        .badRow, at: value.span, "'\(text)' is no route", help: "write METHOD /path, or internal")
                }
                lifecycle.operations.append(.init(name: name, route: route, span: key.span))
            }
        }
        if let node = members["actors"] {
            for (key, value) in reader.entries(node, of: "'actors'") {
                guard let name = key.text else { continue }
                lifecycle.actors.append(.init(name: name, choices: reader.texts(value, of: "a choice")))
            }
        }
        if let node = members["facts"] {
            for (key, value) in reader.entries(node, of: "'facts'") {
                guard let name = key.text, let condition = reader.condition(value, of: "a fact") else { continue }
                lifecycle.facts.append(.init(name: name, condition: condition))
            }
        }
        if let node = members["references"] {
            for (key, value) in reader.entries(node, of: "'references'") {
                let parts = reader.members(value, of: "a reference", known: Self.referenceKeys)
                guard let name = key.text, let target = reader.text(parts["lifecycle"], of: "'lifecycle'") else {
                    continue
                }
                lifecycle.references.append(
                    .init(
                        name: name, lifecycle: target, by: reader.texts(parts["by"], of: "'by'"),
                        field: reader.text(parts["field"], of: "'field'"),
                        inverse: reader.text(parts["inverse"], of: "'inverse'")))
            }
        }
    }

    private mutating func decodeStatus(_ key: YAMLNode, _ value: YAMLNode) {
        guard let name = key.text else { return }
        var status = Lifecycle.Status(name: name, terminal: false, holds: false, span: key.span)
        if !value.isEmptyValue {
            let parts = reader.members(value, of: "a status", known: Self.statusKeys)
            status.terminal = reader.flag(parts["terminal"], of: "'terminal'") ?? false
            status.holds = reader.flag(parts["holds"], of: "'holds'") ?? false
            status.footnote = reader.int(parts["footnote"], of: "'footnote'")
            if let before = parts["before"],
                let (version, former) = reader.entries(before, of: "'before'").first,
                let version = version.text, let former = reader.text(former, of: "a former name")
            {
                status.former = .init(before: version, name: former)
            }
            checkFootnote(status.footnote, at: parts["footnote"])
        }
        lifecycle.statuses.append(status)
    }

    private mutating func checkFootnote(_ number: Int?, at node: YAMLNode?) {
        guard let number, let node, lifecycle.footnoteTexts[number] == nil else { return }
        reader.report(.unknownFootnote, at: node.span, "there is no footnote \(number)")
    }
}

// MARK: - Rows

extension LifecycleDecoder {
    static let rowKeys = [
        "id", "call", "choice", "after", "from", "if", "to", "stay", "set", "error", "refuse", "param", "http",
        "events",
        "also", "creates", "then", "rare", "since", "before", "profile", "footnote",
    ]

    private mutating func decodeRow(_ node: YAMLNode) {
        let parts = reader.members(node, of: "a transition", known: Self.rowKeys)
        guard let id = reader.text(parts["id"], of: "'id'") else {
            reader.report(.missingKey, at: node.span, "a transition needs an 'id'")
            return
        }
        if lifecycle.rows.contains(where: { $0.id == id }) {
            reader.report(.repeatedRow, at: parts["id"]!.span, "the id '\(id)' stands twice")
        }
        guard let trigger = trigger(parts, at: node), let outcome = outcome(parts, at: node) else { return }
        var row = Lifecycle.Row(
            id: id, trigger: trigger, from: StatusSet(), outcome: outcome, sets: [], events: [], also: [], creates: [],
            rare: reader.flag(parts["rare"], of: "'rare'") ?? false, span: parts["id"]!.span)
        for status in parts["from"].map({ reader.items($0) }) ?? [] {
            if let number = statusNumber(status) { row.from.insert(number) }
        }
        row.condition = parts["if"].flatMap { reader.condition($0, of: "'if'") }
        row.then = parts["then"].flatMap { operation($0) }
        row.error = parts["error"].map { reader.template($0) }
        row.param = reader.text(parts["param"], of: "'param'")
        row.http = reader.int(parts["http"], of: "'http'")
        row.events = reader.texts(parts["events"], of: "an event")
        row.after = parts["after"].map { reader.template($0) }
        row.since = reader.text(parts["since"], of: "'since'")
        row.before = reader.text(parts["before"], of: "'before'")
        row.profile = reader.text(parts["profile"], of: "'profile'")
        row.footnote = reader.int(parts["footnote"], of: "'footnote'")
        checkFootnote(row.footnote, at: parts["footnote"])
        row.also = effects(parts["also"])
        row.creates = effects(parts["creates"])
        if let sets = parts["set"] {
            for (key, value) in reader.entries(sets, of: "'set'") {
                if let name = key.text { row.sets.append(.init(key: name, value: reader.template(value))) }
            }
        }
        lifecycle.rows.append(row)
    }

    private mutating func trigger(_ parts: [String: YAMLNode], at node: YAMLNode) -> Lifecycle.Trigger? {
        let choice = parts["choice"].flatMap { self.choice($0) }
        if let call = parts["call"] {
            guard let operation = operation(call) else { return nil }
            if parts["choice"] != nil, choice == nil { return nil }
            return .call(operation: operation, choice: choice)
        }
        if parts["choice"] != nil { return choice.map { .choice($0) } }
        if parts["after"] != nil { return .clock }
        reader.report(.badRow, at: node.span, "a transition needs 'call', 'choice' or 'after'")
        return nil
    }

    private mutating func outcome(_ parts: [String: YAMLNode], at node: YAMLNode) -> Lifecycle.Outcome? {
        let given = ["to", "stay", "refuse"].filter { parts[$0] != nil }
        guard given.count == 1 else {
            reader.report(.badRow, at: node.span, "a transition needs exactly one of 'to', 'stay' and 'refuse'")
            return nil
        }
        if let to = parts["to"] { return statusNumber(to).map { .to($0) } }
        if let refuse = parts["refuse"] {
            return .refuse(refuse.text ?? "")
        }
        return .stay
    }

    private mutating func statusNumber(_ node: YAMLNode) -> Int? {
        guard let name = reader.text(node, of: "a status") else { return nil }
        if let number = lifecycle.status(named: name) { return number }
        reader.unknown(.unknownStatus, "status", name, at: node.span, among: lifecycle.statuses.map(\.name))
        return nil
    }

    private mutating func operation(_ node: YAMLNode) -> Int? {
        guard let name = reader.text(node, of: "an operation") else { return nil }
        if let number = lifecycle.operation(named: name) { return number }
        reader.unknown(.unknownOperation, "operation", name, at: node.span, among: lifecycle.operations.map(\.name))
        return nil
    }

    private mutating func choice(_ node: YAMLNode) -> Lifecycle.Choice? {
        guard let text = reader.text(node, of: "a choice") else { return nil }
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 2, let actor = lifecycle.actor(named: words[0]) else {
            reader.unknown(
                .unknownActor, "actor", words.first ?? text, at: node.span, among: lifecycle.actors.map(\.name))
            return nil
        }
        guard actor.choices.contains(words[1]) else {
            reader.unknown(.unknownChoice, "choice", words[1], at: node.span, among: actor.choices)
            return nil
        }
        return .init(actor: words[0], name: words[1])
    }

    /// `{charge: succeeded, mandate: {to: active, if: …}, payment_method: [{…}, {…}]}`
    private mutating func effects(_ node: YAMLNode?) -> [Lifecycle.SideEffect] {
        guard let node else { return [] }
        var effects: [Lifecycle.SideEffect] = []
        for (key, value) in reader.entries(node, of: "side effects") {
            guard let name = key.text else { continue }
            if lifecycle.reference(named: name) == nil {
                reader.unknown(
                    .unknownName, "reference", name, at: key.span, among: lifecycle.references.map(\.name))
                continue
            }
            for item in reader.items(value) {
                if case .scalar(let scalar) = item.kind {
                    effects.append(.init(reference: name, status: scalar.text))
                } else {
                    let parts = reader.members(item, of: "a side effect", known: Self.effectKeys)
                    guard let status = reader.text(parts["to"], of: "'to'") else { continue }
                    effects.append(
                        .init(
                            reference: name, status: status,
                            condition: parts["if"].flatMap { reader.condition($0, of: "'if'") }))
                }
            }
        }
        return effects
    }
}
