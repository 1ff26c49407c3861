// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateRender
import FaregateSimulator
import FaregateSpec
import FaregateStripe
public import FaregateText
import FaregateValues
import FaregateVerify
import FaregateWire

/// One run, told.
public struct RunReport: Sendable {
    /// The run step by step, as lines for a terminal.
    public var story: String
    /// How it ended, as one line.
    public var verdict: String
    public var findings: [Finding]
    /// What there is to understand them, as lines for a terminal: conditions with the values of their parts, the last request
    /// and answer; empty where nothing is wrong.
    public var evidence: String
    /// The trace as JSON lines, secrets redacted.
    public var trace: String
    public var final: String?
    public var couldNotRun: Bool
    /// Why nothing was run: it cannot be brought about on this transport.
    public var skipped: String?
    public var wasInterrupted = false

    public var passed: Bool { findings.isEmpty && skipped == nil }
}

/// What cannot be run as asked: a name that nobody has, a value that does not fit.
public struct RunRequestError: Error, Sendable, CustomStringConvertible {
    public var description: String

    init(_ description: String) { self.description = description }
}

/// What one run is to be.
public struct RunRequest: Sendable {
    public var flow: String
    /// nil: the flow's defaults, and the first choice of every actor.
    public var scenario: String?
    /// By name, as text: `amount=2000`.
    public var inputs: [(name: String, value: String)]
    /// By actor: `issuer=declines insufficient_funds, approves`.
    public var actors: [(name: String, choices: String)]
    public var seed: String

    public init(
        flow: String, scenario: String? = nil, inputs: [(name: String, value: String)] = [],
        actors: [(name: String, choices: String)] = [], seed: String = "0"
    ) {
        self.flow = flow
        self.scenario = scenario
        self.inputs = inputs
        self.actors = actors
        self.seed = seed
    }
}

extension FlowLibrary {
    /// Runs one flow on the built-in mock. With a scenario that has a matrix, its first cell.
    public func run(
        _ request: RunRequest, width: Int = 80, isColored: Bool = false
    ) throws(RunRequestError) -> RunReport {
        let item = try item(request)
        let runner = ScenarioRunner(driver: driver(), seed: request.seed)
        return report(
            runner.run(item), start: TestDriver.epoch, kindOfTime: "virtual time", width: width, isColored: isColored)
    }

    /// How a run is told.
    func report(
        _ outcome: CaseResult, start: Instant, kindOfTime: String, width: Int, isColored: Bool
    ) -> RunReport {
        let flow = flows.graphs[flows.number(of: outcome.flow) ?? 0]
        let style = TextStyle(isColored: isColored)
        let narrator = RunNarrator(flow: flow, start: start, style: style, kindOfTime: kindOfTime)
        let record = CaseRecord(outcome, of: flow, cell: "", rerun: "", keepsStory: false, start: start)
        let evidence = record.failure.map { FailureText(width: width, style: style).evidence(of: $0) } ?? []
        let secrets = flow.secretValues(of: outcome.result.run.frames[0].inputs)
        return RunReport(
            story: Redaction.mask(narrator.text(outcome.result), secrets), verdict: narrator.verdict(outcome.result),
            findings: record.failure?.findings ?? [], evidence: evidence.map { $0 + "\n" }.joined(),
            trace: TraceLines.text(outcome.result.trace, Redactor(secrets: secrets)), final: record.final,
            couldNotRun: outcome.couldNotRun, skipped: outcome.skipped)
    }

    /// What a request asks for, its names looked up.
    func item(_ request: RunRequest) throws(RunRequestError) -> ScenarioCase {
        guard let number = flows.number(of: request.flow) else {
            throw RunRequestError(unknown("flow", request.flow, among: flows.graphs.map(\.name)))
        }
        let flow = flows.graphs[number]
        var item = ScenarioCase(
            flow: number, scenario: Scenario(name: "run", span: flow.nameSpan))
        if let name = request.scenario {
            guard let scenario = flow.scenarios.first(where: { $0.name == name }) else {
                throw RunRequestError(unknown("scenario", name, among: flow.scenarios.map(\.name)))
            }
            let (cases, findings) = expander(of: number).cases(of: scenario)
            guard let first = cases.first else { throw RunRequestError(findings.first?.message ?? "no cell") }
            item = first
        }
        for (name, text) in request.inputs { item.inputs[name] = try input(name, text, of: flow) }
        for (name, choices) in request.actors {
            let script = try script(name, choices, flow)
            item.scripts.removeAll { $0.actor == script.actor && $0.scope == script.scope }
            item.scripts.append(script)
        }
        return item
    }

    /// Findings of a run as text, each with the line that it is about.
    public func text(for findings: [Finding], width: Int = 80, isColored: Bool = false) -> String {
        FindingPrinter(sources: quoted(for: findings), width: width, isColored: isColored).text(for: findings)
    }

    func unknown(_ what: String, _ name: String, among names: [String]) -> String {
        let closest = Spelling.closest(to: name, among: names)
        let hint = closest.map { ", did you mean '\($0)'?" } ?? ""
        return "there is no \(what) '\(name)'\(hint)"
            + (names.isEmpty ? "" : "\nknown: \(names.joined(separator: ", "))")
    }

    private func input(_ name: String, _ text: String, of flow: FlowGraph) throws(RunRequestError) -> Value {
        guard let input = flow.inputs.first(where: { $0.name == name }) else {
            throw RunRequestError(unknown("input", name, among: flow.inputs.map(\.name)))
        }
        guard let type = InputType(input.type), case .success(let value) = type.read(text: text) else {
            let shown = input.secret ? Redaction.mark : "'\(text)'"
            throw RunRequestError("the input '\(name)' is \(shown), but must be of type \(input.type)")
        }
        return value
    }

    private func script(_ name: String, _ choices: String, _ flow: FlowGraph) throws(RunRequestError) -> Cast.Script {
        let parts = name.split(separator: ".").map(String.init)
        let actor = parts.last ?? name
        var offers = pack.catalog.actors
        offers["network"] = FlowDecoder.network
        offers["api"] = FlowDecoder.api
        offers["business"] = flow.signals.map(\.name)
        guard let known = offers[actor] else {
            throw RunRequestError(unknown("actor", actor, among: offers.keys.sorted()))
        }
        var lines: [Cast.Line] = []
        for text in choices.split(separator: ",") {
            switch ChoiceWords.read(String(text)) {
            case .success(let words):
                guard known.contains(words.name) else {
                    throw RunRequestError(unknown("choice of \(actor)", words.name, among: known))
                }
                lines.append(.init(words: words, payload: nil))
            case .failure(let problem): throw RunRequestError("\(name)=\(choices): \(problem.text)")
            }
        }
        if lines.isEmpty { throw RunRequestError("'\(actor)' needs a choice: \(known.joined(separator: ", "))") }
        return Cast.Script(actor: actor, scope: parts.count > 1 ? parts[0] : nil, lines: lines)
    }
}
