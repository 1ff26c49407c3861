// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
import FaregateValues
import FaregateVerify

/// What to test.
public struct TestSelection: Sendable {
    /// The path of a file, and a scenario's name, the title of one of its cells, or nothing for all of them.
    public var scenarios: [(path: String, scenario: String?)]
    /// Parts of the names of flows and scenarios, in any case; one of them is enough. Empty: everything.
    public var filters: [String] = []
    /// One part of several that are tested apart from each other; nil: everything.
    public var shard: Shard?

    public init(
        scenarios: [(path: String, scenario: String?)] = [], filters: [String] = [], shard: Shard? = nil
    ) {
        self.scenarios = scenarios
        self.filters = filters
        self.shard = shard
    }

    /// Everything.
    public static let all = TestSelection()

    /// One of several parts of all scenarios. Together the parts are everything, and no two of them overlap.
    ///
    /// A scenario's part depends on its name and its flow's, not on what else there is.
    public struct Shard: Sendable, Hashable {
        /// From 1.
        public var number: Int
        public var count: Int

        /// `1/4`; nil for anything else.
        public init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1,
                (1...count).contains(number)
            else { return nil }
            self.number = number
            self.count = count
        }

        func includes(_ flow: String, _ scenario: String) -> Bool {
            StableHash("\(flow)\u{1f}\(scenario)").low % UInt64(count) == UInt64(number - 1)
        }
    }
}

extension TestSelection {
    func names(_ flow: FlowGraph, _ scenario: Scenario) -> Bool {
        scenarios.isEmpty
            || scenarios.contains { $0.path == flow.file && ($0.scenario.map(scenario.isMeant) ?? true) }
    }

    func filtersIn(_ flow: FlowGraph, _ scenario: Scenario) -> Bool {
        filters.isEmpty || filters.contains { Self.matches($0, flow.name) || Self.matches($0, scenario.name) }
    }

    func includes(_ flow: FlowGraph, _ scenario: Scenario) -> Bool {
        names(flow, scenario) && filtersIn(flow, scenario)
            && shard?.includes(flow.name, scenario.name) ?? true
    }

    /// Whether one cell of a scenario that is included is.
    func includes(_ flow: FlowGraph, _ item: ScenarioCase) -> Bool {
        scenarios.isEmpty
            || scenarios.contains { chosen in
                chosen.path == flow.file
                    && (chosen.scenario.map { $0 == item.scenario.name || $0 == item.title } ?? true)
            }
    }

    static func matches(_ filter: String, _ name: String) -> Bool {
        name.lowercased().contains(filter.lowercased())
    }
}

extension Scenario {
    /// Whether a text is its name, or looks like the title of one of its cells.
    func isMeant(_ text: String) -> Bool { text == name || (text.hasPrefix("\(name) [") && text.hasSuffix("]")) }
}

extension FlowLibrary {
    /// Why a selection leaves nothing to test, or not what it was meant to; nil where nothing is wrong with it.
    ///
    /// A shard may be empty: the scenarios are in others.
    public func problem(with selection: TestSelection) -> String? {
        for filter in selection.filters {
            var only = selection
            only.filters = [filter]
            let matches = flows.graphs.contains { flow in
                flow.scenarios.contains { only.names(flow, $0) && only.filtersIn(flow, $0) }
            }
            if matches { continue }
            let flows = flows.graphs.filter { flow in flow.scenarios.contains { selection.names(flow, $0) } }
            let names = flows.map(\.name) + flows.flatMap { $0.scenarios.map(\.name) }
            let words = names.flatMap { $0.split { !$0.isLetter && !$0.isNumber }.map(String.init) }.filter {
                $0.count > 3
            }
            let closest = Spelling.closest(to: filter, among: names) ?? Spelling.closest(to: filter, among: words)
            let hint = closest.map { ", did you mean '\($0)'?" } ?? ""
            return "no flow or scenario has '\(filter)' in its name\(hint)\nflows: "
                + flows.map(\.name).joined(separator: ", ")
        }
        let isEmpty = !flows.graphs.contains { flow in
            flow.scenarios.contains { selection.names(flow, $0) && selection.filtersIn(flow, $0) }
        }
        return isEmpty ? "no scenario was selected" : nil
    }
}
