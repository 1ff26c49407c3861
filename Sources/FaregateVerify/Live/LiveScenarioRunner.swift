// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
import FaregateSimulator
import FaregateSpec
import FaregateText
package import FaregateValues

/// Runs the scenarios of flows on a transport.
package struct LiveScenarioRunner: Sendable {
    package let driver: LiveDriver
    package let stage: LiveStage
    /// Makes the ids of runs new each time: keys that were used before would bring back old answers.
    package let nonce: String
    /// In place of the version that a scenario or a flow names.
    package var version: String?
    /// Whether each run has a world of its own, as scenarios do: keys that the flow gives are made the run's own.
    package var ownsKeys: Bool

    package init(
        driver: LiveDriver, stage: LiveStage, nonce: String, version: String? = nil, ownsKeys: Bool = false
    ) {
        self.ownsKeys = ownsKeys
        self.driver = driver
        self.stage = stage
        self.nonce = nonce
        self.version = version
    }

    /// How a live case went: as any other, and what cleaned up after it.
    package struct Outcome: Sendable {
        package var result: CaseResult
        package var started: Instant
        package var cleanup: [CleanupOutcome]
        package var wasInterrupted: Bool
    }

    package func run(
        _ item: ScenarioCase, listen: @escaping @Sendable (Trace.Entry) -> Void = { _ in }
    ) async -> Outcome {
        let flow = driver.interpreter.flows.graphs[item.flow]
        if let reason = stage.obstacle(item, in: flow) { return skip(item, flow, reason) }
        let start = Interpreter.Start(
            flow: item.flow, id: "\(flow.name)/\(item.title)/\(nonce)", inputs: item.inputs,
            version: version ?? item.scenario.version, grace: Duration(seconds: 30), at: driver.clock.now(),
            ownsKeys: ownsKeys)
        let cast = LiveCast(item)
        let live = await driver.run(start, actors: cast, expecting: item.scenario.events, listen: listen)
        let result = TestDriver.Result(
            run: live.run, world: World(seed: "", now: live.started, profile: "documented", accountVersion: ""),
            trace: live.trace, taken: cast.taken, decisions: [], rows: [])
        var outcome = Outcome(
            result: CaseResult(
                flow: flow.name, file: flow.file, title: item.title, scenario: item.scenario.name,
                findings: Judge(flow: flow, scenario: item.scenario, result: result).findings(), result: result,
                couldNotRun: false),
            started: live.started, cleanup: live.cleanup, wasInterrupted: live.wasInterrupted)
        outcome.result.wasInterrupted = live.wasInterrupted
        guard case .failed(let violation) = live.run.phase else { return outcome }
        outcome.result.couldNotRun = violation.kind != .failed
        if violation.finding.code == RunCode.takesTooLong.rawValue, isOutOfTime(item, live.run) {
            outcome.result.skipped = violation.finding.message
            outcome.result.findings = []
            outcome.result.couldNotRun = false
        }
        return outcome
    }

    /// Whether a run waits for nothing but time, or for a customer who is not to come, or has nowhere to go.
    private func isOutOfTime(_ item: ScenarioCase, _ run: Run) -> Bool {
        let state = driver.interpreter.flows.graphs[run.frame.flow].states[run.frame.state]
        guard case .wait(let wait) = state.verb else { return false }
        if case .objects = wait.subject {
            if run.snapshots.values.contains(where: { CustomerPage.isOutOfReach($0.body) }) { return true }
            if state.listensForSignals, run.snapshots.values.contains(where: Self.waitsForBusiness) { return true }
            return item.scripts.contains { $0.actor == "customer" && $0.lines.contains { $0.words.name == "abandons" } }
        }
        return true
    }

    /// Whether an object stays as it is until the business calls.
    private static func waitsForBusiness(_ snapshot: Run.Snapshot) -> Bool {
        let status = snapshot.body["status"]?.string ?? ""
        return ["requires_payment_method", "requires_confirmation", "requires_capture"].contains(status)
    }

    private func skip(_ item: ScenarioCase, _ flow: FlowGraph, _ reason: String) -> Outcome {
        let start = Interpreter.Start(flow: item.flow, id: "", at: driver.clock.now())
        let run = driver.interpreter.start(start).run
        let result = TestDriver.Result(
            run: run, world: World(seed: "", now: start.at, profile: "documented", accountVersion: ""), trace: Trace(),
            taken: item.scripts.map { _ in [] }, decisions: [], rows: [])
        return Outcome(
            result: CaseResult(
                flow: flow.name, file: flow.file, title: item.title, scenario: item.scenario.name, findings: [],
                result: result, couldNotRun: false, skipped: reason),
            started: start.at, cleanup: [], wasInterrupted: false)
    }
}

extension FlowGraph.State {
    fileprivate var listensForSignals: Bool {
        edges.contains { edge in
            if case .signal = edge.key { true } else { false }
        }
    }
}
