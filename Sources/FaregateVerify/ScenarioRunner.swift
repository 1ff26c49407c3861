// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateSimulator
package import FaregateSpec
package import FaregateText
import FaregateValues
import FaregateWire

/// How one case of a scenario went.
package struct CaseResult: Sendable {
    package var flow: String
    package var file: String
    package var title: String
    package var scenario: String
    package var findings: [Finding]
    package var result: TestDriver.Result
    /// The run could not be made at all: exit status 3.
    package var couldNotRun: Bool
    /// Why it was not run: it cannot be brought about on this transport. Not a pass.
    package var skipped: String?
    /// Somebody wished for an end before it came to one.
    package var wasInterrupted = false

    package var passed: Bool { findings.isEmpty && skipped == nil }
}

/// Runs the scenarios of flows on the simulator.
package struct ScenarioRunner: Sendable {
    package let driver: TestDriver
    package let seed: String

    package init(driver: TestDriver, seed: String) {
        self.driver = driver
        self.seed = seed
    }

    package func plan(_ item: ScenarioCase) -> TestDriver.Plan {
        let flow = driver.interpreter.flows.graphs[item.flow]
        let start = Interpreter.Start(
            flow: item.flow, id: "\(flow.name)/\(item.title)/\(seed)", inputs: item.inputs,
            version: item.scenario.version, profile: item.scenario.profile ?? "documented", at: TestDriver.epoch)
        return TestDriver.Plan(
            start: start, scripts: item.scripts, seed: "\(seed)/\(flow.name)/\(item.title)", test: item.test)
    }

    package func run(_ item: ScenarioCase) -> CaseResult {
        let flow = driver.interpreter.flows.graphs[item.flow]
        let result = driver.run(plan(item))
        var couldNotRun = false
        if case .failed(let violation) = result.run.phase { couldNotRun = violation.kind == .cannotRun }
        return CaseResult(
            flow: flow.name, file: flow.file, title: item.title, scenario: item.scenario.name,
            findings: Judge(flow: flow, scenario: item.scenario, result: result).findings(), result: result,
            couldNotRun: couldNotRun)
    }
}

/// Holds a run against what its scenario expects.
struct Judge {
    let flow: FlowGraph
    let scenario: Scenario
    let result: TestDriver.Result

    func findings() -> [Finding] {
        let secrets = flow.secretValues(of: result.run.frames[0].inputs)
        return judged().map { secrets.isEmpty ? $0 : Redaction.mask($0, secrets) }
    }

    private func judged() -> [Finding] {
        switch result.run.phase {
        case .failed(let violation): return [violation.finding]
        case .done(let outcome): return expectations(outcome)
        default: return [finding(.wrongFinal, "the run has not ended")]
        }
    }

    private func expectations(_ outcome: Run.Outcome) -> [Finding] {
        var findings: [Finding] = []
        if let final = scenario.final, flow.states[final].name != outcome.final {
            findings.append(
                finding(.wrongFinal, "the run ended in '\(outcome.final)', not in '\(flow.states[final].name)'"))
        }
        findings += path() + visits() + outputs(outcome) + events()
        return findings
    }

    private func path() -> [Finding] {
        var rest = result.trace.path[...]
        for state in scenario.path {
            guard let at = rest.firstIndex(of: flow.states[state].name) else {
                return [finding(.wrongPath, "the run did not come to '\(flow.states[state].name)' in this order")]
            }
            rest = rest[(at + 1)...]
        }
        return []
    }

    private func visits() -> [Finding] {
        scenario.visits.compactMap { visit in
            let name = flow.states[visit.state].name
            let count = result.trace.path.filter { $0 == name }.count
            return count == visit.count
                ? nil : finding(.wrongVisits, "'\(name)' was visited \(count) times, not \(visit.count)")
        }
    }

    private func outputs(_ outcome: Run.Outcome) -> [Finding] {
        scenario.outputs.compactMap { member in
            guard case .literal(let wanted) = member.value else { return nil }
            let got = outcome.outputs[member.key] ?? .null
            if got == wanted { return nil }
            if isSecret(member.key, outcome) {
                return finding(.wrongOutputs, "the output '\(member.key)', which holds a secret, is another one")
            }
            return finding(
                .wrongOutputs, "the output '\(member.key)' is \(JSON.write(got)), not \(JSON.write(wanted))")
        }
    }

    /// Whether a secret input goes into an output.
    private func isSecret(_ output: String, _ outcome: Run.Outcome) -> Bool {
        let secrets = flow.inputs.filter(\.secret).map(\.name)
        guard let state = flow.state(named: outcome.final), case .final(let final) = flow.states[state].verb else {
            return false
        }
        return final.outputs.contains { $0.key == output && secrets.contains(where: $0.value.uses) }
    }

    private func events() -> [Finding] {
        let sent = Set(result.world.events.map(\.type) + result.run.heard.map(\.type))
        return scenario.events.filter { !sent.contains($0) }.map {
            finding(.wrongOutputs, "the event '\($0)' was not sent")
        }
    }

    private func finding(_ code: ScenarioCode, _ message: String) -> Finding {
        Finding(code.rawValue, in: flow.file, at: scenario.span, "'\(scenario.name)': \(message)")
    }
}

extension ScenarioRunner {
    /// Choices of a scenario that nobody was ever asked for, in any cell.
    ///
    /// - Parameter taken: for each cell, which lines of each script were taken.
    package static func unasked(_ scenario: Scenario, in flow: FlowGraph, taken: [[Set<Int>]]) -> [Finding] {
        var findings: [Finding] = []
        for (number, script) in scenario.scripts.enumerated() {
            for (at, line) in script.choices.enumerated() {
                if taken.contains(where: { number < $0.count && $0[number].contains(at) }) { continue }
                let words = if case .literal(let value) = line.words { value.interpolated } else { "this" }
                findings.append(
                    Finding(
                        ScenarioCode.neverAsked.rawValue, in: flow.file, at: line.span,
                        "'\(scenario.name)': nobody ever asked \(script.actor) for '\(words)'",
                        help: "remove it, or lead the run to where it is decided"))
            }
        }
        return findings
    }
}
