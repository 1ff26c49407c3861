// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateText
import FaregateValues

// What expressions see in a configuration, and what they say there.
extension Explorer {
    func value(of name: String, _ here: Here, _ world: AbstractWorld) -> Value? {
        if let dot = name.firstIndex(of: ".") {
            let root = name[..<dot]
            let field = name[name.index(after: dot)...]
            if root == "visits" { return counted.value(of: field, here.visits) }
            guard let object = flow.objects.firstIndex(where: { $0.name == root }) else {
                return flow.signals.contains { $0.name == name } ? .unknown(name) : nil
            }
            let number = world.names[object]
            return number >= 0 ? self.field(String(field), of: number, world) : nil
        }
        if let input = flow.inputs.firstIndex(where: { $0.name == name }) {
            let value = here.checkCase.inputs[input]
            // An object that the flow was run with stands in the world under a name of its own.
            if case .ref(let slot)? = value {
                let number = world.names[-1 - slot]
                return number >= 0 ? .ref(number) : .null
            }
            return value ?? .unknown(name)
        }
        if let object = flow.objects.firstIndex(where: { $0.name == name }) {
            return world.names[object] >= 0 ? .ref(world.names[object]) : .null
        }
        switch name {
        case "omit": return .optional(nil)
        case "methods": return oracle.catalog.methods
        case "currencies": return oracle.catalog.currencies
        case "now", "error", "event", "visits", "states": return .unknown(name)
        default: return flow.signals.contains { $0.name == name } ? .unknown(name) : nil
        }
    }

    private func field(_ field: String, of number: Int, _ world: AbstractWorld) -> Value? {
        let object = world.objects[number]
        let model = oracle.models[object.lifecycle]
        if field == "id" { return .ref(number) }
        if field == "status", model.lifecycle.statusExpression == nil, object.seen >= 0 {
            return .string(model.lifecycle.statuses[object.seen].name(in: flow.version))
        }
        if field == "type", object.method >= 0, model.lifecycle.name == "payment_method" {
            return .string(oracle.methods[UInt32(object.method)])
        }
        if let slot = model.slot(field) {
            let other = object.seenReferences[slot]
            return other >= 0 ? .ref(other) : other == AbstractObject.none ? .null : nil
        }
        if isNull(field, of: object, model) { return .null }
        if let value = oracle.data[object.data][field] {
            if case .unknown = value { return nil }
            if field == model.lifecycle.errorField { return nil }
            return value
        }
        return nil
    }

    /// Whether a field is known to be null from what the flow has read.
    private func isNull(_ field: String, of object: AbstractObject, _ model: LifecycleModel) -> Bool {
        guard object.seen >= 0, model.lifecycle.statusExpression == nil else { return false }
        if field == "next_action" {
            // There is something to do for the customer in one status alone.
            guard let acting = model.lifecycle.status(named: "requires_action") else { return false }
            return object.seen != acting
        }
        // What went wrong is only known of the status that was read.
        guard field == model.lifecycle.errorField, model.fields.contains(field), object.seen == object.status else {
            return false
        }
        let value = oracle.data[object.data][field]
        return value == .null || (value == nil && object.isOwn)
    }

    /// The field that is null and of which a condition wants to know more: no run can compute it.
    private func nullField(in condition: Expression, _ here: Here, _ world: AbstractWorld) -> String? {
        guard case .failure = condition.program.evaluate({ value(of: $0, here, world) }) else { return nil }
        for reference in condition.program.references where reference.path.count > 2 {
            guard let object = flow.object(named: reference.path[0]), world.names[object] >= 0 else { continue }
            for length in 2..<reference.path.count {
                let path = reference.path.prefix(length).joined(separator: ".")
                if value(of: path, here, world) == .null { return path }
            }
        }
        return nil
    }

    // MARK: Templates

    /// A template's value; nil where it is not sent.
    func evaluate(_ template: Template, _ here: Here, _ world: AbstractWorld) -> Value? {
        switch template {
        case .literal(let value): return value
        case .expression(let expression):
            switch expression.program.evaluate({ value(of: $0, here, world) }) {
            case .success(.optional(let inner)): return inner
            case .success(let value): return value
            case .failure: return .unknown(expression.source)
            }
        case .text(let parts):
            var text = ""
            for part in parts {
                switch part {
                case .literal(let piece): text += piece
                case .expression(let expression):
                    guard let value = evaluate(.expression(expression), here, world) else { continue }
                    switch value {
                    case .unknown, .ref, .list, .map: return .unknown(expression.source)
                    default: text += value.interpolated
                    }
                }
            }
            return .string(text)
        case .list(let items): return .list(items.compactMap { evaluate($0, here, world) })
        case .map(let members):
            var map = ValueMap()
            for member in members {
                if let value = evaluate(member.value, here, world) { map[member.key] = value }
            }
            return .map(map)
        }
    }

    /// The parameters of a call that rows read; ids of objects are references.
    func params(of call: FlowGraph.Call, _ here: Here) -> ValueMap {
        let model = oracle.models[flow.objects[call.object].lifecycle]
        var params = ValueMap()
        for member in call.with {
            noteUnbound(member.value, here)
            // Flows of old versions use the old names; rows know today's.
            let name = oracle.catalog.formerParams[member.key] ?? member.key
            guard model.wants(name) else { continue }
            if let value = evaluate(member.value, here, here.world) { params[name] = value }
        }
        return params
    }

    /// Reports expressions that need an object which nobody has made yet.
    func noteUnbound(_ template: Template, _ here: Here) {
        for expression in template.expressions { noteUnbound(expression, here, here.world) }
    }

    func noteUnbound(_ expression: Expression, _ here: Here, _ world: AbstractWorld) {
        for reference in expression.program.references where reference.path.count > 1 && !reference.isTest {
            guard let object = flow.objects.firstIndex(where: { $0.name == reference.path[0] }),
                world.names[object] < 0,
                case .failure = expression.program.evaluate({ value(of: $0, here, world) })
            else { continue }
            let name = flow.objects[object].name
            note(
                .unboundObject, .error, here,
                subject: "\(name)@\(expression.span.start.line):\(expression.span.start.column)",
                at: expression.span, "'\(name)' stands for no object yet in '\(flow.states[here.state].name)'",
                help: unboundHelp(object))
            return
        }
    }

    func unboundHelp(_ object: Int) -> String {
        guard let view = flow.objects[object].view else {
            return "create it first: add a state with    call: \(flow.objects[object].name).create"
        }
        return "use it where '\(view.source)' is known"
    }

    // MARK: Guards

    /// The branches that may be taken, each with its case and what had to be assumed.
    func choose(
        _ branches: [FlowGraph.Branch], _ here: Here, _ world: AbstractWorld
    ) -> [(branch: Int, checkCase: CheckCase, assumption: String?)] {
        if let only = branches.first, branches.count == 1, only.condition == nil { return [(0, here.checkCase, nil)] }
        var found: [(Int, CheckCase, String?)] = []
        var open: [(checkCase: CheckCase, assumption: String?)] = [(here.checkCase, nil)]
        for (number, branch) in branches.enumerated() where !open.isEmpty {
            guard let condition = branch.condition else {
                found += open.map { (number, $0.checkCase, $0.assumption) }
                open = []
                break
            }
            var left: [(checkCase: CheckCase, assumption: String?)] = []
            for item in open {
                var scope = here
                scope.checkCase = item.checkCase
                switch truth(of: condition, scope, world) {
                case true?: found.append((number, item.checkCase, item.assumption))
                case false?: left.append(item)
                case nil:
                    if isOverInputs(condition) {
                        found.append((number, item.checkCase.with(condition.source, true), item.assumption))
                        left.append((item.checkCase.with(condition.source, false), item.assumption))
                    } else {
                        found.append((number, item.checkCase, Self.joined(item.assumption, condition.source)))
                        left.append((item.checkCase, Self.joined(item.assumption, "!(\(condition.source))")))
                    }
                }
            }
            open = left
        }
        return found
    }

    private static func joined(_ first: String?, _ second: String) -> String {
        first.map { "\($0) && \(second)" } ?? second
    }

    /// nil: it cannot be decided here.
    private func truth(of condition: Expression, _ here: Here, _ world: AbstractWorld) -> Bool? {
        if let bit = here.checkCase.bit(condition.source) { return bit }
        noteUnbound(condition, here, world)
        if case .success(.bool(let truth)) = condition.program.evaluate({ value(of: $0, here, world) }) { return truth }
        if let field = nullField(in: condition, here, world) {
            note(
                .assertionFails, .error, here, subject: condition.source, at: condition.span,
                "'\(condition.source)' cannot be told here in '\(flow.states[here.state].name)'",
                because: ["because \(field) is null"], help: "ask first:    \(field) != null && …")
        }
        return truthByNextAction(condition, here, world)
    }

    /// What there is to do for the customer hangs on the method: a condition may agree for all that its method knows.
    private func truthByNextAction(_ condition: Expression, _ here: Here, _ world: AbstractWorld) -> Bool? {
        for reference in condition.program.references where reference.path.count == 3 {
            guard reference.path[1] == "next_action", reference.path[2] == "type",
                let object = flow.objects.firstIndex(where: { $0.name == reference.path[0] }), world.names[object] >= 0
            else { continue }
            let method = oracle.method(of: world.names[object], [:], in: world)
            guard method >= 0, let entry = oracle.catalog.methods[oracle.methods[UInt32(method)]],
                var types = entry["next_action"]?.list
            else { return nil }
            if types.isEmpty { types = [entry["action"]].compactMap { $0 } }
            let name = reference.path.joined(separator: ".")
            var agreed: Bool?
            for type in types {
                let result = condition.program.evaluate { $0 == name ? type : value(of: $0, here, world) }
                guard case .success(.bool(let truth)) = result, agreed == nil || agreed == truth else { return nil }
                agreed = truth
            }
            return agreed
        }
        return nil
    }

    private func isOverInputs(_ condition: Expression) -> Bool {
        condition.program.references.allSatisfy { reference in
            flow.inputs.contains { $0.name == reference.path[0] }
                || ["methods", "currencies"].contains(reference.path[0])
        }
    }

    /// Leaves a state by a list of branches: one passage for each that may be taken.
    func leave(
        _ branches: [FlowGraph.Branch], _ group: Exit.Group, _ number: Int, _ here: Here, _ world: AbstractWorld,
        tier: Tier, kind: Passage.Kind, assumption: String? = nil
    ) -> [Passage] {
        choose(branches, here, world).compactMap { branch, item, assumed in
            var scope = here
            scope.checkCase = item
            scope.tier = tier
            assert(branches[branch].asserts, scope, world)
            guard case .state(let target) = branches[branch].target else { return nil }
            let assumptions = [assumption, assumed].compactMap { $0 }
            return Passage(
                target: target, checkCase: item, visits: here.visits, world: world, tier: tier, kind: kind,
                exit: Exit(state: here.state, group: group, number: number, branch: branch),
                assumption: assumptions.isEmpty ? nil : assumptions.joined(separator: " && "))
        }
    }

    func assert(_ assertions: [FlowGraph.Assertion], status: Int? = nil, _ here: Here, _ world: AbstractWorld) {
        for assertion in assertions {
            if let on = assertion.on, on != status { continue }
            var reason: String?
            switch assertion.condition.program.evaluate({ value(of: $0, here, world) }) {
            case .success(.bool(false)): reason = known(assertion.condition, here, world)
            case .success: continue
            case .failure:
                guard let field = nullField(in: assertion.condition, here, world) else { continue }
                reason = "because \(field) is null"
            }
            let source = assertion.condition.source
            note(
                .assertionFails, .error, here, subject: source, at: assertion.condition.span,
                "'\(source)' can never hold here in '\(flow.states[here.state].name)'",
                because: [reason].compactMap { $0 })
        }
    }

    private func known(_ condition: Expression, _ here: Here, _ world: AbstractWorld) -> String? {
        var parts: [String] = []
        for reference in condition.program.references {
            let path = reference.path.joined(separator: ".")
            let isSecret = flow.inputs.contains { $0.secret && $0.name == reference.path.first }
            guard !isSecret, let value = value(of: path, here, world) else { continue }
            switch value {
            case .unknown, .ref, .map, .list: continue
            default: parts.append("\(path) is \(JSON.write(value))")
            }
        }
        return parts.isEmpty ? nil : "because " + parts.joined(separator: " and ")
    }

    // MARK: Views

    /// Where a view's expression is no more than a field of another object: `setup.payment_method`.
    struct ViewPlace {
        var object: Int
        var slot: Int
    }

    func viewPlace(_ object: FlowGraph.FlowObject) -> ViewPlace? {
        guard let program = object.view?.program, program.references.count == 1 else { return nil }
        let path = program.references[0].path
        guard path.count == 2, program.source == path.joined(separator: "."),
            let holder = flow.objects.firstIndex(where: { $0.name == path[0] }),
            let slot = oracle.models[flow.objects[holder].lifecycle].slot(path[1])
        else { return nil }
        return ViewPlace(object: holder, slot: slot)
    }

    /// The object that a view stands for, without evaluation; nil where nobody knows which it is.
    private func named(_ place: ViewPlace, _ world: AbstractWorld) -> Int? {
        let holder = world.names[place.object]
        guard holder >= 0 else { return AbstractObject.none }
        let other = world.objects[holder].seenReferences[place.slot]
        return other == AbstractObject.unknown ? nil : other
    }

    /// Views stand for whatever object their expression names now.
    func updateViews(_ world: inout AbstractWorld, _ checkCase: CheckCase) {
        for (number, object) in flow.objects.enumerated() {
            guard let view = object.view else { continue }
            if let place = viewPlaces[number], let seen = named(place, world) {
                world.names[number] =
                    seen >= 0 && world.objects[seen].lifecycle != object.lifecycle ? AbstractObject.none : seen
                continue
            }
            let here = Here(
                number: 0, state: flow.initial, checkCase: checkCase, visits: counted.none, world: world, tier: .likely)
            switch view.program.evaluate({ value(of: $0, here, world) }) {
            case .success(.ref(let other)):
                world.names[number] = world.objects[other].lifecycle == object.lifecycle ? other : AbstractObject.none
            case .success(.unknown), .success(.string):
                guard world.names[number] < 0 else { continue }
                world.objects.append(
                    AbstractObject(
                        lifecycle: object.lifecycle, status: AbstractObject.anyStatus,
                        references: AbstractObject.unknown))
                world.names[number] = world.objects.count - 1
            default: world.names[number] = AbstractObject.none
            }
        }
    }
}

/// Counts the visits of those states whose number of visits some guard compares.
struct VisitCounter {
    private var states: [Int] = []
    private var names: [String] = []
    private var caps: [UInt8] = []

    init(_ flow: FlowGraph, isOn: Bool) {
        guard isOn else { return }
        for state in flow.states {
            for condition in state.branches.compactMap(\.condition) {
                let most = Self.largestNumber(in: condition.source)
                for reference in condition.program.references
                where reference.path.count == 2 && reference.path[0] == "visits" {
                    guard let most, most < 60, let number = flow.state(named: reference.path[1]) else { continue }
                    if let at = states.firstIndex(of: number) {
                        caps[at] = max(caps[at], UInt8(most + 1))
                    } else {
                        states.append(number)
                        names.append(reference.path[1])
                        caps.append(UInt8(most + 1))
                    }
                }
            }
        }
    }

    var none: [UInt8] { states.map { _ in 0 } }

    func entering(_ state: Int, _ visits: [UInt8]) -> [UInt8] {
        guard let at = states.firstIndex(of: state), visits[at] < caps[at] else { return visits }
        var visits = visits
        visits[at] += 1
        return visits
    }

    func value(of name: some StringProtocol, _ visits: [UInt8]) -> Value {
        guard let at = names.firstIndex(where: { $0 == name }) else { return .unknown("visits.\(name)") }
        return .int(Int64(visits[at]))
    }

    private static func largestNumber(in text: String) -> Int? {
        text.split { !$0.isNumber }.compactMap { Int($0) }.max()
    }
}
