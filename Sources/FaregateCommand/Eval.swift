// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

extension FaregateCommand {
    struct Eval: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try an expression out, by itself or with the names of a flow.",
            discussion: """
                  faregate eval "duration('14d') + duration('1h')"
                  faregate eval "payment.amount > 5" --bind 'payment={"amount": 10}' --explain
                  faregate eval "methods.filter(m, methods[m].family == 'wallet')"
                  faregate eval "visits.declined > 2" --in flows/setup-then-charge.yaml --bind 'visits={"declined": 3}'
                  faregate eval "payment.amount > '5'" --in flows/setup-then-charge.yaml --check

                The value is written as JSON. With --in, inputs have their defaults, visits count 0, and objects, signals, \
                now, error and event must be bound. A part of an object may be bound alone: --bind payment.amount=10.

                Exit status: 0 it has a value, whatever it is; 2 it has none.
                """)

        @Argument(help: "The expression, as a guard has it.")
        var expression: String

        @Option(
            name: .customLong("bind"),
            help: ArgumentHelp("A name's value; what is no JSON is a text.", valueName: "name=JSON"))
        var bindings: [String] = []

        @Option(
            name: .customLong("in"),
            help: ArgumentHelp("The flow whose names the expression uses.", valueName: "flow.yaml"),
            completion: .file(extensions: ["yaml", "yml"]))
        var flow: String?

        @Flag(help: "Only check names and types, and print the type.")
        var check = false

        @Flag(help: "Print each part with its value.")
        var explain = false

        /// The arguments with an expression that begins with a minus at their end, where it is taken for no option.
        static func protected(_ arguments: [String]) -> [String] {
            guard arguments.first == configuration.commandName ?? "eval", !arguments.contains("--") else {
                return arguments
            }
            func isExpression(_ text: String) -> Bool {
                text.count > 1 && text.hasPrefix("-") && !text.hasPrefix("--") && text != "-h"
            }
            let options = arguments.filter { !isExpression($0) }
            return options.count + 1 == arguments.count ? options + ["--"] + arguments.filter(isExpression) : arguments
        }

        func run() throws {
            var library: FlowLibrary?
            if let flow {
                library = try FlowLibrary.load([flow])
                try library?.insistOnUsable()
            }
            var trial = ExpressionTrial(expression, in: library)
            for (name, value) in try pairs(bindings, "--bind") {
                do {
                    try trial.bind(name, to: value)
                } catch {
                    Terminal.error("faregate: \(error)\n")
                    throw Exit.badInput
                }
            }
            let report = trial.report(checksOnly: check)
            guard report.findings.isEmpty else {
                let colored = Terminal.isColored(Terminal.isErrorInteractive)
                Terminal.error(report.text(width: Terminal.width, isColored: colored))
                throw Exit.badInput
            }
            try Terminal.out(check ? "\(report.type)\n" : explain ? report.parts : "\(report.value ?? "null")\n")
        }
    }
}

/// `name=value` options, cut at the first equals sign.
func pairs(_ texts: [String], _ option: String) throws -> [(name: String, value: String)] {
    try texts.map { text in
        guard let at = text.firstIndex(of: "="), at != text.startIndex else {
            Terminal.error("faregate: \(option) wants name=value, not '\(text)'\n")
            throw Exit.badInput
        }
        return (String(text[..<at]), String(text[text.index(after: at)...]))
    }
}
