// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

extension FaregateCommand {
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what a kind of file may hold, as JSON Schema for editors.",
            discussion: """
                  faregate schema flow > schemas/flow.schema.json

                An editor that knows the YAML language server reads the first line of a file:

                  # yaml-language-server: $schema=../schemas/flow.schema.json
                """)

        @Argument(
            help: ArgumentHelp("flow, lifecycle or policy.", valueName: "kind"),
            completion: .list(FileSchema.allCases.map(\.rawValue)),
            transform: { text in
                guard let schema = FileSchema(rawValue: text) else {
                    let names = FileSchema.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("there is no schema '\(text)'; choose \(names)")
                }
                return schema
            })
        var kind: FileSchema?

        @Option(
            help: ArgumentHelp("Write all schemas into a folder.", valueName: "folder", visibility: .hidden))
        var write: String?

        func validate() throws {
            if kind == nil, write == nil { throw ValidationError("say which: flow, lifecycle or policy") }
        }

        func run() throws {
            if let write {
                for schema in FileSchema.allCases { try Terminal.save(schema.text, to: "\(write)/\(schema.fileName)") }
            }
            if let kind { try Terminal.out(kind.text) }
        }
    }
}
