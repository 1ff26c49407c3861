// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
package import FaregateValues
package import FaregateWire

/// Something that happened in a run, in the order in which it became known.
package enum Fact: Sendable, Hashable {
    case started(flow: String, run: String, version: String, inputs: Value)
    case entered(path: String, state: String, visit: Int)
    case called(key: String, lifecycle: String, operation: String, request: Request, attempt: Int)
    case answered(
        operation: String, status: Int, objectID: String?, objectStatus: String?, error: Value?, requestID: String,
        replayed: Bool)
    case failed(Reply.Failure, operation: String)
    case retrying(operation: String, attempt: Int, after: Duration)
    case observed(object: String, id: String, status: String)
    case event(id: String, type: String, objectID: String)
    case signal(name: String, payload: Value)
    case emitted(name: String, key: String, payload: Value)
    case waiting(state: String, until: Instant?)
    case timeout(state: String)
    case decided(state: String, cause: String, target: String)
    case finished(Run.Outcome)
    case violated(Violation)
}

/// A run's whole story: the replies that it got and the facts that followed from each.
///
/// A run is the fold of its trace: replaying the replies gives the same facts and the same run.
package struct Trace: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var at: Instant
        /// nil for the start.
        package var reply: Reply?
        package var facts: [Fact]

        package init(at: Instant, reply: Reply?, facts: [Fact]) {
            self.at = at
            self.reply = reply
            self.facts = facts
        }
    }

    package var entries: [Entry] = []

    package init() {}

    package var facts: [(at: Instant, fact: Fact)] {
        entries.flatMap { entry in entry.facts.map { (entry.at, $0) } }
    }

    /// The states in the order in which they were entered, those of sub-flows with their path.
    package var path: [String] {
        var path: [String] = []
        for entry in entries {
            for case .entered(let outer, let state, _) in entry.facts { path.append(outer + state) }
        }
        return path
    }
    /// How many requests were made, repeated ones each time.
    package var calls: Int {
        var calls = 0
        for entry in entries {
            for case .called in entry.facts { calls += 1 }
        }
        return calls
    }
}
