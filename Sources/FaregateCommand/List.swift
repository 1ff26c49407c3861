// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

extension FaregateCommand {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List flows, their inputs and scenarios.")

        @Argument(help: "Files or folders.", completion: .file(extensions: ["yaml", "yml"]))
        var paths: [String]

        func run() throws {
            let library = try FlowLibrary.load(paths)
            try library.insistOnUsable()
            for flow in library.contents {
                Terminal.out("\(flow.name)  \(flow.path)\n  \(flow.title)\n")
                if !flow.docs.isEmpty { Terminal.out("  \(flow.docs)\n") }
                if !flow.inputs.isEmpty { Terminal.out("  inputs: \(flow.inputs.joined(separator: ", "))\n") }
                for scenario in flow.scenarios { Terminal.out("  - \(scenario)\n") }
                Terminal.out("\n")
            }
        }
    }
}
