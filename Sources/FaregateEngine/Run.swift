// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
package import FaregateValues
package import FaregateWire

/// One execution of a flow, as a plain value: all that survives a pause.
///
/// It has no clock, no socket and no closure. ``Interpreter`` moves it from reply to reply.
package struct Run: Sendable, Hashable {
    /// Names the run in idempotency keys and traces.
    package var id: String
    package var flow: String
    /// Of the flow's file: a run goes on only with the file that it began with.
    package var digest: String
    /// The API version that requests ask for.
    package var version: String
    package var profile: String
    /// The flow and the sub-flows that run in it, innermost last.
    package var frames: [Frame]
    /// What was read of each object, by id.
    package var snapshots: [String: Snapshot] = [:]
    package var phase: Phase = .idle
    package var inbox: [Hint] = []
    package var obligations: [Obligation] = []
    package var heard: [Heard] = []
    package var seenEvents: Set<String> = []
    /// The instant of the last reply.
    package var now: Instant
    /// What the last answer's error said, for the edges of the state that got it.
    package var error: Value?
    /// How long to go on listening for events that are due when the flow has ended.
    package var grace: Duration
    /// Keys that the flow gives itself are made the run's own: runs of one account are to know nothing of each other.
    package var ownsKeys = false

    package struct Frame: Sendable, Hashable {
        package var flow: Int
        package var state: Int
        package var visits: [Int]
        package var entered: Instant
        package var inputs: ValueMap
        /// The id that each object's name is bound to.
        package var objects: [String?]
        /// The last payload of each signal.
        package var signals: [Value?]
        /// What sub-flows gave back, by the state that ran them.
        package var outputs: ValueMap = [:]
        /// `deposit#1/`: the way to this frame, for keys.
        package var path: String
    }

    package struct Snapshot: Sendable, Hashable {
        package var id: String
        package var lifecycle: Int
        package var body: Value
        package var status: Int?
        /// All statuses that agree with everything read so far.
        package var belief: StatusSet
        /// Something was said of the object that was not read yet.
        package var dirty: Bool
    }

    package enum Phase: Sendable, Hashable {
        case idle
        case calling(PendingCall)
        case waiting(PendingWait)
        /// A repeat is due at an instant.
        case paused(PendingCall, until: Instant)
        /// The flow has ended; events may still be due.
        case settling(Outcome, until: Instant)
        case done(Outcome)
        case failed(Violation)
    }

    package struct PendingCall: Sendable, Hashable {
        package enum Purpose: Sendable, Hashable {
            /// A `call:` state.
            case state
            /// A wait wants to know.
            case look
            /// A wait's time is over: one last look.
            case lastLook
        }
        package var purpose: Purpose
        package var key: String
        package var object: Int
        package var operation: Int
        /// nil: the call makes the object.
        package var objectID: String?
        package var request: Request
        package var attempt: Int
        /// Whether an attempt may have been applied: it got no answer, or a broken server's. No later failure settles that.
        package var inDoubt = false
        package var budget: Int
        /// How long an answer may take; nil for the driver's own measure.
        package var timeout: Duration?
        package var sentAt: Instant
        /// When the first attempt was sent: events that it caused may be older than its repeat.
        package var firstSentAt: Instant
        /// Whether the object was dirty when the call was sent.
        package var wasDirty: Bool
        /// The wait to return to.
        package var wait: PendingWait?
    }

    package struct PendingWait: Sendable, Hashable {
        package var deadline: Instant?
        /// Edges that led to `stay` and are not to be taken again for the same status.
        package var handled: [FlowGraph.Key] = []
    }

    /// A signal or an event that no state has used yet.
    package enum Hint: Sendable, Hashable {
        case signal(name: String, payload: Value)
        case event(type: String, body: Value)
    }

    package struct Heard: Sendable, Hashable {
        package var type: String
        package var objectID: String
        package var at: Instant
        package var body: Value
    }

    /// An event that must be sent because of a call.
    package struct Obligation: Sendable, Hashable {
        package var obligation: FlowGraph.Obligation
        package var state: String
        package var objectID: String?
        package var lifecycle: String
        package var since: Instant
    }

    package struct Outcome: Sendable, Hashable {
        package var final: String
        package var kind: FlowGraph.Final.Kind
        package var outputs: Value
    }

    package var frame: Frame {
        get { frames[frames.count - 1] }
        set { frames[frames.count - 1] = newValue }
    }

    package var isOver: Bool {
        switch phase {
        case .done, .failed: true
        default: false
        }
    }
}
