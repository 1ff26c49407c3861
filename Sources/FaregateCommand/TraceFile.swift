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

/// A file that lines are added to as things happen: whatever ends the program, what has happened stands in it.
final class TraceFile: Sendable {
    private let path: String
    private let state: Mutex<(descriptor: Int32, isWhole: Bool)>

    /// Begins the file anew.
    init(_ path: String) throws {
        self.path = path
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            Terminal.error("faregate: \(path) cannot be written\n")
            throw Exit.couldNotRun
        }
        state = Mutex((descriptor, true))
    }

    func add(_ lines: String) {
        state.withLock { state in
            if !Terminal.put(lines, to: state.descriptor) { state.isWhole = false }
        }
    }

    /// Missing lines are told.
    func end() throws {
        let isWhole = state.withLock { state in close(state.descriptor) == 0 && state.isWhole }
        guard isWhole else {
            Terminal.error("faregate: \(path) could not be written to its end\n")
            throw Exit.couldNotRun
        }
    }
}
