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

    init(interruption: Interruption) {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if interruption.isRequested { _exit(Exit.interrupted.rawValue) }
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
