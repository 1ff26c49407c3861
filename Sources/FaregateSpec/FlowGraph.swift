// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
package import FaregateText
package import FaregateValues

/// A flow with all its names resolved: what is checked, run and drawn.
package struct FlowGraph: Sendable, Hashable {
    package var name: String
    package var title: String
    package var docs: String
    /// The API version in whose names the file is written.
    package var version: String
    package var file: String
    package var nameSpan: Span
    package var inputs: [Input] = []
    package var objects: [FlowObject] = []
    package var signals: [Signal] = []
    package var options: [Template.Member] = []
    package var states: [State] = []
    package var initial: Int = 0
    package var cleanup: [Cleanup] = []
    package var scenarios: [Scenario] = []
    /// Of the file's bytes: a run is resumed only with the very flow that it was started with.
    package var digest: String

    package struct Input: Sendable, Hashable {
        package var name: String
        package var type: String
        package var defaultValue: Value?
        package var check: Expression?
        package var oneOf: [Value]
        package var environment: String?
        package var secret: Bool
        package var span: Span
    }

    package struct FlowObject: Sendable, Hashable {
        package var name: String
        /// Its number in the catalog.
        package var lifecycle: Int
        /// A view: whatever object this expression names.
        package var view: Expression?
        package var span: Span
    }

    package struct Signal: Sendable, Hashable {
        package var name: String
        package var fields: [Field]
        package var span: Span

        package struct Field: Sendable, Hashable {
            package var name: String
            package var type: String
        }
    }

    package struct Cleanup: Sendable, Hashable {
        package var object: Int
        package var operation: Int
        package var span: Span
    }

    package struct State: Sendable, Hashable {
        package var name: String
        package var title: String?
        package var span: Span
        package var verb: Verb
        package var verbSpan: Span
        package var asserts: [Assertion] = []
        package var events: [Obligation] = []
        package var edges: [Edge] = []
        package var onSpan: Span?
        package var catches: [CatchEdge] = []
        package var after: [TimedEdge] = []
        /// Where to go when the verb is done: after `emit`, a duration, a signal.
        package var target: Branch?
    }

    package enum Verb: Sendable, Hashable {
        case call(Call)
        case wait(Wait)
        case choose([Branch])
        case emit(name: String, with: Template)
        case run(flow: String, with: [Template.Member])
        case final(Final)
    }

    package struct Call: Sendable, Hashable {
        package var object: Int
        package var operation: Int
        package var with: [Template.Member]
        package var options: [Template.Member]
    }

    package struct Wait: Sendable, Hashable {
        package enum Subject: Sendable, Hashable {
            case objects([Int])
            case signal(Int)
            /// A duration counts from the entry; a timestamp is itself.
            case time(Template)
        }
        package enum Poll: Sendable, Hashable {
            case standard, never
            case every(Duration)
        }
        package var subject: Subject
        package var poll: Poll
    }

    package struct Final: Sendable, Hashable {
        package enum Kind: String, Sendable, Hashable, CaseIterable { case success, failure, canceled }
        package var kind: Kind
        package var outputs: [Template.Member]
    }

    package struct Edge: Sendable, Hashable {
        package var key: Key
        package var branches: [Branch]
        package var span: Span
    }

    package enum Key: Sendable, Hashable {
        case status(object: Int, status: Int)
        case signal(Int)
        /// A type of event, by its name on the wire.
        case event(String)
        /// A final state of the flow that `run:` names.
        case final(String)
    }

    package struct CatchEdge: Sendable, Hashable {
        package var key: String
        package var branches: [Branch]
        package var span: Span
    }

    package struct TimedEdge: Sendable, Hashable {
        package var delay: Template
        package var branch: Branch
        package var span: Span
    }

    package struct Branch: Sendable, Hashable {
        package var condition: Expression?
        package var target: Target
        package var asserts: [Assertion]
        package var events: [Obligation]
        package var span: Span
    }

    package enum Target: Sendable, Hashable {
        case state(Int)
        /// Handled, go on waiting.
        case stay
    }

    package struct Assertion: Sendable, Hashable {
        package var condition: Expression
        /// Only where the answer's status is this one.
        package var on: Int?
    }

    /// An event that must be sent because of a call.
    package struct Obligation: Sendable, Hashable {
        package var type: String
        package var condition: Expression?
        package var span: Span
    }
}

/// One case of a flow: inputs, choices and what must come of them.
package struct Scenario: Sendable, Hashable {
    package var name: String
    package var title: String?
    package var span: Span
    package var inputs: [Template.Member] = []
    package var scripts: [Script] = []
    package var version: String?
    package var profile: String?
    package var matrix: [Template.Member] = []
    package var exclude: [[Template.Member]] = []
    package var final: Int?
    package var path: [Int] = []
    package var visits: [Visit] = []
    package var events: [String] = []
    package var outputs: [Template.Member] = []
    package var violates: [Expected] = []

    package init(name: String, title: String? = nil, span: Span) {
        self.name = name
        self.title = title
        self.span = span
    }

    /// A rule that must bite.
    package struct Expected: Sendable, Hashable {
        package var rule: String
        package var span: Span
    }

    package struct Visit: Sendable, Hashable {
        package var state: Int
        package var count: Int
    }

    /// The axes of its matrix that are secret inputs, or that such inputs are made of.
    package func secretAxes(in flow: FlowGraph) -> Set<String> {
        let secret = Set(flow.inputs.filter(\.secret).map(\.name))
        let sources = inputs.filter { secret.contains($0.key) }.map(\.value)
        return Set(
            matrix.map(\.key).filter { axis in secret.contains(axis) || sources.contains { $0.uses(axis) } })
    }

    /// What one actor does, decision by decision; the last one repeats.
    package struct Script: Sendable, Hashable {
        package var actor: String
        /// Only at this state, this object or this sub-run.
        package var scope: String?
        package var choices: [Line]
        package var span: Span

        package struct Line: Sendable, Hashable {
            /// `declines insufficient_funds after 4d`
            package var words: Template
            package var payload: Template?
            package var span: Span
        }
    }
}

extension FlowGraph {
    package var finals: [State] { states.filter { if case .final = $0.verb { true } else { false } } }
    package func state(named name: String) -> Int? { states.firstIndex { $0.name == name } }
    package func object(named name: String) -> Int? { objects.firstIndex { $0.name == name } }
    package func signal(named name: String) -> Int? { signals.firstIndex { $0.name == name } }
}

extension FlowGraph.State {
    /// All ways out, in the order of the file.
    package var branches: [FlowGraph.Branch] {
        var all = edges.flatMap(\.branches) + catches.flatMap(\.branches) + after.map(\.branch)
        if case .choose(let branches) = verb { all += branches }
        if let target { all.append(target) }
        return all
    }
}

extension FlowGraph {
    /// Whether some state has an edge for events of a type.
    package func awaits(_ type: String) -> Bool {
        states.contains { $0.edges.contains { $0.key == .event(type) } }
    }
}
