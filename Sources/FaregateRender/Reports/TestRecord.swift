// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateEngine
package import FaregateText
package import FaregateValues

/// A test as its reports tell it: flows, scenarios, cases, in the order of the files. Without secrets.
package struct TestRecord: Sendable {
    package var toolVersion = ""
    package var seed: String
    package var flows: [FlowRecord] = []
    /// What is wrong with scenarios as such: matrices without cells, choices that nobody asked for.
    package var findings: [Finding] = []
    package var coverage: [CoverageFigures] = []
    /// Somebody stopped the test before its end.
    package var isInterrupted = false

    package init(seed: String) { self.seed = seed }

    package var cases: [CaseRecord] { flows.flatMap { $0.scenarios.flatMap(\.cases) } }

    package var passed: Bool {
        let cases = cases
        return findings.isEmpty && cases.contains(where: \.passed)
            && cases.allSatisfy { $0.passed || $0.status == .skipped }
    }
}

package struct FlowRecord: Sendable {
    package var name: String
    package var title: String
    package var docs: String
    package var file: String
    package var drawing: FlowDrawing
    package var scenarios: [ScenarioRecord] = []

    package init(name: String, title: String, docs: String, file: String, drawing: FlowDrawing) {
        self.name = name
        self.title = title
        self.docs = docs
        self.file = file
        self.drawing = drawing
    }
}

package struct ScenarioRecord: Sendable {
    package var name: String
    package var title: String?
    package var span: Span
    package var cases: [CaseRecord]

    package init(name: String, title: String?, span: Span, cases: [CaseRecord]) {
        self.name = name
        self.title = title
        self.span = span
        self.cases = cases
    }
}

/// How one case went.
package struct CaseRecord: Sendable {
    package enum Status: String, Sendable, CaseIterable {
        case passed, failed
        /// The run could not be made at all.
        case couldNotRun = "could_not_run"
        /// The test had ended before: a failure with `--fail-fast`, an interruption.
        case notRun = "not_run"
        /// It cannot be brought about on this transport: neither a pass nor a failure.
        case skipped
    }

    package var flow: String
    package var file: String
    package var scenario: String
    /// `method=ideal`; empty without a matrix.
    package var cell: String
    package var status: Status
    /// Why it was skipped.
    package var reason: String?
    /// The final state that the run came to; nil where it did not end.
    package var final: String?
    /// The states that it came through, those of sub-flows with their path.
    package var path: [String] = []
    /// The edges that it took, in order.
    package var edges: [FlowDrawing.Edge] = []
    /// Of virtual time, from the start to the end.
    package var duration: Duration?
    package var calls = 0
    package var events = 0
    /// Nil where nobody asked for it.
    package var story: Story?
    package var failure: Failure?
    /// The command line that runs it again.
    package var rerun: String

    package init(
        flow: String, file: String, scenario: String, cell: String, status: Status, final: String? = nil, rerun: String
    ) {
        self.flow = flow
        self.file = file
        self.scenario = scenario
        self.cell = cell
        self.status = status
        self.final = final
        self.rerun = rerun
    }

    /// `it settles [method=ideal]`
    package var title: String { cell.isEmpty ? scenario : "\(scenario) [\(cell)]" }
    package var passed: Bool { status == .passed }

    /// Why it was not run; nil where it was.
    package var whyLeftOut: String? {
        switch status {
        case .notRun: "the test had ended before"
        case .skipped: reason ?? "it cannot be brought about here"
        case .passed, .failed, .couldNotRun: nil
        }
    }
}

/// What was wrong with a case, and what there is to understand why.
package struct Failure: Sendable, Hashable {
    package var findings: [Finding]
    /// The conditions that decided.
    package var conditions: [Condition] = []
    /// What the documentation says instead.
    package var rows: [DocumentedRow] = []
    /// The last request and its answer.
    package var exchange: Letter?

    /// An expression with its value and those of its parts.
    package struct Condition: Sendable, Hashable {
        package var text: String
        /// As people read it, shortened; what was wrong where there is none.
        package var value: String
        package var hasValue: Bool
        package var parts: [Condition]
    }

    /// A request and what came back.
    package struct Letter: Sendable, Hashable {
        package var state: String
        package var operation: String
        /// Since the run's start.
        package var after: Duration?
        /// 1 for the first.
        package var attempt: Int
        package var method: String
        package var path: String
        package var version: String
        package var key: String?
        package var params: Value
        /// nil: no answer came.
        package var http: Int?
        package var requestID: String?
        package var body: Value?
        package var isReplayed = false
        /// `unsent` or `unknown`, where no answer came.
        package var problem: String?
    }
}

/// How much of something was taken.
package struct CoverageFigures: Sendable, Hashable {
    package struct Group: Sendable, Hashable {
        package var name: String
        package var total: Int
        package var missing: [String]

        package init(name: String, total: Int, missing: [String]) {
            self.name = name
            self.total = total
            self.missing = missing
        }

        package var taken: Int { total - missing.count }
    }

    /// `rows of the lifecycles`
    package var title: String
    package var groups: [Group]

    package init(title: String, groups: [Group]) {
        self.title = title
        self.groups = groups
    }
}
