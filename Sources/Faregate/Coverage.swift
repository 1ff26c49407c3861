// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What scenarios have taken of the documentation and of the flows, and what nobody took.
public struct Coverage: Sendable, Hashable {
    /// One thing that can be taken: a row of a lifecycle, an edge of a flow.
    public struct Item: Sendable, Hashable {
        /// `P61`, `customer abandons` or `charge -> declined`.
        public var name: String
        /// The scenarios that took it, `flow: scenario`, in the order of the files.
        public var scenarios: [String]

        public var isTaken: Bool { !scenarios.isEmpty }
    }

    /// The rows of one lifecycle, or the edges of one flow.
    public struct Group: Sendable, Hashable {
        public var name: String
        public var items: [Item]

        public var taken: Int { items.count { $0.isTaken } }
        public var missing: [String] { items.filter { !$0.isTaken }.map(\.name) }
    }

    /// The rows of each lifecycle, by their ids.
    public var lifecycles: [Group] = []
    /// The footnotes of each lifecycle: a run has met what they say.
    public var footnotes: [Group] = []
    /// Calls that no row answers in a status, `capture in succeeded`: they were tried, and refused.
    public var refusals: [Group] = []
    /// What each lifecycle's actors may choose: `customer abandons`.
    public var choices: [Group] = []
    /// The edges of each flow: `charge -> declined`.
    public var flows: [Group] = []

    /// All groups under the words that reports use for them.
    public var sections: [(title: String, key: String, groups: [Group])] {
        [
            ("rows of the lifecycles", "lifecycles", lifecycles), ("footnotes", "footnotes", footnotes),
            ("refused calls", "refusals", refusals), ("choices of the actors", "choices", choices),
            ("edges of the flows", "flows", flows),
        ]
    }

    /// Of everything that can be taken, in percent.
    public var percent: Double {
        let all = sections.flatMap(\.groups).flatMap(\.items)
        return all.isEmpty ? 100 : Double(all.count { $0.isTaken }) * 100 / Double(all.count)
    }
}
