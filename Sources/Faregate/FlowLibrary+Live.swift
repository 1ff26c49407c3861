// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
import FaregateRender
import FaregateSpec
import FaregateStripe
import FaregateValues
import FaregateVerify
import FaregateWire

extension FlowLibrary {
    /// Runs one flow on a transport.
    ///
    /// - Parameter trace: hears the lines of the trace as soon as what they tell stands.
    package func run(
        _ request: RunRequest, on live: LiveSetup, width: Int = 80, isColored: Bool = false,
        trace: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws(RunRequestError) -> RunReport {
        let item = try withEnvironment(try item(request), live)
        let redactor = Redactor(secrets: secrets(of: item))
        let outcome = await runner(live).run(item) { entry in
            var one = Trace()
            one.entries = [entry]
            trace(TraceLines.text(one, redactor))
        }
        var report = report(
            outcome.result, start: outcome.started, kindOfTime: "time", width: width,
            isColored: isColored)
        let style = TextStyle(isColored: isColored)
        for cleanup in withoutSecrets(outcome.cleanup, of: item) {
            report.story +=
                "  \(style.dim("cleanup"))   \(cleanup.operation) \(cleanup.objectID) "
                + style.paint(
                    cleanup.isDone
                        ? Words("-> \(cleanup.words)", .good) : Words("-> not done: \(cleanup.words)", .notable))
                + "\n"
        }
        report.wasInterrupted = outcome.wasInterrupted
        return report
    }

    /// Runs scenarios on a transport, several at a time; those that cannot be brought about there are skipped.
    ///
    /// - Parameter cleanup: hears of what could not be cleaned up.
    package func test(
        _ selection: TestSelection = .all, on live: LiveSetup, _ options: TestOptions = TestOptions(),
        cleanup: @escaping @Sendable (CleanupOutcome) -> Void = { _ in }
    ) async -> TestReport {
        let runner = runner(live, ownsKeys: true)
        var options = options
        options.seed = live.nonce
        options.jobs = options.jobs ?? Self.liveJobs
        options.isStopped = { live.interruption.isRequested }
        return await test(selection, options, asksEveryChoice: false) { item in
            let filled = (try? withEnvironment(item, live)) ?? item
            let outcome = await runner.run(filled)
            for call in withoutSecrets(outcome.cleanup, of: filled) where !call.isDone { cleanup(call) }
            return (outcome.result, outcome.started)
        }
    }

    /// The values of secret inputs, those that the flow itself gives included.
    private func secrets(of item: ScenarioCase) -> [String] {
        let flow = flows.graphs[item.flow]
        var inputs = item.inputs
        for input in flow.inputs where inputs[input.name] == nil { inputs[input.name] = input.defaultValue }
        return flow.secretValues(of: inputs)
    }

    /// An API may say what it was given.
    private func withoutSecrets(_ calls: [CleanupOutcome], of item: ScenarioCase) -> [CleanupOutcome] {
        let secrets = flows.graphs[item.flow].secretValues(of: item.inputs)
        return calls.map { call in
            var call = call
            call.words = Redaction.mask(call.words, secrets)
            return call
        }
    }

    /// A case with the inputs that the environment gives.
    private func withEnvironment(_ item: ScenarioCase, _ live: LiveSetup) throws(RunRequestError) -> ScenarioCase {
        var item = item
        let flow = flows.graphs[item.flow]
        for input in flow.inputs where item.inputs[input.name] == nil {
            guard let name = input.environment, let text = live.environment(name), !text.isEmpty else { continue }
            guard let type = InputType(input.type), case .success(let value) = type.read(text: text) else {
                throw RunRequestError("\(name) in the environment is not of the type of '\(input.name)', \(input.type)")
            }
            item.inputs[input.name] = value
        }
        return item
    }

    /// Most of a live run is waiting.
    package static let liveJobs = 8

    /// - Parameter ownsKeys: whether keys that flows give are made the runs' own.
    private func runner(_ live: LiveSetup, ownsKeys: Bool = false) -> LiveScenarioRunner {
        var driver = LiveDriver(
            interpreter: Interpreter(flows: flows, catalog: pack.catalog), transport: live.transport, clock: live.clock)
        driver.post = live.post
        driver.customer = live.customer
        driver.page = live.page
        driver.interruption = live.interruption
        driver.leftovers = live.leftovers
        driver.isTestMode = live.isTestMode
        driver.patience = live.patience
        driver.firstPoll = live.firstPoll
        let pack = pack
        var stage = LiveStage(hasCustomer: live.customer != nil, offers: pack.catalog.actors) { inputs, actor, words in
            pack.hasToken(inputs, actor: actor, words: words)
        }
        stage.patience = live.patience
        return LiveScenarioRunner(
            driver: driver, stage: stage, nonce: live.nonce, version: live.version, ownsKeys: ownsKeys)
    }
}
