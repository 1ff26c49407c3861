// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

/// In which formats a test is reported, and where to.
struct ReportOptions: ParsableArguments {
    @Option(
        name: .customLong("format"),
        help: ArgumentHelp("text, junit, tap, json, github or html; as often as you like.", valueName: "format"),
        completion: .list(ReportFormat.allCases.map(\.rawValue)),
        transform: { text in
            guard let format = ReportFormat(rawValue: text) else {
                let names = ReportFormat.allCases.map(\.rawValue)
                let hint = Spelling.closest(to: text, among: names).map { ", did you mean '\($0)'?" } ?? ""
                throw ValidationError("there is no format '\(text)'\(hint); choose \(names.joined(separator: ", "))")
            }
            return format
        })
    var formats: [ReportFormat] = []

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Write a report to a file; as often as you like.", valueName: "[format:]file"))
    var outputs: [String] = []

    func plan() throws -> ReportPlan { try ReportPlan(formats: formats, outputs: outputs) }
}

/// Which format goes where.
struct ReportPlan {
    var files: [(format: ReportFormat, path: String)] = []
    var standardOutput = ReportFormat.text

    /// A file's name tells its format, or `FORMAT:` before it; a file whose name tells nothing takes the next format that no
    /// file has taken. The one that is left goes to standard output.
    init(formats: [ReportFormat], outputs: [String]) throws {
        var left = formats
        let named = outputs.map(Self.split)
        for file in named {
            if let format = file.format, let at = left.firstIndex(of: format) { left.remove(at: at) }
        }
        for (file, text) in zip(named, outputs) {
            if file.path.isEmpty { throw ValidationError("--output \(text) names no file") }
            guard let format = file.format ?? (left.isEmpty ? nil : left.removeFirst()) else {
                throw ValidationError(
                    "the name '\(text)' tells no format; write for example --output junit:\(text)")
            }
            files.append((format, file.path))
        }
        if left.count > 1 {
            let names = left.map(\.rawValue).joined(separator: " and ")
            throw ValidationError("\(names) cannot both go to standard output; give all but one of them an --output")
        }
        standardOutput = left.first ?? .text
    }

    private static func split(_ text: String) -> (format: ReportFormat?, path: String) {
        if let colon = text.firstIndex(of: ":"), let format = ReportFormat(rawValue: String(text[..<colon])) {
            return (format, String(text[text.index(after: colon)...]))
        }
        return (ReportFormat(path: text), text)
    }

    /// Some report tells what happened in cases that have passed.
    var wantsStories: Bool {
        (files.map(\.format) + [standardOutput]).contains { [.junit, .json, .html].contains($0) }
    }

    func write(_ report: TestReport, of library: FlowLibrary) throws {
        let isColored = Terminal.isColored(Terminal.isInteractive)
        let shown = report.text(
            standardOutput, for: library, toolVersion: Version.current, width: Terminal.width, isColored: isColored)
        try Terminal.out(Secrets.masked(shown))
        for file in files {
            let text = report.text(file.format, for: library, toolVersion: Version.current)
            try Terminal.save(Secrets.masked(text), to: file.path)
        }
    }
}
