// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Whether somebody has pressed Ctrl-C. The first time asks for an end, the second one ends the program.
struct CtrlC: Sendable {
    // Nothing but an atomic may be touched while a signal is handled.
    private static let flag = Atomic<Bool>(false)

    static func watch() -> CtrlC {
        signal(SIGINT) { number in
            CtrlC.flag.store(true, ordering: .relaxed)
            signal(number, SIG_DFL)
        }
        return CtrlC()
    }

    var happened: Bool { Self.flag.load(ordering: .relaxed) }
}
