// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate
import FaregateHTTP

extension FaregateCommand {
    struct Mock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Serve the simulator over HTTP, for SDKs, curl and browsers.",
            discussion: """
                Any key that begins with sk_test_, rk_test_ or pk_test_ is accepted; live keys are refused.

                  faregate mock
                  faregate mock --port 0 --seed 7 --time manual
                  faregate mock --flow flows/direct-redirect.yaml --scenario refuses

                Customers' actions have pages at this server: next_action leads there. 'fast' time lets banks settle within \
                seconds; 'manual' time stands still until the control API at /_faregate/ moves it.

                Standard output tells the address; the access log goes to standard error, as JSON lines without secrets.

                Exit status: 0 ended by Ctrl-C; 2 bad usage or a bad file; 3 the address cannot be had.
                """)

        @Option(help: "The port to listen at; 0 takes a free one and tells it.")
        var port: Int = 12111

        @Option(help: "The address to listen at.")
        var host: String = "127.0.0.1"

        @Option(help: "Ids come from it: the same seed and the same requests give the same ids.")
        var seed: String = "0"

        @Option(
            help: ArgumentHelp("A flow whose scenario says what actors do.", valueName: "flow.yaml"),
            completion: .file(extensions: ["yaml", "yml"]))
        var flow: String?

        @Option(help: "The scenario of --flow.")
        var scenario: String?

        @Option(help: "How time passes: real, fast or manual.")
        var time: MockTime = .fast

        @Flag(help: "Give each key an account of its own; sk_test_x and pk_test_x are one.")
        var keyIsolation = false

        @Flag(help: "Answer the control API at addresses other than loopback too.")
        var allowControl = false

        @Option(
            help: ArgumentHelp(
                "Append the access log to a file instead of standard error; none writes none.", valueName: "file")
        )
        var log: String?

        func validate() throws {
            guard (0...65535).contains(port) else { throw ValidationError("--port is 0 to 65535, not \(port)") }
            if host.isEmpty { throw ValidationError("--host is an address of this machine, such as 127.0.0.1") }
            if scenario != nil, flow == nil { throw ValidationError("--scenario needs --flow") }
            if flow != nil, scenario == nil { throw ValidationError("--flow needs --scenario") }
        }

        func run() async throws {
            // Before anything else runs: tasks stay on the thread that reads their socket.
            MockServer.takeThreads()
            let settings = MockSettings(
                host: host, port: port, seed: seed, time: time, isolatesKeys: keyIsolation, allowsControl: allowControl,
                scripts: try scripts())
            let mock = FaregateHTTP.Mock(
                settings, pack: StandardMock.pack, habits: StandardMock.habits, wallClock: WallClock.now)
            let server = MockServer(mock, log: AccessLog(descriptor: try logDescriptor(), wallClock: WallClock.now))
            do {
                try await server.run(endsOnSignals: true) { port in
                    let url = settings.baseURL(port: port)
                    // Without a reader it serves all the same.
                    try? Terminal.out(
                        """
                        faregate mock listens at \(url)
                        try: curl \(url)/v1/customers -u sk_test_123: -d name=Jenny

                        """)
                }
            } catch {
                Terminal.error("faregate: \(error)\n")
                throw Exit.couldNotRun
            }
        }

        private func logDescriptor() throws -> Int32? {
            switch log {
            case nil: return 2
            case "none": return nil
            case let path?:
                guard let descriptor = AccessLog.open(path) else {
                    Terminal.error("faregate: \(path) cannot be written\n")
                    throw Exit.couldNotRun
                }
                return descriptor
            }
        }

        private func scripts() throws -> [MockScript] {
            guard let flow, let scenario else { return [] }
            let library = try FlowLibrary.load([flow])
            try library.insistOnUsable()
            guard library.contents.count == 1, let name = library.contents.first?.name else {
                Terminal.error("faregate: \(flow) has \(library.contents.count) flows, and one is played at a time\n")
                throw Exit.badInput
            }
            do {
                let (played, leftOut) = try library.scripts(of: scenario, in: name)
                if !leftOut.isEmpty {
                    Terminal.error(
                        "faregate: left to 'faregate test', as a server does not see it: \(leftOut.joined(separator: ", "))\n"
                    )
                }
                return played
            } catch {
                Terminal.error("faregate: \(error)\n")
                throw Exit.badInput
            }
        }
    }
}

extension MockTime: ExpressibleByArgument {}
