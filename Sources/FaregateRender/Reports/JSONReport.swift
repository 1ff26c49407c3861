// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateText
import FaregateValues

/// The report for scripts. `docs/reports.md` describes its shape; `version` rises when a member is changed or removed.
package struct JSONReport {
    let record: TestRecord

    package static let version = 1

    package init(_ record: TestRecord) { self.record = record }

    package func text() -> String {
        let cases = record.cases
        let report: Value = [
            "version": .int(Int64(Self.version)),
            "tool": ["name": "faregate", "version": .string(record.toolVersion)],
            "seed": .string(record.seed), "passed": .bool(record.passed), "interrupted": .bool(record.isInterrupted),
            "summary": .map(
                CaseRecord.Status.allCases.reduce(into: ValueMap()) { summary, status in
                    summary[status.rawValue] = .int(Int64(cases.count { $0.status == status }))
                }),
            "flows": .list(record.flows.map(flow)), "findings": .list(record.findings.map(FindingsJSON.value)),
            "coverage": .list(record.coverage.map(coverage)),
        ]
        return JSON.write(report, pretty: true) + "\n"
    }

    // MARK: Flows

    private func flow(_ flow: FlowRecord) -> Value {
        let taken = flow.taken
        return [
            "name": .string(flow.name), "title": .string(flow.title), "docs": .string(flow.docs),
            "file": .string(flow.file),
            "edges": .list(
                flow.drawing.edges.map { edge in
                    [
                        "from": .string(edge.edge.source), "to": .string(edge.edge.target),
                        "labels": texts(edge.labels), "taken": .bool(taken.contains(edge.edge)),
                    ]
                }),
            "scenarios": .list(
                flow.scenarios.map { scenario in
                    [
                        "name": .string(scenario.name), "title": text(scenario.title),
                        "line": .int(Int64(scenario.span.start.line)), "cases": .list(scenario.cases.map(item)),
                    ]
                }),
        ]
    }

    private func item(_ item: CaseRecord) -> Value {
        [
            "title": .string(item.title), "cell": .string(item.cell), "status": .string(item.status.rawValue),
            "reason": text(item.whyLeftOut),
            "final": text(item.final), "path": texts(item.path),
            "virtual_ms": milliseconds(item.duration), "calls": .int(Int64(item.calls)),
            "events": .int(Int64(item.events)), "rerun": .string(item.rerun),
            "failure": item.failure.map(failure) ?? .null, "story": item.story.map(story) ?? .null,
        ]
    }

    private func story(_ story: Story) -> Value {
        .list(
            story.lines.map { line in
                [
                    "at_ms": milliseconds(line.after), "state": .string(line.state),
                    "text": .string(line.words.text),
                ]
            })
    }

    // MARK: Failures

    private func failure(_ failure: Failure) -> Value {
        [
            "findings": .list(failure.findings.map(FindingsJSON.value)),
            "conditions": .list(failure.conditions.map(condition)),
            "rows": .list(
                failure.rows.map { row in
                    [
                        "lifecycle": .string(row.lifecycle), "id": .string(row.id),
                        "operation": .string(row.operation), "status": text(row.status),
                        "footnote": text(row.footnote), "docs": .string(row.docs),
                    ]
                }),
            "request": failure.exchange.map(request) ?? .null, "answer": failure.exchange.map(answer) ?? .null,
        ]
    }

    private func condition(_ condition: Failure.Condition) -> Value {
        [
            "text": .string(condition.text), "value": .string(condition.value), "has_value": .bool(condition.hasValue),
            "parts": .list(condition.parts.map(self.condition)),
        ]
    }

    private func request(_ letter: Failure.Letter) -> Value {
        [
            "state": .string(letter.state), "operation": .string(letter.operation),
            "at_ms": milliseconds(letter.after), "attempt": .int(Int64(letter.attempt)),
            "method": .string(letter.method), "path": .string(letter.path), "version": .string(letter.version),
            "idempotency_key": text(letter.key), "params": letter.params,
        ]
    }

    private func answer(_ letter: Failure.Letter) -> Value {
        guard let http = letter.http else { return ["http": .null, "problem": text(letter.problem)] }
        return [
            "http": .int(Int64(http)), "request_id": text(letter.requestID), "replayed": .bool(letter.isReplayed),
            "body": letter.body ?? .null,
        ]
    }

    private func coverage(_ figures: CoverageFigures) -> Value {
        [
            "title": .string(figures.title),
            "groups": .list(
                figures.groups.map { group in
                    [
                        "name": .string(group.name), "taken": .int(Int64(group.taken)),
                        "total": .int(Int64(group.total)), "missing": texts(group.missing),
                    ]
                }),
        ]
    }

    // MARK: Values

    private func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
    private func texts(_ texts: [String]) -> Value { .list(texts.map { .string($0) }) }

    private func milliseconds(_ duration: Duration?) -> Value {
        duration.map { .int($0.totalMilliseconds) } ?? .null
    }
}

extension FlowRecord {
    /// The edges that some case took.
    package var taken: Set<FlowDrawing.Edge> { Set(scenarios.flatMap(\.cases).flatMap(\.edges)) }
}
