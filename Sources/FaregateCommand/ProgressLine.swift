// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import Synchronization

/// How far a test has come, on one line of the terminal that is written again and again.
final class ProgressLine: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    /// Nil where nobody would see it.
    init?() { if !Terminal.showsProgress { return nil } }

    /// Shows it, though not more often than eyes can follow.
    func show(_ progress: TestProgress) {
        let now = ContinuousClock.now
        let isDue = last.withLock { last in
            if let last, now - last < .milliseconds(60), progress.done < progress.total { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let failed = progress.failed > 0 ? "  \(progress.failed) failed" : ""
        let text = "\(progress.done)/\(progress.total)\(failed)  \(TerminalText.safe(progress.title))"
        // A full last column would begin a new line.
        Terminal.error("\r\u{1B}[K" + TerminalText.fit(text, (Terminal.columns(of: 2) ?? 80) - 1))
    }

    func erase() { Terminal.error("\r\u{1B}[K") }
}
