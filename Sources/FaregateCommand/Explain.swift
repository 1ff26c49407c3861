// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

extension FaregateCommand {
    struct Explain: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell what a finding means and how to mend it; without a code, list all of them.",
            discussion: """
                  faregate explain
                  faregate explain FG0104
                """)

        @Argument(
            help: "A finding's code, as FG0104 or 104.",
            completion: .list(FindingPage.all.map(\.code)))
        var code: String?

        @Option(
            help: ArgumentHelp("Write all pages as Markdown into a folder.", valueName: "folder", visibility: .hidden))
        var write: String?

        func run() throws {
            let colored = Terminal.isColored(Terminal.isInteractive)
            if let write {
                for file in FindingPage.files { try Terminal.save(file.text, to: "\(write)/\(file.name)") }
                return
            }
            guard let code else { return try Terminal.out(FindingPage.list(isColored: colored)) }
            guard let page = FindingPage.page(asked: code) else {
                let closest = FindingPage.closest(to: code).map { ", did you mean \($0)?" } ?? ""
                Terminal.error(
                    "faregate: there is no finding '\(code)'\(closest)\n'faregate explain' lists all of them\n")
                throw Exit.badInput
            }
            try Terminal.out(page.text(width: min(Terminal.width, 80), isColored: colored))
        }
    }
}
