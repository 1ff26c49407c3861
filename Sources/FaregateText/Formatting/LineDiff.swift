// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The difference of two texts by lines, as `diff -u` writes it.
package struct LineDiff {
    private enum Line {
        case kept(String), removed(String), added(String)
    }

    private var lines: [Line] = []

    package init(_ old: [String], _ new: [String]) {
        let difference = new.difference(from: old)
        var removals: Set<Int> = []
        var insertions: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removals.insert(offset)
            case .insert(let offset, _, _): insertions.insert(offset)
            }
        }
        var (a, b) = (0, 0)
        while a < old.count || b < new.count {
            if removals.contains(a) {
                lines.append(.removed(old[a]))
                a += 1
            } else if insertions.contains(b) {
                lines.append(.added(new[b]))
                b += 1
            } else {
                lines.append(.kept(old[a]))
                a += 1
                b += 1
            }
        }
    }

    /// With three lines of context around each change.
    package func text(_ path: String) -> String {
        let context = 3
        let changed = lines.indices.filter { if case .kept = lines[$0] { false } else { true } }
        guard !changed.isEmpty else { return "" }
        var hunks: [Range<Int>] = []
        for index in changed {
            let range = max(0, index - context)..<min(lines.count, index + context + 1)
            if let last = hunks.last, range.lowerBound <= last.upperBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        return "--- \(path)\n+++ \(path)\n" + hunks.map(hunk).joined()
    }

    private func hunk(_ range: Range<Int>) -> String {
        var (old, new) = (1, 1)
        for line in lines[..<range.lowerBound] {
            switch line {
            case .kept: (old, new) = (old + 1, new + 1)
            case .removed: old += 1
            case .added: new += 1
            }
        }
        var (olds, news) = (0, 0)
        var body = ""
        for line in lines[range] {
            switch line {
            case .kept(let text):
                (olds, news) = (olds + 1, news + 1)
                body += " \(text)\n"
            case .removed(let text):
                olds += 1
                body += "-\(text)\n"
            case .added(let text):
                news += 1
                body += "+\(text)\n"
            }
        }
        return "@@ -\(old),\(olds) +\(new),\(news) @@\n\(body)"
    }
}
