// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
import FaregateValues
import FaregateWire

/// One macro-step of a run: from a reply to the next call, wait or end.
struct Machine {
    let interpreter: Interpreter
    var run: Run
    var facts: [Fact] = []

    /// Flows that never come to a call, a wait or an end are stopped after this many states.
    private static let longestMacroStep = 10_000
    private var steps = 0

    init(interpreter: Interpreter, run: Run) {
        self.interpreter = interpreter
        self.run = run
    }

    var flow: FlowGraph { interpreter.flows.graphs[run.frame.flow] }
    var state: FlowGraph.State { flow.states[run.frame.state] }
    var catalog: Catalog { interpreter.catalog }

    /// What follows: something for the driver, or one more state in the same breath.
    enum Next {
        case act(Action)
        case enter(Int)

        static func call(_ call: Action.Call) -> Next { .act(.call(call)) }
        static func wait(_ wait: Action.Wait) -> Next { .act(.wait(wait)) }
        static func finish(_ outcome: Run.Outcome) -> Next { .act(.finish(outcome)) }
        static func fail(_ violation: Violation) -> Next { .act(.fail(violation)) }
    }

    /// Goes on from state to state until the driver has something to do. A loop, for a file may lead through many states.
    mutating func begin(_ body: (inout Machine) throws(Violation) -> Next) -> Action {
        do throws(Violation) {
            var next = try body(&self)
            while true {
                switch next {
                case .act(let action): return action
                case .enter(let state): next = try perform(state)
                }
            }
        } catch {
            run.phase = .failed(error)
            facts.append(.violated(error))
            return .fail(error)
        }
    }

    // MARK: Replies

    mutating func resume(_ reply: Reply) throws(Violation) -> Next {
        if reply.at > run.now { run.now = reply.at }
        guard flow.digest == run.digest || run.frames.count > 1 else {
            throw violation(
                .wrongFlow, .cannotRun, at: flow.nameSpan,
                "the flow '\(flow.name)' has changed since the run '\(run.id)' began")
        }
        switch reply.content {
        case .event(let event): hear(event)
        case .signal(let name, let payload):
            facts.append(.signal(name: name, payload: payload))
            run.inbox.append(.signal(name: name, payload: payload))
        case .answer(let response):
            if case .calling(let call) = run.phase { return try answered(call, response) }
        case .failure(let failure):
            if case .calling(let call) = run.phase { return try failed(call, failure, reply.reason) }
        case .look:
            if case .waiting = run.phase {
                for id in watched { run.snapshots[id]?.dirty = true }
            }
        case .woke: break
        }
        return try goOn(woke: reply.content == .woke)
    }

    /// What the present phase asks for, now that something may have changed.
    private mutating func goOn(woke: Bool) throws(Violation) -> Next {
        switch run.phase {
        case .idle: return enter(flow.initial)
        case .calling(let call): return .call(action(of: call))
        case .waiting(let wait): return try proceed(with: wait)
        case .paused(let call, let until):
            return run.now >= until ? send(call) : retryWait(call, until: until)
        case .settling(let outcome, let until):
            return try settle(outcome, until: until, isLast: woke && run.now >= until)
        case .done(let outcome): return .finish(outcome)
        case .failed(let violation): return .fail(violation)
        }
    }

    // MARK: States

    func enter(_ number: Int) -> Next { .enter(number) }

    private mutating func perform(_ number: Int) throws(Violation) -> Next {
        run.frame.state = number
        run.frame.visits[number] += 1
        run.frame.entered = run.now
        facts.append(.entered(path: run.frame.path, state: state.name, visit: run.frame.visits[number]))
        steps += 1
        if steps > Self.longestMacroStep {
            throw violation(
                .endlessLoop, at: state.span, "'\(state.name)' goes round and round without a call or a wait")
        }
        switch state.verb {
        case .call(let call): return try begin(call)
        case .wait: return try begin(wait: state)
        case .choose(let branches): return try take(branches, cause: "choose")
        case .emit(let name, let with):
            let payload = try evaluate(with)
            facts.append(.emitted(name: name, key: key, payload: payload))
            return try take([state.target].compactMap { $0 }, cause: "emit")
        case .run(let name, let with): return try runFlow(name, with)
        case .final(let final): return try end(final)
        }
    }

    /// Takes the first branch whose guard holds.
    mutating func take(_ branches: [FlowGraph.Branch], cause: String) throws(Violation) -> Next {
        for branch in branches {
            if let condition = branch.condition, try !holds(condition) { continue }
            try assert(branch.asserts)
            guard case .state(let target) = branch.target else { continue }
            facts.append(.decided(state: state.name, cause: cause, target: flow.states[target].name))
            return enter(target)
        }
        throw violation(
            .unhandledStatus, at: state.span, "no edge of '\(state.name)' can be taken on '\(cause)'",
            conditions: explained(branches))
    }

    private mutating func runFlow(_ name: String, _ with: [Template.Member]) throws(Violation) -> Next {
        guard let number = interpreter.flows.number(of: name) else {
            throw violation(
                .cannotRun, .cannotRun, at: state.verbSpan, "there is no flow '\(name)' among the files given",
                help: "give its file as well")
        }
        var inputs = ValueMap()
        for member in with { inputs[member.key] = try evaluate(member.value) }
        let path = "\(run.frame.path)\(state.name)#\(run.frame.visits[run.frame.state])/"
        run.frames.append(interpreter.frame(of: number, inputs: inputs, path: path, at: run.now))
        try checkInputs()
        return enter(flow.initial)
    }

    private mutating func end(_ final: FlowGraph.Final) throws(Violation) -> Next {
        var outputs = ValueMap()
        for member in final.outputs { outputs[member.key] = try evaluate(member.value) }
        let outcome = Run.Outcome(final: state.name, kind: final.kind, outputs: .map(outputs))
        guard run.frames.count > 1 else {
            return try settle(outcome, until: run.now.adding(run.grace) ?? run.now)
        }
        run.frames.removeLast()
        run.frame.outputs[state.name] = .map(["final": .string(outcome.final), "outputs": outcome.outputs])
        for edge in state.edges where edge.key == .final(outcome.final) {
            return try take(edge.branches, cause: outcome.final)
        }
        throw violation(
            .unhandledStatus, at: state.onSpan ?? state.span,
            "'\(state.name)' does not say what happens on '\(outcome.final)'", help: "add    \(outcome.final): <state>")
    }

    /// The flow has ended; events that are due may still come for a while.
    private mutating func settle(
        _ outcome: Run.Outcome, until: Instant, isLast: Bool = false
    ) throws(Violation) -> Next {
        guard let missing = run.obligations.first else {
            run.phase = .done(outcome)
            facts.append(.finished(outcome))
            return .finish(outcome)
        }
        if isLast {
            throw violation(
                .eventMissing, at: missing.obligation.span,
                "the event '\(missing.obligation.type)' was not sent after '\(missing.state)'",
                notes: heardNote(missing))
        }
        run.phase = .settling(outcome, until: until)
        return .wait(.init(reason: .settling, until: until, objects: [], signals: [], poll: .never, id: "settling"))
    }

    private func heardNote(_ missing: Run.Obligation) -> [String] {
        let types = run.heard.filter { $0.at >= missing.since }.map(\.type)
        return ["events since then: \(types.isEmpty ? "none" : types.joined(separator: ", "))"]
    }

    // MARK: Inputs

    mutating func checkInputs() throws(Violation) {
        for input in flow.inputs {
            guard let value = run.frame.inputs[input.name] else {
                throw violation(
                    .badInput, .cannotRun, at: input.span, "the input '\(input.name)' has no value",
                    help: "give one: --input \(input.name)=…")
            }
            // A secret's value is nobody's business.
            let shown = input.secret ? Redaction.mark : JSON.write(value)
            if !input.oneOf.isEmpty, !input.oneOf.contains(value) {
                let known = input.oneOf.map(\.interpolated).joined(separator: ", ")
                throw violation(
                    .badInput, .cannotRun, at: input.span, "the input '\(input.name)' is \(shown)",
                    help: input.secret ? nil : "give one of \(known)")
            }
            if let check = input.check, try !holds(check) {
                throw violation(
                    .badInput, .cannotRun, at: check.span,
                    "the input '\(input.name)' is \(shown): \(check.source) does not hold",
                    conditions: [explained(check)])
            }
        }
    }
}
