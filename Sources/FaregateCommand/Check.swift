// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

extension FaregateCommand {
    struct Check: ParsableCommand {
        enum Denied: String, ExpressibleByArgument, CaseIterable { case warnings, notes }

        static let configuration = CommandConfiguration(
            abstract: "Find what is wrong with flow and lifecycle files, before anything is sent.",
            discussion: """
                Standard output has the findings in the format of --format. Files take further formats:

                  faregate check flows
                  faregate check flows --format github --output report.sarif
                  faregate check flows --deny warnings

                A file's name tells its format (.sarif, .json, .txt), or FORMAT: before it does: \
                json:findings.out

                'faregate explain CODE' tells what a finding means. faregate.yaml, in this directory or above it, says how \
                much findings weigh:

                  rules: {FG0303: warning, FG0201: off}

                A comment at the end of a line, or on the line before, allows a finding there:

                  # faregate: allow FG0303 because the field is newer than the program

                Exit status: 0 no errors; 2 errors, or what --deny names.
                """)

        @Argument(help: "Files or folders.", completion: .file(extensions: ["yaml", "yml"]))
        var paths: [String]

        @Option(
            help: ArgumentHelp("The format on standard output: text, json, sarif or github.", valueName: "format"),
            completion: .list(FindingFormat.allCases.map(\.rawValue)), transform: FindingFormat.named)
        var format: FindingFormat = .text

        @Option(
            name: [.short, .long],
            help: ArgumentHelp("Write the findings to a file too; as often as you like.", valueName: "[format:]file"))
        var output: [String] = []

        @Option(help: "Fail on warnings (or warnings and notes) as on errors.")
        var deny: Denied?

        @OptionGroup var configuration: ConfigurationOptions

        func validate() throws {
            try OutputFile.insistOnDifferent(output.map { try ReportFile($0).path })
        }

        func run() throws {
            let library = try FlowLibrary.load(paths, configuration)
            guard !library.paths.isEmpty else {
                Terminal.error("faregate: there is no .yaml file in \(paths.joined(separator: ", "))\n")
                throw Exit.badInput
            }
            let colored = Terminal.isColored(Terminal.isInteractive)
            try Terminal.out(
                library.report(format, toolVersion: Version.current, width: Terminal.width, isColored: colored))
            for text in output {
                let file = try ReportFile(text)
                try Terminal.save(library.report(file.format, toolVersion: Version.current), to: file.path)
            }
            if library.hasErrors || library.findings.contains(where: isDenied) { throw Exit.badInput }
        }

        private func isDenied(_ finding: Finding) -> Bool {
            switch deny {
            case nil: false
            case .warnings: finding.severity >= .warning
            case .notes: true
            }
        }
    }
}

/// `report.sarif`, `json:findings.txt`
struct ReportFile {
    var format: FindingFormat
    var path: String

    init(_ text: String) throws {
        if let colon = text.firstIndex(of: ":"), let format = FindingFormat(rawValue: String(text[..<colon])) {
            self.format = format
            path = String(text[text.index(after: colon)...])
        } else if let format = FindingFormat(path: text) {
            self.format = format
            path = text
        } else {
            throw ValidationError(
                "the name '\(text)' tells no format; write for example --output sarif:\(text.isEmpty ? "FILE" : text)")
        }
        if path.isEmpty { throw ValidationError("--output \(text) names no file") }
    }
}

extension FindingFormat {
    static func named(_ text: String) throws -> FindingFormat {
        guard let format = FindingFormat(rawValue: text) else {
            throw ValidationError(
                "there is no format '\(text)'; choose \(allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return format
    }
}

/// Where `faregate.yaml` is.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration; otherwise faregate.yaml in this directory or the nearest one above.", valueName: "file")
    )
    var config: String?

    var path: String? { config ?? Configuration.path() }
}
