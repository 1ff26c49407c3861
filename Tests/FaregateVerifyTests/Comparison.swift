// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateEngine
import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateText
import FaregateValues
import Foundation

/// One flow, checked by the check and by the naive one.
struct Comparison {
    let flow: FlowGraph
    let report: CheckReport
    let outcome: NaiveChecker.Outcome
    private let naive: NaiveChecker
    private let profiles: [String]

    static let pack = StripePack.standard

    /// - Parameter texts: the flow, then those that it runs. nil where one of them cannot be read.
    init?(
        _ texts: [String], visits: Int = 5, limit: Int = 20_000, profiles: [String] = ["documented", "seed"]
    ) {
        let catalog = Self.pack.catalog
        var flows: [FlowGraph] = []
        for (number, text) in texts.enumerated() {
            let (flow, findings) = FlowDecoder.decode(
                SourceText(path: "flow\(number).yaml", text: text), catalog: catalog)
            guard let flow, findings.allSatisfy({ $0.severity != .error || $0.code == SpecCode.unreachable.rawValue })
            else { return nil }
            flows.append(flow)
        }
        flow = flows[0]
        let set = FlowSet(flows)
        report = FlowChecker(flows: set, catalog: catalog).check(0)
        var naive = NaiveChecker(
            interpreter: Interpreter(flows: set, catalog: catalog),
            simulator: Simulator(catalog: catalog, provider: Self.pack.provider))
        naive.visits = visits
        naive.limit = limit
        self.naive = naive
        outcome = naive.explore(profiles: profiles)
        self.profiles = profiles
    }

    /// The findings whose story no run has lived through: its states in its order, ending as it says.
    var untoldStories: [String] {
        report.findings.compactMap { finding in
            guard let code = CheckCode(rawValue: finding.code), [.unhandledStatus, .unhandledError].contains(code),
                finding.severity == .error, !finding.notes.contains(where: { $0.hasPrefix("assumes") }),
                profiles.count > 1 || !finding.notes.contains(where: { $0.hasPrefix("only in the profile") }),
                let note = finding.notes.first(where: { $0.hasPrefix("story: ") }), !note.contains("…")
            else { return nil }
            let parts = note.dropFirst("story: ".count).components(separatedBy: " -> ")
            var playing = naive
            playing.limit = 2000
            playing.story = parts[0].components(separatedBy: ", ")
            let subject = Self.subject(of: finding)
            // Some stories need an answer that is lost: its repeat is read again before it counts.
            for mayLose in [false, true] {
                playing.mayLose = mayLose
                let played = playing.explore(profiles: [profiles[0]])
                let isTrue = played.problems.contains { problem, path in
                    path == playing.story && problem.state == playing.story!.last
                        && problem.subject.contains(subject)
                }
                if isTrue || !played.isComplete { return nil }
            }
            return "\(finding.code) \(note)"
        }
    }

    /// Whatever one of the two says and the other one denies.
    var disagreements: [String] {
        outcome.problems.keys.filter { !isPredicted($0) }.map { problem in
            "not predicted: \(problem.kind) \(problem.subject) in '\(problem.state)': \(problem.message)"
                + " [\(outcome.problems[problem]!.joined(separator: ", "))]"
        }.sorted() + report.findings.compactMap(denial)
    }

    /// A finding's state: the last one that begins before it.
    func state(of finding: Finding) -> FlowGraph.State? {
        flow.states.filter { $0.span.start.line <= finding.span.start.line }.max {
            $0.span.start.line < $1.span.start.line
        }
    }

    func findings(_ code: CheckCode, in state: String) -> [Finding] {
        report.findings.filter { $0.code == code.rawValue && self.state(of: $0)?.name == state }
    }

    private func isPredicted(_ problem: NaiveChecker.Problem) -> Bool {
        func has(_ code: CheckCode) -> Bool { !findings(code, in: problem.state).isEmpty }
        switch problem.kind {
        case .status:
            // Guards over data that let nothing through are nothing that the check knows of.
            if problem.message.hasPrefix("no edge") { return true }
            return findings(.unhandledStatus, in: problem.state).contains {
                Self.subject(of: $0) == problem.subject[0]
            } || has(.neverAllowed)
        case .error:
            return findings(.unhandledError, in: problem.state).contains {
                problem.subject.contains(Self.subject(of: $0))
            } || has(.neverAllowed) || has(.deadReference)
        // What is asserted of data is known to runs alone.
        case .assertion: return true
        case .unbound: return has(.unboundObject)
        case .stuck: return has(.endlessWait) || has(.unhandledStatus)
        case .other:
            let isComputed = problem.subject != [RunCode.expressionFailed.rawValue]
            return !isComputed && (has(.assertionFails) || has(.unboundObject))
        }
    }

    /// The last name in a finding's message.
    static func subject(of finding: Finding) -> String {
        let parts = finding.message.split(separator: "'", omittingEmptySubsequences: false)
        return parts.count > 3 ? String(parts[3]) : ""
    }

    /// What the naive check has to say against a finding; nil: nothing.
    private func denial(_ finding: Finding) -> String? {
        guard let code = CheckCode(rawValue: finding.code), let state = state(of: finding)?.name else { return nil }
        let names = finding.message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        let line = "\(finding.code) \(finding.message) \(finding.notes)"
        let isCertain =
            finding.severity == .error && report.verdict == .proven && !outcome.isCut
            && !finding.notes.contains { $0.hasPrefix("assumes") }
            && (profiles.count > 1 || !finding.notes.contains { $0.hasPrefix("only in the profile") })
        switch code {
        case .deadState: return outcome.reached.contains(names[1]) ? "reached all the same: \(line)" : nil
        case .deadEdge where finding.message.hasPrefix("'") && names.count > 3 && names[2].contains("can never happen"):
            return outcome.taken.contains("\(names[3])/\(names[1])") ? "taken all the same: \(line)" : nil
        case .deadCatch: return outcome.refused.contains("\(names[3])/\(names[1])") ? "it came: \(line)" : nil
        case .neverAllowed: return outcome.allowed.contains(state) ? "allowed all the same: \(line)" : nil
        case .unhandledStatus where isCertain:
            let subject = Self.subject(of: finding)
            let isReal = outcome.problems.keys.contains {
                $0.kind == .status && $0.state == state && $0.subject[0] == subject
            }
            return isReal ? nil : "never happens: \(line)"
        case .unhandledError where isCertain:
            let subject = Self.subject(of: finding)
            let isReal = outcome.problems.keys.contains {
                $0.kind == .error && $0.state == state && $0.subject.contains(subject)
            }
            return isReal ? nil : "never happens: \(line)"
        case .endlessWait where isCertain:
            let isReal = outcome.problems.keys.contains { $0.kind == .stuck && $0.state == state }
            return isReal ? nil : "always ends: \(line)"
        case .unboundObject where isCertain:
            let isReal = outcome.problems.keys.contains {
                ($0.kind == .unbound || $0.subject == [RunCode.expressionFailed.rawValue]) && $0.state == state
            }
            return isReal ? nil : "bound all the same: \(line)"
        default: return nil
        }
    }
}
