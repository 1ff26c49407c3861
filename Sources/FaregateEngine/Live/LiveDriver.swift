// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
package import FaregateValues
import FaregateWire

/// Joins a run and a transport: real time, real answers, events as they come in.
package struct LiveDriver: Sendable {
    package let interpreter: Interpreter
    package let transport: any Transport
    package let clock: LiveClock
    /// Where events come in; nil where nobody listens, and the API's list of events is read instead.
    package var post: PostOffice?
    package var interruption = Interruption()
    /// Hears of the objects that runs make and clean up.
    package var leftovers = Leftovers()
    /// Goes to the pages that customers are sent to.
    package var customer: (any Customer)?
    /// Where a mock keeps the page of an object whose `next_action` names none; nil where there is no such place.
    package var page: (@Sendable (_ id: String) -> String)?
    /// Objects of a live account end the run.
    package var isTestMode = true
    /// How long a wait may take.
    package var patience = Duration(seconds: 150)
    /// The first pause between two looks at an object.
    package var firstPoll = Duration(seconds: 3)
    /// The longest.
    package var longestPoll = Duration(seconds: 60)

    package init(interpreter: Interpreter, transport: any Transport, clock: LiveClock) {
        self.interpreter = interpreter
        self.transport = transport
        self.clock = clock
    }

    package struct Result: Sendable {
        package var run: Run
        package var trace: Trace
        package var started: Instant
        package var cleanup: [CleanupOutcome]
        package var wasInterrupted: Bool
    }

    /// Plays a run to its end; then cleans up, whatever the end was.
    ///
    /// - Parameters:
    ///   - expected: types of events to wait for when the flow has ended, as long as its grace lasts.
    ///   - listen: hears of each entry of the trace when it stands.
    package func run(
        _ start: Interpreter.Start, actors: some LiveActors, expecting expected: [String] = [],
        listen: @escaping @Sendable (Trace.Entry) -> Void = { _ in }
    ) async -> Result {
        let session = LiveSession(driver: self, start: start, actors: actors, listen: listen)
        return await session.play(expecting: expected)
    }
}

/// Goes to the page that a customer is sent to.
package protocol Customer: Sendable {
    /// - Returns: what went wrong; nil where the page was left as the choice says.
    func visit(_ page: CustomerPage) async -> String?
}

/// Where a customer is sent, and what they are to do there.
package struct CustomerPage: Sendable, Hashable {
    package var address: String
    package var objectID: String
    /// `authorizes`, `refuses`, `abandons`.
    package var choice: String

    package init(address: String, objectID: String, choice: String) {
        self.address = address
        self.objectID = objectID
        self.choice = choice
    }
}

/// The choices of those whom a driver plays itself: the business, and the customer where one is asked for.
package protocol LiveActors: AnyObject, Sendable {
    /// What the customer of an object does, in a run that stands in these states.
    func customer(of object: String, in places: [String]) -> String
    /// The signal that the business sends when a state listens for some, and after how long.
    func business(
        _ signals: [String], in places: [String], _ interpreter: Interpreter, _ run: Run
    ) throws(Violation) -> (name: String, payload: Value, after: Duration?)?
}
