// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
import FaregateSpec
package import FaregateValues
import Synchronization

/// What a scenario says of those whom a live driver plays itself.
package final class LiveCast: LiveActors {
    private struct Part {
        var script: Cast.Script
        var position = 0
        var taken: Set<Int> = []
    }

    private let parts: Mutex<[Part]>
    private let test: @Sendable ([Cast.Script]) -> Value

    package init(_ item: ScenarioCase) {
        // The first of what a token decides went with the token among the inputs.
        let isHandedOver = item.scenario.inputs.contains { $0.value.uses("test") }
        parts = Mutex(
            item.scripts.map { script in
                Part(script: script, position: isHandedOver && LiveStage.tokenActors.contains(script.actor) ? 1 : 0)
            })
        test = item.test
    }

    package func customer(of object: String, in places: [String]) -> String {
        take("customer", scopes: places + [object]) { _ in true }?.words.name ?? "authorizes"
    }

    package func business(
        _ signals: [String], in places: [String], _ interpreter: Interpreter, _ run: Run
    ) throws(Violation) -> (name: String, payload: Value, after: Duration?)? {
        guard let line = take("business", scopes: places, fits: { signals.contains($0.words.name) }) else { return nil }
        var payload = Value.map([:])
        if let template = line.payload {
            payload = try interpreter.value(template, in: run, with: ["test": test(upcoming)])
        }
        return (line.words.name, payload, line.words.after)
    }

    /// The scripts as they go on from here. What a token decides is taken when the token is handed over.
    private var upcoming: [Cast.Script] {
        parts.withLock { parts in
            parts.indices.map { number in
                var rest = parts[number].script
                rest.lines = Array(rest.lines.dropFirst(min(parts[number].position, rest.lines.count - 1)))
                if LiveStage.tokenActors.contains(rest.actor) { parts[number].position += 1 }
                return rest
            }
        }
    }

    private func take(_ actor: String, scopes: [String], fits: (Cast.Line) -> Bool) -> Cast.Line? {
        parts.withLock { parts in
            let narrowed = parts.contains { $0.script.actor == actor && $0.script.scope.map(scopes.contains) == true }
            for number in parts.indices where parts[number].script.actor == actor {
                let script = parts[number].script
                guard script.scope.map(scopes.contains) ?? !narrowed, !script.lines.isEmpty else { continue }
                let at = min(parts[number].position, script.lines.count - 1)
                guard fits(script.lines[at]) else { continue }
                parts[number].position = at + 1
                parts[number].taken.insert(at)
                return script.lines[at]
            }
            return nil
        }
    }

    /// Which lines of the scripts were taken.
    var taken: [Set<Int>] { parts.withLock { $0.map(\.taken) } }
}
