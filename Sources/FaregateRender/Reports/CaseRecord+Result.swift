// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateEngine
package import FaregateSpec
import FaregateText
package import FaregateValues
package import FaregateVerify
import FaregateWire

extension CaseRecord {
    /// What is worth keeping of a case. Secrets do not come any further than here.
    ///
    /// - Parameter keepsStory: also of a case that has passed.
    /// - Parameter others: knows what other cases hold in secret.
    /// - Parameter start: of the run; real runs begin at their own time.
    package init(
        _ result: CaseResult, of flow: FlowGraph, cell: String, rerun: String, keepsStory: Bool,
        others: Redactor = Redactor(secrets: []), start: Instant = TestDriver.epoch
    ) {
        let run = result.result.run
        let trace = result.result.trace
        var final: String?
        if case .done(let outcome) = run.phase { final = outcome.final }
        self.init(
            flow: result.flow, file: result.file, scenario: result.scenario, cell: cell,
            status: result.skipped != nil
                ? .skipped : result.passed ? .passed : result.couldNotRun ? .couldNotRun : .failed, final: final,
            rerun: rerun)
        let redactor = Redactor(secrets: flow.secrets(in: run)).adding(others)
        if let skipped = result.skipped {
            reason = redactor.redact(skipped)
            return
        }
        path = trace.path
        edges = trace.edges.map { .init(source: $0.source, target: $0.target) }
        duration = run.now.since(start)
        calls = trace.calls
        events = run.heard.count
        if keepsStory || !result.passed {
            story = redactor.redact(RunNarrator.story(result.result, start: start))
        }
        if !result.passed { failure = Failure(result, redactor, start) }
    }
}

extension FlowGraph {
    /// The values of inputs that are marked as secret.
    fileprivate func secrets(in run: Run) -> [String] {
        inputs.filter(\.secret).flatMap { run.frames.first?.inputs[$0.name]?.heldTexts ?? [] }.filter { !$0.isEmpty }
    }
}

extension Failure {
    init(_ result: CaseResult, _ redactor: Redactor, _ start: Instant) {
        findings = result.findings.map(redactor.redact)
        if case .failed(let violation) = result.result.run.phase {
            conditions = violation.conditions.map { Condition($0, redactor) }
            rows = violation.rows
        }
        exchange = result.result.trace.exchanges.last.map { Letter($0, redactor, start) }
    }
}

extension Failure.Condition {
    private static let longestValue = 200

    init(_ tree: ExplainedTree, _ redactor: Redactor) {
        text = tree.text.split(whereSeparator: \.isNewline).joined(separator: " ")
        switch tree.value {
        case .success(.unknown(let reason)):
            (value, hasValue) = ("unknown (\(reason))", false)
        case .success(let found):
            // `intent.client_secret` has no name of its own any more.
            let isSecret = redactor.isSecret(lastNameOf: tree.text) && found.unwrapped.string != nil
            value = isSecret ? Redaction.mark : JSON.write(redactor.redact(found).readable)
            hasValue = true
        case .failure(let error): (value, hasValue) = (redactor.redact(error.message), false)
        }
        if value.unicodeScalars.count > Self.longestValue {
            value = String(String.UnicodeScalarView(value.unicodeScalars.prefix(Self.longestValue))) + "…"
        }
        text = redactor.redact(text)
        parts = tree.children.map { Self($0, redactor) }
    }
}

extension Failure.Letter {
    init(_ exchange: Exchange, _ redactor: Redactor, _ start: Instant) {
        let request = exchange.request
        state = exchange.state
        operation = exchange.operation
        after = exchange.at.since(start)
        attempt = exchange.attempt + 1
        method = request.method
        path = redactor.redact(request.path)
        version = request.version
        key = request.idempotencyKey.map(redactor.redact)
        params = redactor.redact(request.params)
        http = exchange.response?.status
        requestID = exchange.response?.requestID
        body = (exchange.response?.body).map(redactor.redact)
        isReplayed = exchange.response?.replayed ?? false
        problem = exchange.failure?.rawValue
    }
}
