// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
import FaregateText
import FaregateValues

/// What a picture of a flow shows: its states and the edges between them, in the order of the file.
package struct FlowDrawing: Sendable, Hashable {
    package struct Node: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable {
            case call, wait, choose, emit, run, success, failure, canceled
        }

        package var name: String
        /// What it does: `payment.confirm`, `wait for payment`; empty for a choice.
        package var words: String
        package var kind: Kind

        package var isFinal: Bool { [.success, .failure, .canceled].contains(kind) }
    }

    /// From one state to another, for whatever reason.
    package struct Edge: Sendable, Hashable {
        package var source: String
        package var target: String

        package init(source: String, target: String) {
            self.source = source
            self.target = target
        }

        /// As the coverage names it.
        package var name: String { "\(source) -> \(target)" }
    }

    package struct Arrow: Sendable, Hashable {
        package var source: Int
        package var target: Int
        /// `succeeded [amount > 0]`
        package var label: String
    }

    package var nodes: [Node]
    package var arrows: [Arrow]
    package var initial: Int

    package init(of flow: FlowGraph, catalog: Catalog) {
        let artist = Artist(flow: flow, catalog: catalog)
        nodes = flow.states.map(artist.node)
        arrows = flow.states.indices.flatMap(artist.arrows)
        initial = flow.initial
    }

    /// The arrows of the same two states together, in the order of the file.
    package var edges: [(edge: Edge, source: Int, target: Int, labels: [String])] {
        var edges: [(edge: Edge, source: Int, target: Int, labels: [String])] = []
        var places: [Edge: Int] = [:]
        for arrow in arrows {
            let edge = Edge(source: nodes[arrow.source].name, target: nodes[arrow.target].name)
            if let place = places[edge] {
                edges[place].labels.append(arrow.label)
            } else {
                places[edge] = edges.count
                edges.append((edge, arrow.source, arrow.target, [arrow.label]))
            }
        }
        return edges
    }
}

/// Finds the words for states and edges.
private struct Artist {
    let flow: FlowGraph
    let catalog: Catalog

    func node(_ state: FlowGraph.State) -> FlowDrawing.Node {
        let (words, kind) = label(of: state)
        return .init(name: state.name, words: words, kind: kind)
    }

    private func label(of state: FlowGraph.State) -> (words: String, kind: FlowDrawing.Node.Kind) {
        switch state.verb {
        case .call(let call):
            let object = flow.objects[call.object]
            let operation = catalog.graphs[object.lifecycle].lifecycle.operations[call.operation].name
            return ("\(object.name).\(operation)", .call)
        case .wait(let wait):
            switch wait.subject {
            case .objects(let objects):
                return ("wait for " + objects.map { flow.objects[$0].name }.joined(separator: ", "), .wait)
            case .signal(let signal): return ("wait for \(flow.signals[signal].name)", .wait)
            case .time(let template): return ("wait \(words(template))", .wait)
            }
        case .choose: return ("", .choose)
        case .emit(let name, _): return ("emit \(name)", .emit)
        case .run(let name, _): return ("run \(name)", .run)
        case .final(let final):
            switch final.kind {
            case .success: return ("success", .success)
            case .failure: return ("failure", .failure)
            case .canceled: return ("canceled", .canceled)
            }
        }
    }

    func arrows(of number: Int) -> [FlowDrawing.Arrow] {
        let state = flow.states[number]
        var arrows: [FlowDrawing.Arrow] = []
        func add(_ label: String, _ branches: [FlowGraph.Branch]) {
            for branch in branches {
                guard case .state(let target) = branch.target else { continue }
                let guarded = branch.condition.map { "[\($0.source)]" }
                let words = [label.isEmpty ? nil : label, guarded].compactMap { $0 }.joined(separator: " ")
                arrows.append(.init(source: number, target: target, label: words.isEmpty ? "otherwise" : words))
            }
        }
        for edge in state.edges { add(name(of: edge.key), edge.branches) }
        for edge in state.catches { add("refused: \(edge.key)", edge.branches) }
        for edge in state.after { add("after \(words(edge.delay))", [edge.branch]) }
        if case .choose(let branches) = state.verb { add("", branches) }
        if let target = state.target { add("then", [target]) }
        return arrows
    }

    private func name(of key: FlowGraph.Key) -> String {
        switch key {
        case .status(let object, let status):
            catalog.graphs[flow.objects[object].lifecycle].lifecycle.statuses[status].name(in: flow.version)
        case .signal(let signal): flow.signals[signal].name
        case .event(let type): type
        case .final(let name): name
        }
    }

    private func words(_ template: Template) -> String {
        switch template {
        case .literal(.duration(let duration)): duration.compact
        case .literal(let value): value.interpolated
        case .expression(let expression): expression.source
        default: "…"
        }
    }
}
