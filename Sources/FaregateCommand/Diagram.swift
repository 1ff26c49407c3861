// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

extension FaregateCommand {
    struct Diagram: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw a flow.",
            discussion: """
                  faregate diagram flows/detach.yaml
                  faregate diagram flows/detach.yaml --coverage --output detach.svg

                With --coverage its scenarios are run on the mock, and what none of them took looks different.
                """)

        @Argument(help: "A flow file.", completion: .file(extensions: ["yaml", "yml"]))
        var flow: String

        @Option(
            help: ArgumentHelp("mermaid or svg; what the file's name says if not given.", valueName: "format"),
            completion: .list(DiagramFormat.allCases.map(\.rawValue)),
            transform: { text in
                guard let format = DiagramFormat(rawValue: text) else {
                    throw ValidationError("there is no format '\(text)'; choose mermaid or svg")
                }
                return format
            })
        var format: DiagramFormat?

        @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file.", valueName: "file"))
        var output: String?

        @Flag(help: "Show which edges no scenario takes.")
        var coverage = false

        @Option(help: ArgumentHelp("Further files or folders with the flows that this one runs.", valueName: "path"))
        var with: [String] = []

        func run() async throws {
            let library = try FlowLibrary.load([flow] + with)
            try library.insistOnUsable()
            let target = Target(flow)
            guard let summary = library.contents.first(where: { target.holds($0.path) }) else {
                Terminal.error("faregate: there is no flow in \(flow)\n")
                throw Exit.badInput
            }
            let report = coverage ? await library.test(TestSelection(scenarios: [(summary.path, nil)])) : nil
            let format = format ?? output.flatMap { DiagramFormat(path: $0) } ?? .mermaid
            guard let text = library.diagram(format, flow: summary.name, coveredBy: report) else {
                Terminal.error("faregate: \(summary.name) is too large for a picture; --format mermaid has no limit\n")
                throw Exit.couldNotRun
            }
            if let output { try Terminal.save(text, to: output) } else { try Terminal.out(text) }
        }
    }
}
