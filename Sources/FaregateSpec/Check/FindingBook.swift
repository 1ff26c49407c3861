// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import FaregateValues

/// Findings of a search, one for each thing that is wrong, with the most believable and shortest story of each.
struct FindingBook {
    /// One occurrence of something wrong.
    struct Entry {
        var code: CheckCode
        var severity: Finding.Severity
        var state: Int
        /// What tells it from other findings of the same code in the same state.
        var subject: String
        var span: Span
        var message: String
        var label = ""
        /// Why, as clauses that "because" may stand before.
        var because: [String] = []
        var help: String?
        /// What comes behind the arrow of the story.
        var arrow: String?
        var configuration: UInt32?
        var checkCase: CheckCase?
        var tier: Tier
        var assumption: String?
        var related: [Finding.Mark] = []
        /// A status that a wait passes over in silence where it was there on entry.
        var waiting: Int?
        /// The statuses in which a wait may be for ever.
        var met: [Int] = []
    }

    struct Key: Hashable {
        var code: CheckCode
        var state: Int
        var subject: String
    }

    struct Record {
        var entry: Entry
        var cases: [CheckCase]
        /// The profiles in which it comes about for the very reasons that are told.
        var profiles: Set<Int?>
    }

    private(set) var records: [Record] = []
    private var places: [Key: Int] = [:]

    mutating func note(_ entry: Entry, _ explorer: Explorer) {
        let key = Key(code: entry.code, state: entry.state, subject: entry.subject)
        guard let at = places[key] else {
            places[key] = records.count
            records.append(
                Record(
                    entry: entry, cases: [entry.checkCase].compactMap { $0 }, profiles: [entry.checkCase?.profile]))
            return
        }
        let isLikelier = entry.tier < records[at].entry.tier
        if isLikelier {
            records[at].entry = entry
            records[at].profiles = []
        }
        if entry.because == records[at].entry.because { records[at].profiles.insert(entry.checkCase?.profile) }
        if let item = entry.checkCase {
            // Cases in which it only happens in a less believable way are not counted.
            if isLikelier { records[at].cases = [] }
            if entry.tier == records[at].entry.tier, !records[at].cases.contains(item) {
                records[at].cases.append(item)
            }
        }
    }

    func contains(_ code: CheckCode, state: Int) -> Bool {
        records.contains { $0.entry.code == code && $0.entry.state == state }
    }

    mutating func removeAll(where isUnwanted: (Entry) -> Bool) {
        records.removeAll { isUnwanted($0.entry) }
        places = [:]
        for (at, record) in records.enumerated() {
            places[Key(code: record.entry.code, state: record.entry.state, subject: record.entry.subject)] = at
        }
    }
}
