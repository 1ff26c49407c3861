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
                try Terminal.out("\(flow.name)  \(flow.path)\n  \(flow.title)\n")
                if !flow.docs.isEmpty { try Terminal.out("  \(flow.docs)\n") }
                if !flow.inputs.isEmpty { try Terminal.out("  inputs: \(flow.inputs.joined(separator: ", "))\n") }
                for scenario in flow.scenarios { try Terminal.out("  - \(scenario)\n") }
                try Terminal.out("\n")
            }
        }
    }
}
