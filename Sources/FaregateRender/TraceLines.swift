// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
import FaregateSpec
import FaregateText
package import FaregateValues
import FaregateWire

/// A trace as JSON lines, one fact a line, secrets redacted.
package enum TraceLines {
    package static func text(_ trace: Trace, _ redactor: Redactor) -> String {
        var text = ""
        for (at, fact) in trace.facts { text += JSON.write(redactor.redact(line(fact, at: at))) + "\n" }
        return text
    }

    package static func line(_ fact: Fact, at: Instant) -> Value {
        var map: ValueMap = ["at": .string(at.timestamp.rfc3339)]
        for (key, value) in members(fact) { map[value: key] = value }
        return Redaction.redact(.map(map))
    }

    private static func members(_ fact: Fact) -> ValueMap {
        switch fact {
        case .started(let flow, let run, let version, let inputs):
            [
                "fact": "started", "flow": .string(flow), "run": .string(run), "version": .string(version),
                "inputs": inputs,
            ]
        case .entered(let path, let state, let visit):
            ["fact": "entered", "state": .string(path + state), "visit": .int(Int64(visit))]
        case .called(let key, let lifecycle, let operation, let request, let attempt):
            [
                "fact": "called", "operation": .string("\(lifecycle).\(operation)"), "method": .string(request.method),
                "path": .string(request.path), "params": request.params, "version": .string(request.version),
                "idempotency_key": request.idempotencyKey.map { .string($0) } ?? .null, "id": .string(key),
                "attempt": .int(Int64(attempt)),
            ]
        case .answered(let operation, let status, let id, let objectStatus, let error, let requestID, let replayed):
            [
                "fact": "answered", "operation": .string(operation), "http": .int(Int64(status)),
                "object": id.map { .string($0) } ?? .null, "status": objectStatus.map { .string($0) } ?? .null,
                "error": error.map { brief($0) } ?? .null, "request_id": .string(requestID),
                "replayed": .bool(replayed),
            ]
        case .failed(let failure, let operation):
            ["fact": "failed", "operation": .string(operation), "why": .string(failure.rawValue)]
        case .retrying(let operation, let attempt, let after):
            [
                "fact": "retrying", "operation": .string(operation), "attempt": .int(Int64(attempt)),
                "after": .string(after.compact),
            ]
        case .observed(let object, let id, let status):
            ["fact": "observed", "name": .string(object), "object": .string(id), "status": .string(status)]
        case .event(let id, let type, let objectID):
            ["fact": "event", "id": .string(id), "type": .string(type), "object": .string(objectID)]
        case .signal(let name, let payload): ["fact": "signal", "name": .string(name), "payload": payload]
        case .emitted(let name, let key, let payload):
            ["fact": "emitted", "name": .string(name), "id": .string(key), "payload": payload]
        case .waiting(let state, let until):
            ["fact": "waiting", "state": .string(state), "until": until.map { .string($0.timestamp.rfc3339) } ?? .null]
        case .timeout(let state): ["fact": "timeout", "state": .string(state)]
        case .decided(let state, let cause, let target):
            ["fact": "decided", "state": .string(state), "cause": .string(cause), "target": .string(target)]
        case .finished(let outcome):
            [
                "fact": "finished", "final": .string(outcome.final), "kind": .string(outcome.kind.rawValue),
                "outputs": outcome.outputs,
            ]
        case .violated(let violation):
            [
                "fact": "violated", "code": .string(violation.finding.code),
                "message": .string(violation.finding.message),
                "file": .string(violation.finding.file), "line": .int(Int64(violation.finding.span.start.line)),
            ]
        }
    }

    /// An error without the objects that it embeds.
    private static func brief(_ error: Value) -> Value {
        guard case .map(let map) = error else { return error }
        var brief = ValueMap()
        for (key, value) in map where value.map == nil { brief[value: key] = value }
        return .map(brief)
    }
}
