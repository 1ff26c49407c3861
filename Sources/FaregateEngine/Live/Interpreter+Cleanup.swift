// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateValues
package import FaregateWire

/// A call that cleans up after a run.
package struct CleanupCall: Sendable, Hashable {
    package var operation: String
    package var objectID: String
    package var request: Request
}

extension Interpreter {
    /// The calls that `cleanup:` asks for: each operation on all objects that its name was ever bound to, in the order of
    /// the file; without those that the documentation refuses in any case.
    package func cleanup(after run: Run, trace: Trace) -> [CleanupCall] {
        let bound = bindings(run, trace)
        var calls: [CleanupCall] = []
        for (number, flow) in flows.graphs.enumerated() {
            for item in flow.cleanup {
                let lifecycle = catalog.graphs[flow.objects[item.object].lifecycle].lifecycle
                let operation = lifecycle.operations[item.operation]
                guard let route = operation.route, route.takesID else { continue }
                for id in bound[Name(flow: number, object: item.object)] ?? [] where isAllowed(item, id, number, run) {
                    let key = "fg1-" + StableHash("\(run.id)\u{1f}cleanup\u{1f}\(operation.name)\u{1f}\(id)").base32
                    let request = Request(
                        method: route.method, path: route.path(id: id), version: run.version,
                        idempotencyKey: route.method == "POST" ? key : nil)
                    let call = CleanupCall(
                        operation: "\(lifecycle.name).\(operation.name)", objectID: id, request: request)
                    if !calls.contains(call) { calls.append(call) }
                }
            }
        }
        return calls
    }

    private struct Name: Hashable {
        var flow: Int
        var object: Int
    }

    /// All ids that names had, in the order in which they came up.
    private func bindings(_ run: Run, _ trace: Trace) -> [Name: [String]] {
        var bound: [Name: [String]] = [:]
        func note(_ name: Name, _ id: String) {
            if bound[name]?.contains(id) != true { bound[name, default: []].append(id) }
        }
        var flow = run.frames[0].flow
        var state: FlowGraph.State?
        for (_, fact) in trace.facts {
            switch fact {
            case .entered(let path, let name, _):
                flow = self.flow(at: path, from: run.frames[0].flow)
                state = flows.graphs[flow].state(named: name).map { flows.graphs[flow].states[$0] }
            case .answered(_, _, let id?, _, _, _, _):
                // What an answer is about is there, even where the answer itself broke the documented lifecycle.
                if case .call(let call)? = state?.verb { note(Name(flow: flow, object: call.object), id) }
            case .observed(let object, let id, _):
                if let number = flows.graphs[flow].object(named: object) { note(Name(flow: flow, object: number), id) }
            default: break
            }
        }
        for frame in run.frames {
            for (number, id) in frame.objects.enumerated() {
                if let id { note(Name(flow: frame.flow, object: number), id) }
            }
        }
        return bound
    }

    /// The flow that runs at a path of sub-runs: `deposit#1/`.
    private func flow(at path: String, from top: Int) -> Int {
        var flow = top
        for step in path.split(separator: "/") {
            let name = String(step.prefix { $0 != "#" })
            guard let state = flows.graphs[flow].state(named: name),
                case .run(let inner, _) = flows.graphs[flow].states[state].verb, let next = flows.number(of: inner)
            else { break }
            flow = next
        }
        return flow
    }

    private func isAllowed(_ item: FlowGraph.Cleanup, _ id: String, _ flow: Int, _ run: Run) -> Bool {
        guard run.snapshots[id] != nil else { return true }
        var scratch = run
        scratch.frames = [frame(of: flow, inputs: [:], path: "", at: run.now)]
        let machine = Machine(interpreter: self, run: scratch)
        let call = Run.PendingCall(
            purpose: .state, key: "", object: item.object, operation: item.operation, objectID: id,
            request: Request(method: "POST", path: "", version: run.version), attempt: 0, budget: 0, sentAt: run.now,
            firstSentAt: run.now, wasDirty: false)
        return !machine.expectation(call, before: run.snapshots[id], body: .null).statuses.isEmpty
    }
}
