// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateRender
import FaregateSimulator
import FaregateSpec
package import FaregateStripe
@_exported public import FaregateText
import FaregateValues
package import FaregateVerify

/// Flow files, read and linked: what is checked, run, tested and drawn.
///
/// ```swift
/// let library = try FlowLibrary(paths: ["flows"])
/// let report = await library.test()
/// print(report.text())
/// ```
public struct FlowLibrary: Sendable {
    /// Everything that is wrong with the files, sorted by place.
    public let findings: [Finding]
    /// The files that were read, in order.
    public let paths: [String]

    package let sources: [SourceText]
    let flows: FlowSet
    let pack: StripePack

    /// Reads files, and all `.yaml` files below folders.
    ///
    /// - Throws: ``LoadError`` where a path cannot be read. What is wrong *in* a file is a finding.
    ///
    /// - Parameter configuration: the path of a `faregate.yaml`, which says how much findings weigh; nil for none.
    public init(paths: [String], configuration: String? = nil) throws(LoadError) {
        self.init(
            sources: try FileLoader.sources(paths), pack: .standard,
            configuration: try Configuration.source(configuration))
    }

    /// Takes files that are already in memory.
    ///
    /// - Parameters:
    ///   - files: a path for findings, and the file's text.
    ///   - configuration: what a `faregate.yaml` says; nil for nothing.
    public init(files: [(path: String, text: String)], configuration: (path: String, text: String)? = nil) {
        self.init(
            sources: files.map { SourceText(path: $0.path, text: $0.text) }, pack: .standard,
            configuration: configuration.map { SourceText(path: $0.path, text: $0.text) })
    }

    package init(sources: [SourceText], pack: StripePack, configuration: SourceText? = nil) {
        var findings: [Finding] = []
        var graphs: [FlowGraph] = []
        var policies: [Policy] = []
        for source in sources {
            switch FileLoader.kind(of: source) {
            case .lifecycle:
                let (lifecycle, problems) = LifecycleDecoder.decode(source)
                findings += problems
                if let lifecycle, problems.isEmpty {
                    findings += LifecycleCheck(lifecycle).findings(among: pack.catalog.names + [lifecycle.name])
                }
            case .policy:
                let (policy, problems) = PolicyDecoder.decode(
                    source, catalog: pack.catalog, types: pack.types(version: pack.catalog.version))
                findings += problems
                if let policy { policies.append(policy) }
            case .flow:
                let (flow, problems) = FlowDecoder.decode(source, catalog: pack.catalog)
                findings += problems
                if let flow { graphs.append(flow) }
            }
        }
        flows = FlowSet(graphs)
        for flow in graphs {
            findings += TypeCheck.findings(
                in: flow, pack.types(version: flow.version), catalog: pack.catalog, flows: flows)
        }
        findings += flows.link() + flows.findings(given: policies)
        let torn = Self.torn(findings)
        findings += Self.check(flows, pack.catalog, except: torn)
        findings = AllowComments.applied(to: findings, in: sources, unchecked: torn)
        var own: [Finding] = []
        if let configuration {
            let (rules, problems) = FindingRules.read(configuration)
            findings = rules.applied(to: findings)
            own = problems
        }
        self.findings = (findings + own).sorted()
        self.sources = sources + [configuration].compactMap { $0 }
        self.pack = pack
        paths = sources.map(\.path)
    }

    /// The same flows on another mock; nothing is read or checked again.
    package init(_ other: FlowLibrary, on pack: StripePack) {
        (findings, paths, sources, flows) = (other.findings, other.paths, other.sources, other.flows)
        self.pack = pack
    }

    /// Holds whole flows against the lifecycles of their objects. Files that lost a part to a mistake are left out: what is
    /// missing there would be told as many further mistakes.
    private static func check(_ flows: FlowSet, _ catalog: Catalog, except torn: Set<String>) -> [Finding] {
        let checker = FlowChecker(flows: flows, catalog: catalog)
        return flows.graphs.indices.filter { !torn.contains(flows.graphs[$0].file) }.flatMap {
            checker.check($0).findings
        }
    }

    /// Files that lost a part to a mistake.
    private static func torn(_ findings: [Finding]) -> Set<String> {
        let harmless =
            [
                SpecCode.unknownName, .unreachable, .wrongType, .unknownActor, .unknownChoice, .unknownInput,
                .badMatrix,
                .badScenarioInput,
            ]
            .map(\.rawValue) + TypeCode.allCases.map(\.rawValue)
        return Set(findings.filter { $0.severity == .error && !harmless.contains($0.code) }.map(\.file))
    }

    /// Whether some finding is an error.
    public var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// Whether the files cannot be run: they are no flows, or names in them lead nowhere. What the check finds in a whole flow
    /// does not stop it from being run.
    public var isBroken: Bool {
        findings.contains { $0.severity == .error && CheckCode(rawValue: $0.code) == nil }
    }

    /// What is in the files, for lists.
    public var contents: [FlowSummary] {
        flows.graphs.map { flow in
            FlowSummary(
                name: flow.name, title: flow.title, docs: flow.docs, path: flow.file,
                scenarios: flow.scenarios.map(\.name),
                states: flow.states.map(\.name), inputs: flow.inputs.map { "\($0.name): \($0.type)" })
        }
    }

    /// The findings as text, each with the line that it is about.
    public func report(width: Int = 80, isColored: Bool = false) -> String {
        FindingPrinter(sources: quoted(for: findings), width: width, isColored: isColored).text(for: findings)
    }

    /// A flow as a Mermaid state diagram; nil where no flow has this name.
    public func mermaid(flow name: String) -> String? { diagram(.mermaid, flow: name) }

    /// A flow as a picture; nil where no flow has this name, or where it is too large for one.
    ///
    /// - Parameter report: of its scenarios: the picture shows which edges none of them took.
    public func diagram(_ format: DiagramFormat, flow name: String, coveredBy report: TestReport? = nil) -> String? {
        guard let number = flows.number(of: name) else { return nil }
        let drawing = redactor(of: number).redact(FlowDrawing(of: flows.graphs[number], catalog: pack.catalog))
        let taken = report.map { $0.record.flows.first { $0.name == name }?.taken ?? [] }
        switch format {
        case .mermaid: return MermaidDiagram(drawing, taken: taken).text()
        case .svg:
            let missed = taken.map { taken in drawing.edges.map(\.edge).filter { !taken.contains($0) } } ?? []
            let picture = FlowPicture(drawing, missed: Set(missed))
            return picture?.whole(title: "State diagram of \(name)", isAlone: true)
        }
    }

    package func driver() -> TestDriver {
        let interpreter = Interpreter(flows: flows, catalog: pack.catalog)
        let habits = pack.habits
        return TestDriver(
            interpreter: interpreter, simulator: Simulator(catalog: pack.catalog, provider: pack.provider),
            habits: habits)
    }

    /// Every case of every scenario, in the order of the files.
    package var cases: [ScenarioCase] {
        flows.graphs.indices.flatMap { number in
            flows.graphs[number].scenarios.flatMap { expander(of: number).cases(of: $0).cases }
        }
    }

    func expander(of flow: Int) -> ScenarioExpander {
        let pack = pack
        return ScenarioExpander(flow: flows.graphs[flow], number: flow, catalog: pack.catalog) { bindings, scripts in
            ["token": .string(pack.token(bindings, scripts))]
        }
    }
}

/// How a flow is drawn.
public enum DiagramFormat: String, Sendable, CaseIterable {
    /// Text for tools that draw it themselves.
    case mermaid
    /// A picture, for browsers and documents.
    case svg

    /// The format that a file's name asks for: `flow.svg`, `flow.mmd`.
    public init?(path: String) {
        if path.hasSuffix(".svg") {
            self = .svg
        } else if path.hasSuffix(".mmd") || path.hasSuffix(".mermaid") {
            self = .mermaid
        } else {
            return nil
        }
    }
}

/// What a flow file holds.
public struct FlowSummary: Sendable, Hashable {
    public var name: String
    public var title: String
    public var docs: String
    public var path: String
    public var scenarios: [String]
    public var states: [String]
    /// `amount: int`
    public var inputs: [String]
}
