// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateCEL
package import FaregateSpec
package import FaregateText
package import FaregateValues
package import FaregateWire

/// What a run asks its driver for.
package enum Action: Sendable, Hashable {
    case call(Call)
    case wait(Wait)
    case finish(Run.Outcome)
    case fail(Violation)

    package struct Call: Sendable, Hashable {
        /// The same for all attempts: a driver that has handled it does nothing again.
        package var id: String
        package var request: Request
        package var attempt: Int
        package var lifecycle: String
        package var operation: String
        /// How long to wait for the answer; nil for the driver's own measure.
        package var timeout: Duration?
    }

    package struct Wait: Sendable, Hashable {
        package enum Reason: Sendable, Hashable {
            /// A `wait:` state.
            case state
            /// The pause before a repeat.
            case retry
            /// Events that are still due.
            case settling
        }
        package var reason: Reason
        package var until: Instant?
        /// Ids of the objects to look at.
        package var objects: [String]
        /// Signals that the state would take.
        package var signals: [String]
        package var poll: FlowGraph.Wait.Poll
        /// Whether the state leaves by events of some type.
        package var takesEvents = false
        /// `state#visit`: the same for all steps of one wait.
        package var id: String
    }
}

/// What a driver tells a run, with the instant at which it came.
package struct Reply: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        case answer(Response)
        case event(Event)
        case signal(name: String, payload: Value)
        case failure(Failure)
        /// Time has passed.
        case woke
        /// Look at the objects again.
        case look
    }

    package enum Failure: String, Sendable, Hashable {
        /// The request never left.
        case unsent
        /// It left, and nobody knows whether it was applied.
        case unknown
        /// It was not taken, and a repeat will fare no better: a certificate that is not trusted, a peer that is no API.
        case refused
    }

    package var content: Content
    package var at: Instant
    /// Of a failure: what happened, for people. It decides nothing.
    package var reason: String

    package init(_ content: Content, at: Instant, reason: String = "") {
        self.content = content
        self.at = at
        self.reason = reason
    }
}

/// Why a run cannot go on.
package struct Violation: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The flow or the world did what they must not.
        case failed
        /// No key, no permission, no connection.
        case cannotRun
        /// Nobody knows whether the last call was applied.
        case outcomeUnknown
    }
    package var kind: Kind
    package var finding: Finding
    /// The conditions that decided, with the values of their parts.
    package var conditions: [ExplainedTree]
    /// What the documentation says instead.
    package var rows: [DocumentedRow]

    package init(
        kind: Kind, finding: Finding, conditions: [ExplainedTree] = [], rows: [DocumentedRow] = []
    ) {
        self.kind = kind
        self.finding = finding
        self.conditions = conditions
        self.rows = rows
    }
}

/// A row of a lifecycle that a violation speaks of.
package struct DocumentedRow: Sendable, Hashable {
    package var lifecycle: String
    /// `P14`
    package var id: String
    package var operation: String
    /// Where it leads; nil: nothing changes, the call is refused.
    package var status: String?
    /// The text of the footnote that it stands under.
    package var footnote: String?
    /// The page that it follows.
    package var docs: String
}

/// The findings of runs. Codes are stable for ever.
package enum RunCode: String, Sendable, CaseIterable {
    case undocumentedStatus = "FG0701"
    case unhandledStatus = "FG0702"
    case unhandledError = "FG0703"
    case assertionFailed = "FG0704"
    case eventMissing = "FG0705"
    case endlessLoop = "FG0706"
    case expressionFailed = "FG0707"
    case unboundObject = "FG0708"
    case cannotRun = "FG0709"
    case outcomeUnknown = "FG0710"
    case keyMisused = "FG0711"
    case unreadableAnswer = "FG0712"
    case badInput = "FG0713"
    case stuck = "FG0714"
    case wrongFlow = "FG0715"
    case takesTooLong = "FG0716"
    case liveObject = "FG0717"
    case interrupted = "FG0718"
}
