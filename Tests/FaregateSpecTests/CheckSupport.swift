// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import Foundation
import Testing

@testable import FaregateSpec
@testable import FaregateStripe

/// One flow, checked against the lifecycles of the pack.
struct Checked {
    let source: SourceText
    let reading: [Finding]
    let report: CheckReport

    static let catalog = StripePack.standard.catalog

    init(_ text: String, path: String = "flow.yaml", limits: FlowChecker.Limits = .init()) throws {
        try self.init([(path, text)], limits: limits)
    }

    /// The first of several flows.
    init(_ files: [(path: String, text: String)], limits: FlowChecker.Limits = .init()) throws {
        let sources = files.map { SourceText(path: $0.path, text: $0.text) }
        let decoded = sources.map { FlowDecoder.decode($0, catalog: Self.catalog) }
        let flows = try decoded.map { try #require($0.flow, "\($0.findings)") }
        source = sources[0]
        reading = decoded[0].findings
        report = FlowChecker(flows: FlowSet(flows), catalog: Self.catalog, limits: limits).check(0)
    }

    /// `12: FG0203 warning`
    func lines(of findings: [Finding]) -> [String] {
        findings.map { "\($0.span.start.line): \($0.code) \($0.severity.rawValue)" }
    }

    var text: String { FindingPrinter(sources: [source], width: 120).text(for: report.findings) }
}

/// What stands beside the package, or in it.
enum Beside {
    static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: package.appending(path: path), encoding: .utf8)
    }

    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: package.appending(path: folder).path)
            .filter { $0.hasSuffix(".yaml") }.sorted()
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: package.appending(path: path).standardizedFileURL.path)
    }

    static let flows = ["setup-then-charge", "direct-redirect", "detach"]
}
