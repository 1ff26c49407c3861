// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dispatch
import FaregateEngine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Hears Ctrl-C and the wish of a supervisor to end: the first time runs end and clean up, the second time the program ends.
final class SignalEar {
    private var sources: [any DispatchSourceSignal] = []

    init(interruption: Interruption, leftovers: Leftovers) {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if interruption.isRequested {
                    let ids = leftovers.ids
                    if !ids.isEmpty {
                        Terminal.error(
                            Secrets.masked("faregate: ended at once; not cleaned up: \(ids.joined(separator: ", "))\n"))
                    }
                    _exit(Exit.interrupted.rawValue)
                }
                Terminal.error("\nfaregate: interrupted; cleaning up (once more ends at once)\n")
                interruption.request()
            }
            source.resume()
            sources.append(source)
        }
    }

    func end() {
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
