// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

extension FaregateCommand {
    struct Fmt: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give files the house style, without changing what they say.",
            discussion: """
                  faregate fmt flows
                  faregate fmt --check flows
                  faregate fmt --diff flows/checkout.yaml

                Two spaces for each level, one after a colon except in aligned columns, no blanks at line ends, conditions \
                in double quotes. Comments, empty lines, and the choice between lines and brackets stay. The result is \
                read again and compared before it replaces the file.

                Exit status: 0 done, or nothing to do; 1 --check, and some file would change; 2 a file cannot be read.
                """)

        @Argument(help: "Files or folders.", completion: .file(extensions: ["yaml", "yml"]))
        var paths: [String]

        @Flag(help: "Write nothing; name the files that would change.")
        var check = false

        @Flag(help: "Write nothing; show what would change.")
        var diff = false

        func run() throws {
            let files: [FormattedFile]
            do {
                files = try FormattedFile.format(paths: paths)
            } catch {
                Terminal.error("faregate: \(error)\n")
                throw Exit.badInput
            }
            guard !files.isEmpty else {
                Terminal.error("faregate: there is no .yaml file in \(paths.joined(separator: ", "))\n")
                throw Exit.badInput
            }
            var changed = 0
            var unreadable = false
            for file in files {
                switch file.outcome {
                case .unchanged: break
                case .leftAlone:
                    Terminal.error("faregate: \(file.path) is left as it is: the style would change what it says\n")
                case .unreadable:
                    unreadable = true
                    let colored = Terminal.isColored(Terminal.isErrorInteractive)
                    Terminal.error(file.report(width: Terminal.width, isColored: colored))
                case .changed:
                    changed += 1
                    try change(file)
                }
            }
            if unreadable { throw Exit.badInput }
            if check, changed > 0 { throw Exit.failed }
        }

        private func change(_ file: FormattedFile) throws {
            if diff { try Terminal.out(file.diff) }
            if check, !diff { try Terminal.out("\(file.path) would change\n") }
            if check || diff { return }
            do {
                try file.save()
            } catch {
                Terminal.error("faregate: \(error)\n")
                throw Exit.couldNotRun
            }
            try Terminal.out("\(file.path)\n")
        }
    }
}
