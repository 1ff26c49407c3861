// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
package import FaregateText
import FaregateValues

/// The documented state machine of one kind of object.
///
/// Only ``LifecycleGraph`` interprets its rows.
package struct Lifecycle: Sendable, Hashable {
    package var name: String
    /// What its ids begin with: `pi`.
    package var prefix: String
    package var docs: String
    package var file: String
    package var statuses: [Status]
    package var footnoteTexts: [Int: String]
    package var operations: [Operation]
    package var actors: [Actor]
    /// Finite fields that rows name and the API does not show.
    package var attributes: [String]
    /// Named conditions that rows use.
    package var facts: [Fact]
    package var references: [Reference]
    package var rows: [Row]
    /// How to tell the status of an object that has no such field: CEL over `object`, giving a list of status names.
    package var statusExpression: Expression?
    /// The code of a refusal that no row describes; nil: an error without a code.
    package var refusal: String?
    /// Where the last attempt's error stands in the object: `last_payment_error`.
    package var errorField: String?

    package struct Status: Sendable, Hashable {
        package var name: String
        package var terminal: Bool
        /// Money is held while an object rests here.
        package var holds: Bool
        package var footnote: Int?
        /// The name before a version: `requires_source` before `2019-02-11`.
        package var former: FormerName?
        package var span: Span
    }

    package struct FormerName: Sendable, Hashable {
        package var before: String
        package var name: String
    }

    package struct Operation: Sendable, Hashable {
        package var name: String
        /// `POST /v1/payment_intents/{id}/confirm`; nil for a step that only other rows take.
        package var route: Route?
        package var span: Span
    }

    package struct Route: Sendable, Hashable {
        package var method: String
        /// Path segments; `{id}` stands for the object's id.
        package var segments: [String]

        package init(method: String, segments: [String]) {
            self.method = method
            self.segments = segments
        }

        package var takesID: Bool { segments.contains("{id}") }
        package func path(id: String?) -> String {
            "/" + segments.map { $0 == "{id}" ? id ?? "" : $0 }.joined(separator: "/")
        }
    }

    package struct Actor: Sendable, Hashable {
        package var name: String
        /// The first one is the default.
        package var choices: [String]
    }

    package struct Fact: Sendable, Hashable {
        package var name: String
        package var condition: Expression
    }

    /// Another object that rows may ask, move or create.
    package struct Reference: Sendable, Hashable {
        package var name: String
        package var lifecycle: String
        /// Where its id stands, the first that is there wins: `params.payment_method`, `object.payment_method`.
        package var by: [String] { paths.map { "\($0.holder).\($0.path)" } }
        /// The same, cut at the first dot: a simulation looks there at every step.
        package var paths: [Path]
        /// The field of this object that names a created one: `latest_charge`.
        package var field: String?
        /// The field of the *other* object that names this one (a mandate's `payment_method`).
        package var inverse: String?

        package struct Path: Sendable, Hashable {
            package var holder: String
            package var path: String
            /// Whether the path has a single step.
            package var isField: Bool
        }

        package init(
            name: String, lifecycle: String, by: [String], field: String? = nil, inverse: String? = nil
        ) {
            self.name = name
            self.lifecycle = lifecycle
            paths = by.map { text in
                let steps = text.split(separator: ".", maxSplits: 1).map(String.init)
                let path = steps.count > 1 ? steps[1] : ""
                return Path(holder: steps.first ?? "", path: path, isField: !path.contains("."))
            }
            self.field = field
            self.inverse = inverse
        }
    }

    package enum Trigger: Sendable, Hashable {
        /// Asked for by the client; some actor may decide.
        case call(operation: Int, choice: Choice?)
        /// Happens by itself, as an actor decides.
        case choice(Choice)
        /// Happens by itself when time has passed.
        case clock
    }

    package struct Choice: Sendable, Hashable {
        package var actor: String
        package var name: String

        package init(actor: String, name: String) {
            self.actor = actor
            self.name = name
        }

        package var words: String { "\(actor) \(name)" }
    }

    package enum Outcome: Sendable, Hashable {
        case to(Int)
        case stay
        /// Nothing changed; the code of the error, "" for an error without a code.
        case refuse(String)
    }

    /// What a row does to another object.
    package struct SideEffect: Sendable, Hashable {
        package var reference: String
        package var status: String
        package var condition: Expression?
    }

    package struct Row: Sendable, Hashable {
        package var id: String
        package var trigger: Trigger
        /// Empty: there is no object yet.
        package var from: StatusSet
        package var condition: Expression?
        package var outcome: Outcome
        /// The operation that goes on from here in the same request.
        package var then: Int?
        /// It happened and the answer is an error all the same: its code, "" for none.
        package var error: Template?
        /// The parameter that the error blames.
        package var param: String?
        package var http: Int?
        package var sets: [Template.Member]
        package var events: [String]
        package var also: [SideEffect]
        package var creates: [SideEffect]
        /// When a choice or the clock acts, counted from the entry into the status.
        package var after: Template?
        package var rare: Bool
        package var since: String?
        package var before: String?
        package var profile: String?
        package var footnote: Int?
        package var span: Span
    }
}

/// A set of statuses of one lifecycle, by their numbers.
package struct StatusSet: Sendable, Hashable {
    package var bits: UInt32

    package init(bits: UInt32 = 0) { self.bits = bits }
    package init(_ statuses: some Sequence<Int>) {
        bits = 0
        for status in statuses { insert(status) }
    }

    package var isEmpty: Bool { bits == 0 }
    package var first: Int? { bits == 0 ? nil : bits.trailingZeroBitCount }
    package var members: [Int] {
        var members: [Int] = []
        members.reserveCapacity(bits.nonzeroBitCount)
        var rest = bits
        while rest != 0 {
            members.append(rest.trailingZeroBitCount)
            rest &= rest - 1
        }
        return members
    }
    package func contains(_ status: Int) -> Bool { bits & (1 << UInt32(status)) != 0 }
    package mutating func insert(_ status: Int) { bits |= 1 << UInt32(status) }
    package mutating func formUnion(_ other: StatusSet) { bits |= other.bits }
    package func intersection(_ other: StatusSet) -> StatusSet { StatusSet(bits: bits & other.bits) }
    package func union(_ other: StatusSet) -> StatusSet { StatusSet(bits: bits | other.bits) }
}

extension Lifecycle {
    package func status(named name: String) -> Int? { statuses.firstIndex { $0.name == name } }
    package func operation(named name: String) -> Int? { operations.firstIndex { $0.name == name } }
    package func reference(named name: String) -> Reference? { references.first { $0.name == name } }
    package func actor(named name: String) -> Actor? { actors.first { $0.name == name } }

    /// A status by the name that it has in a version of the API.
    package func status(named name: String, version: String) -> Int? {
        statuses.firstIndex { $0.name(in: version) == name }
    }

    package func names(_ set: StatusSet) -> [String] { set.members.map { statuses[$0].name } }
    package var all: StatusSet { StatusSet(statuses.indices) }
}

extension Lifecycle.Status {
    /// Versions compare by their date, which they begin with.
    package func name(in version: String) -> String {
        if let former, version.prefix(10) < former.before.prefix(10) { return former.name }
        return name
    }
}
