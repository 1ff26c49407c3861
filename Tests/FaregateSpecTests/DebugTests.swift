import Foundation
import Testing
@testable import FaregateSpec
import FaregateStripe
import FaregateText

@Suite struct DebugTests {
    @Test func show() throws {
        let catalog = StripePack.standard.catalog
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        var files: [URL] = []
        for dir in [root.appending(path: "flows"), root.appending(path: "../shared/design/samples")] {
            files += (try? FileManager.default.contentsOfDirectory(at: dir, includingPropertiesForKeys: nil))?.sorted { $0.path < $1.path } ?? []
        }
        if let only = ProcessInfo.processInfo.environment["ONLY"] { files = files.filter { $0.path.contains(only) } }
        var graphs: [FlowGraph] = []
        var sources: [SourceText] = []
        for file in files where file.pathExtension == "yaml" && !file.path.contains("lifecycle") && !file.path.contains("policy") {
            let source = SourceText(path: String(file.path.split(separator: "/").suffix(2).joined(separator: "/")), text: try String(contentsOf: file, encoding: .utf8))
            let (flow, findings) = FlowDecoder.decode(source, catalog: catalog)
            sources.append(source)
            if !findings.isEmpty { print(FindingPrinter(sources: [source], width: 120).text(for: findings)) }
            if let flow { graphs.append(flow) }
        }
        let set = FlowSet(graphs)
        for (number, flow) in graphs.enumerated() {
            let clock = ContinuousClock()
            let start = clock.now
            let report = FlowChecker(flows: set, catalog: catalog).check(number)
            print("==== \(flow.file) \(report.verdict) \(report.configurations) configurations, \(clock.now - start)")
            print(FindingPrinter(sources: sources, width: 120).text(for: report.findings))
        }
    }
}
