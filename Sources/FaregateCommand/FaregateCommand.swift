// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

@main
struct FaregateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faregate",
        abstract: "Payment flows as YAML state graphs: checked, run, tested, drawn.",
        discussion: """
            A flow file says in which states a business handles a payment. Faregate holds it against the documented \
            life of the objects, runs it on a built-in mock of the API, and draws it.

            Start with:
              faregate list flows
              faregate run flows/direct-redirect.yaml
              faregate test flows

            Exit status: 0 passed; 1 a flow or a scenario failed; 2 bad usage or a bad file; 3 could not run; \
            130 interrupted.
            """,
        version: Version.current,
        subcommands: [
            Run.self, Test.self, Mock.self, Check.self, Diagram.self, List.self, Explain.self, Eval.self, Schema.self,
            Fmt.self,
        ])

    /// As the parser's own, but bad usage ends with 2, and help that cannot be written is missed.
    static func main() async {
        Terminal.outliveReaders()
        do {
            var command = try parseAsRoot(Eval.protected(Array(CommandLine.arguments.dropFirst())))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(withError: told(error))
        }
    }

    /// Why the program ends, once what there is to say of it has been said.
    private static func told(_ error: any Error) -> any Error {
        switch exitCode(for: error) {
        case .success:
            do { try Terminal.out(fullMessage(for: error) + "\n") } catch { return error }
            return ExitCode.success
        case .validationFailure:
            Terminal.error(fullMessage(for: error) + "\n")
            return Exit.badInput
        default: return error
        }
    }
}

enum Version {
    static let current = "0.1.0"
}

/// Why the program ends, as its exit status says it.
enum Exit {
    static let failed = ExitCode(1)
    static let badInput = ExitCode(2)
    static let couldNotRun = ExitCode(3)
    static let interrupted = ExitCode(130)
}
