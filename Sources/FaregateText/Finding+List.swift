// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension [Finding] {
    /// By file, place and code, each finding once.
    package func sorted() -> [Finding] {
        var seen: Set<Finding> = []
        return filter { seen.insert($0).inserted }.sorted { a, b in
            if a.file != b.file { return a.file < b.file }
            if a.span.start != b.span.start { return a.span.start < b.span.start }
            return (a.code, a.message) < (b.code, b.message)
        }
    }

    /// What to show of many findings, in order, and how many are left out.
    ///
    /// Warnings are left out before errors.
    package func arranged(cap: Int = 50) -> (shown: [Finding], left: Int) {
        let all = sorted()
        guard all.count > cap else { return (all, 0) }
        let weighty = all.enumerated().sorted { a, b in
            a.element.severity != b.element.severity ? a.element.severity > b.element.severity : a.offset < b.offset
        }
        let shown = weighty.prefix(Swift.max(0, cap)).sorted { $0.offset < $1.offset }
        return (shown.map(\.element), all.count - shown.count)
    }

    /// `2 errors, 1 warning in 3 files`.
    ///
    /// - Parameter files: how many files were read; without it, those that have findings.
    package func summary(files: Int? = nil) -> String {
        let all = sorted()
        let counts = Finding.Severity.allCases.reversed().compactMap { severity -> String? in
            let count = all.count { $0.severity == severity }
            return count > 0 ? Self.counted(count, severity.rawValue) : nil
        }
        let place = Self.counted(files ?? Set(all.map(\.file)).count, "file")
        return (counts.isEmpty ? "no findings" : counts.joined(separator: ", ")) + " in " + place
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
