// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
package import FaregateValues
package import FaregateWire

/// The simulated provider, as a plain value: objects, stored answers, what is about to happen by itself.
///
/// Ids come from idempotency keys and the seed, never from a counter of the whole world: the same steps in another order
/// give the same objects. ``Simulator`` moves it.
package struct World: Sendable, Hashable {
    package var seed: String
    package var now: Instant
    package var profile: String
    /// The version in which the account renders its events.
    package var accountVersion: String
    /// Where the pages are that customers are sent to.
    package var pages = "https://hooks.stripe.com"
    package var objects: [String: Object] = [:]
    /// Ids by the number of their lifecycle, in the order in which their objects came into being.
    package var kinds: [[String]] = []
    package var answers: [String: Stored] = [:]
    var schedule = Schedule()
    /// All events, oldest first.
    package var events: [Event] = []
    /// Where an event stands among them, by its id.
    package private(set) var eventPlaces: [String: Int] = [:]
    /// How many of them the driver has taken.
    package var taken = 0
    /// Requests without a key, by what they ask: only to tell two of them apart.
    package var keyless: [String: Int] = [:]
    /// Whether steps are written down; they only grow.
    package var keepsJournal = false
    /// By object, oldest first.
    package var journal: [String: [Step]] = [:]

    package init(seed: String, now: Instant, profile: String = "documented", accountVersion: String) {
        self.seed = seed
        self.now = now
        self.profile = profile
        self.accountVersion = accountVersion
    }

    package struct Object: Sendable, Hashable {
        package var id: String
        package var lifecycle: Int
        package var status: Int
        /// What the API shows, the status not included.
        package var body: ValueMap
        /// What it does not show.
        package var attributes: ValueMap = [:]
        /// Counts entries into a status: a move that was planned for an earlier one is void.
        package var entry = 0
        /// The place among the objects of its kind.
        package var place = 0
        /// Counts changes, for the ids of events.
        package var changes = 0
    }

    package struct Stored: Sendable, Hashable {
        package var digest: StableHash
        package var response: Response
        /// When it was stored.
        package var at: Instant
    }

    /// For how many milliseconds an answer is kept under its key. "At least" 24 hours, says the documentation; no longer here.
    private static let keepsAnswers: Int64 = 24 * 3_600_000

    /// The answer that stands under a key; nil where there is none, or none any more.
    package func stored(_ key: String) -> Stored? {
        guard let stored = answers[key],
            now.milliseconds - stored.at.milliseconds < Self.keepsAnswers
        else { return nil }
        return stored
    }

    /// Something that will happen by itself unless the object leaves its status before.
    package struct Move: Sendable, Hashable {
        package var due: Instant
        package var object: String
        package var entry: Int
        package var cause: Cause

        package enum Cause: Sendable, Hashable {
            case choice(Lifecycle.Choice, argument: String?)
            case clock(row: String)
        }
    }

    /// Lets go of everything, for the one who has a copy.
    mutating func giveAway() {
        objects = [:]
        kinds = []
        answers = [:]
        schedule = Schedule()
        events = []
        eventPlaces = [:]
        journal = [:]
    }

    mutating func append(_ event: Event) {
        eventPlaces[event.id] = events.count
        events.append(event)
    }

    package func event(_ id: String) -> Event? {
        guard let place = eventPlaces[id], place < events.count else { return nil }
        return events[place]
    }

    /// The ids of all objects of a lifecycle, oldest first.
    package func ids(of lifecycle: Int) -> [String] { lifecycle < kinds.count ? kinds[lifecycle] : [] }

    /// Puts a new object into the world. A repeat of a request that was refused makes the same objects again.
    mutating func add(_ object: Object) {
        var object = object
        if let former = objects[object.id] {
            object.place = former.place
        } else {
            while kinds.count <= object.lifecycle { kinds.append([]) }
            object.place = kinds[object.lifecycle].count
            kinds[object.lifecycle].append(object.id)
        }
        objects[object.id] = object
    }

    /// The instant of the next thing that happens by itself.
    package var nextMove: Instant? { schedule.next }

    /// All that is about to happen by itself, in the order in which it was planned. Takes time: for those who look at whole worlds.
    package var moves: [Move] {
        get { schedule.moves }
        set { schedule = Schedule(newValue) }
    }

    /// The events since the last time, oldest first.
    package mutating func takeEvents() -> [Event] {
        defer { taken = events.count }
        return Array(events[taken...])
    }
}

/// A question to an actor: what the documentation leaves open.
package struct Decision: Sendable, Hashable {
    package var actor: String
    package var object: String
    package var lifecycle: String
    /// What may be chosen; the first is the default.
    package var offers: [String]
    /// The test token that the payment method in use was made from.
    package var token: String?
    /// Names of cases that the token may treat differently, the most special first.
    package var situations: [String]

    package init(
        actor: String, object: String, lifecycle: String, offers: [String], token: String? = nil,
        situations: [String] = []
    ) {
        self.actor = actor
        self.object = object
        self.lifecycle = lifecycle
        self.offers = offers
        self.token = token
        self.situations = situations
    }
}

/// What a provider answers instead of doing what was asked.
package struct Refusal: Error, Sendable, Hashable {
    package var status: Int
    /// The members of `error`.
    package var error: ValueMap
    /// Whether the answer is kept for the request's key. Failed validations are not.
    package var isKept: Bool
    /// What `Stripe-Should-Retry` says, where it is sent.
    package var shouldRetry: Bool?

    package init(status: Int, error: ValueMap, isKept: Bool = true, shouldRetry: Bool? = nil) {
        self.status = status
        self.error = error
        self.isKept = isKept
        self.shouldRetry = shouldRetry
    }
}
