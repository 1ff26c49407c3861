// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
import FaregateText
package import FaregateValues
import FaregateWire

/// Moves runs: decides what follows from a reply, performs nothing.
///
/// Every reply is accepted in every phase; what does not fit is kept or ignored by rule.
package struct Interpreter: Sendable {
    package let flows: FlowSet
    package let catalog: Catalog

    package init(flows: FlowSet, catalog: Catalog) {
        self.flows = flows
        self.catalog = catalog
    }

    /// What one reply led to.
    package struct Step: Sendable, Hashable {
        package var facts: [Fact]
        package var action: Action
    }

    /// How a run begins.
    package struct Start: Sendable, Hashable {
        package var flow: Int
        package var id: String
        /// Those that the flow's defaults do not give.
        package var inputs: ValueMap
        package var version: String?
        package var profile: String
        package var grace: Duration
        package var at: Instant
        /// Whether idempotency keys of the flow's own are made keys of this run alone.
        package var ownsKeys: Bool

        package init(
            flow: Int, id: String, inputs: ValueMap = [:], version: String? = nil, profile: String = "documented",
            grace: Duration = Duration(seconds: 0), at: Instant, ownsKeys: Bool = false
        ) {
            self.ownsKeys = ownsKeys
            self.flow = flow
            self.id = id
            self.inputs = inputs
            self.version = version
            self.profile = profile
            self.grace = grace
            self.at = at
        }
    }

    package func start(_ start: Start) -> (run: Run, step: Step) {
        let flow = flows.graphs[start.flow]
        let version = start.version ?? flow.version
        var run = Run(
            id: start.id, flow: flow.name, digest: flow.digest, version: version, profile: start.profile,
            frames: [frame(of: start.flow, inputs: start.inputs, path: "", at: start.at)], now: start.at,
            grace: start.grace, ownsKeys: start.ownsKeys)
        var machine = Machine(interpreter: self, run: run)
        machine.facts.append(
            .started(flow: flow.name, run: start.id, version: version, inputs: .map(machine.shownInputs)))
        let action = machine.begin { machine throws(Violation) in
            try machine.checkInputs()
            return machine.enter(machine.flow.initial)
        }
        run = machine.run
        return (run, Step(facts: machine.facts, action: action))
    }

    package func resume(_ run: inout Run, _ reply: Reply) -> Step {
        var machine = Machine(interpreter: self, run: run)
        let action = machine.begin { machine throws(Violation) in try machine.resume(reply) }
        run = machine.run
        return Step(facts: machine.facts, action: action)
    }

    /// A template's value as the run's present state sees it.
    ///
    /// - Parameter names: bindings that the flow itself does not have, as `test` in scenarios.
    package func value(_ template: Template, in run: Run, with names: [String: Value] = [:]) throws(Violation) -> Value
    {
        let machine = Machine(interpreter: self, run: run)
        do throws(ExpressionError) {
            return try template.evaluate { names[$0] ?? machine.value(of: $0) }
        } catch {
            throw machine.violation(
                .expressionFailed, at: error.span, "'\(error.source)' cannot be computed: \(error.message)")
        }
    }

    func frame(of flow: Int, inputs: ValueMap, path: String, at: Instant) -> Run.Frame {
        let graph = flows.graphs[flow]
        var all = ValueMap()
        for input in graph.inputs {
            if let value = inputs[input.name] ?? input.defaultValue { all[input.name] = value }
        }
        return Run.Frame(
            flow: flow, state: graph.initial, visits: graph.states.map { _ in 0 }, entered: at, inputs: all,
            objects: graph.objects.map { _ in nil }, signals: graph.signals.map { _ in nil }, path: path)
    }

    /// The same run again from its trace: proof that the trace is the whole story.
    package func replay(_ trace: Trace, start: Start) -> (run: Run, facts: [Fact]) {
        var (run, step) = self.start(start)
        var facts = step.facts
        for entry in trace.entries {
            guard let reply = entry.reply else { continue }
            facts += resume(&run, reply).facts
        }
        return (run, facts)
    }
}
