// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL

/// What a state, and all states that it may lead to, ask about; the rest can be forgotten there.
struct Ahead: Equatable {
    /// Numbers of the flow's objects.
    var objects: Set<Int> = []
    /// Numbers of the flow's inputs.
    var inputs: Set<Int> = []
    /// Conditions over inputs, whose outcome must stay the same.
    var conditions: Set<String> = []

    private mutating func formUnion(_ other: Ahead) {
        objects.formUnion(other.objects)
        inputs.formUnion(other.inputs)
        conditions.formUnion(other.conditions)
    }

    /// By state.
    static func all(of flow: FlowGraph, _ flows: FlowSet, _ oracle: RowOracle) -> [Ahead] {
        var all = flow.states.map { own($0, flow) }
        let targets = flow.states.map { state in
            Set(state.branches.compactMap { if case .state(let target) = $0.target { target } else { nil } })
        }
        // States mostly lead on to later ones: the last first.
        var isChanged = true
        while isChanged {
            isChanged = false
            for state in all.indices.reversed() {
                let before = all[state]
                for target in targets[state] { all[state].formUnion(all[target]) }
                if all[state] != before { isChanged = true }
            }
        }
        return all
    }

    private static func own(_ state: FlowGraph.State, _ flow: FlowGraph) -> Ahead {
        var own = Ahead()
        for expression in expressions(of: state) { own.read(expression, flow) }
        for branch in state.branches {
            if let condition = branch.condition { own.conditions.insert(condition.source) }
        }
        func mention(_ key: FlowGraph.Key) {
            switch key {
            case .status(let object, _): own.objects.insert(object)
            // Who tells of an event may be any object.
            case .event: own.objects.formUnion(flow.objects.indices)
            case .signal, .final: break
            }
        }
        for edge in state.edges { mention(edge.key) }
        switch state.verb {
        case .call(let call): own.objects.insert(call.object)
        case .wait(let wait): if case .objects(let objects) = wait.subject { own.objects.formUnion(objects) }
        case .choose, .emit, .run, .final: break
        }
        // A view stands for what others name.
        for object in own.objects {
            if let view = flow.objects[object].view { own.read(view, flow) }
        }
        return own
    }

    private mutating func read(_ expression: Expression, _ flow: FlowGraph) {
        for reference in expression.program.references {
            if let input = flow.inputs.firstIndex(where: { $0.name == reference.path[0] }) { inputs.insert(input) }
            guard let object = flow.object(named: reference.path[0]), objects.insert(object).inserted,
                let view = flow.objects[object].view
            else { continue }
            read(view, flow)
        }
    }

    private static func expressions(of state: FlowGraph.State) -> [Expression] {
        var found = state.asserts.map(\.condition) + state.after.flatMap(\.delay.expressions)
        for branch in state.branches {
            found += [branch.condition].compactMap { $0 } + branch.asserts.map(\.condition)
        }
        switch state.verb {
        case .call(let call): found += (call.with + call.options).flatMap(\.value.expressions)
        case .wait(let wait): if case .time(let time) = wait.subject { found += time.expressions }
        case .emit(_, let with): found += with.expressions
        case .run(_, let with): found += with.flatMap(\.value.expressions)
        case .final(let final): found += final.outputs.flatMap(\.value.expressions)
        case .choose: break
        }
        return found
    }
}

extension FlowGraph {
    /// A state and all that it may lead to.
    func statesAhead(of state: Int) -> Set<Int> {
        var found: Set<Int> = [state]
        var pending = [state]
        while let next = pending.popLast() {
            for branch in states[next].branches {
                if case .state(let target) = branch.target, found.insert(target).inserted { pending.append(target) }
            }
        }
        return found
    }
}
