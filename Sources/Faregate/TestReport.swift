// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateRender
public import FaregateText
import FaregateValues

/// How one case of a scenario went.
public struct CaseOutcome: Sendable {
    public var flow: String
    public var path: String
    public var scenario: String
    /// `declined [reason=lost_card]`
    public var title: String
    public var findings: [Finding]
    /// The final state that the run came to; nil where it did not end.
    public var final: String?
    /// The states that it came through, those of sub-flows with their path.
    public var states: [String]
    /// The run could not be made at all.
    public var couldNotRun: Bool
    /// Why it was not run: it cannot be brought about on this transport. Neither a pass nor a failure.
    public var skipped: String?
    /// The command line that runs it again.
    public var rerun: String

    public var passed: Bool { findings.isEmpty && skipped == nil }

    init(_ item: CaseRecord) {
        flow = item.flow
        path = item.file
        scenario = item.scenario
        title = item.title
        findings = item.failure?.findings ?? []
        final = item.final
        states = item.path
        couldNotRun = item.status == .couldNotRun
        skipped = item.status == .skipped ? item.whyLeftOut : nil
        rerun = item.rerun
    }
}

/// How the scenarios of a library went, in the order of the files.
public struct TestReport: Sendable {
    package var record: TestRecord
    /// What the scenarios have taken of the lifecycles and of the flows.
    public var coverage = Coverage()

    init(_ record: TestRecord) {
        self.record = record
        outcomes = record.cases.filter { $0.status != .notRun }.map(CaseOutcome.init)
    }

    /// What was run.
    public let outcomes: [CaseOutcome]
    /// What is wrong with scenarios as such: matrices without cells, choices that nobody asked for.
    public var findings: [Finding] { record.findings }
    public var seed: String { record.seed }
    public var passed: Bool { record.passed }
    public var couldNotRun: Bool { outcomes.contains(where: \.couldNotRun) }
    public var failures: [CaseOutcome] { outcomes.filter { !$0.passed && $0.skipped == nil } }
    public var skipped: [CaseOutcome] { outcomes.filter { $0.skipped != nil } }
    /// How many cases were left out because the test had ended before.
    public var notRun: Int { record.cases.count - outcomes.count }
    public var isInterrupted: Bool { record.isInterrupted }
}

/// How a test is written down.
public enum ReportFormat: String, Sendable, CaseIterable {
    /// For people at a terminal.
    case text
    /// JUnit's XML, which continuous integration reads.
    case junit
    /// The Test Anything Protocol, version 14.
    case tap
    /// For scripts; the shape is documented and versioned.
    case json
    /// Workflow commands of GitHub Actions.
    case github
    /// One page for people, with a diagram of each flow.
    case html

    /// The format that a file's name asks for: `report.xml`, `report.tap`, `report.json`, `report.html`, `report.txt`.
    public init?(path: String) {
        let endings: [(String, ReportFormat)] = [
            (".xml", .junit), (".tap", .tap), (".json", .json), (".html", .html), (".htm", .html), (".txt", .text),
        ]
        guard let format = endings.first(where: { path.hasSuffix($0.0) })?.1 else { return nil }
        self = format
    }
}

extension TestReport {
    /// The report for people.
    ///
    /// - Parameter library: where the files' lines come from.
    public func text(for library: FlowLibrary, width: Int = 80, isColored: Bool = false) -> String {
        let findings = record.findings + record.cases.flatMap { $0.failure?.findings ?? [] }
        let printer = FindingPrinter(sources: library.quoted(for: findings), width: width, isColored: isColored)
        return TextReport(record, printer: printer).text()
    }

    /// The report in a format.
    ///
    /// Stories are in it if they were asked for (``TestOptions/keepsStories``). Width and colours are for text alone.
    public func text(
        _ format: ReportFormat, for library: FlowLibrary, toolVersion: String, width: Int = 80, isColored: Bool = false
    ) -> String {
        var record = record
        record.toolVersion = toolVersion
        return switch format {
        case .text: text(for: library, width: width, isColored: isColored)
        case .junit: JUnitReport(record).text()
        case .tap: TAPReport(record).text()
        case .json: JSONReport(record).text()
        case .github: GitHubReport(record).text()
        case .html: HTMLReport(record).text()
        }
    }
}

extension Coverage {
    /// As reports show it.
    var figures: [CoverageFigures] {
        sections.map { title, _, groups in
            CoverageFigures(
                title: title, groups: groups.map { .init(name: $0.name, total: $0.items.count, missing: $0.missing) })
        }
    }
}
