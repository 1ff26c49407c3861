// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// "Did you mean".
package enum Spelling {
    /// The candidate that a misspelt word most likely stands for, if any is close enough.
    ///
    /// A third of the word's letters may differ, or fewer. Of equally close candidates, the first in alphabetical order
    /// wins.
    package static func closest(
        to word: String, among candidates: some Sequence<String>, differing limit: Int = .max
    ) -> String? {
        let wanted = Array(word.lowercased().unicodeScalars)
        guard wanted.count <= 100 else { return nil }
        // One letter is like any other.
        let allowed = min(wanted.count > 1 ? max(wanted.count, 3) / 3 : 0, limit)
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where candidate != word {
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard abs(letters.count - wanted.count) <= allowed else { continue }
            let distance = distance(wanted, letters)
            guard distance <= allowed else { continue }
            if let known = best, (known.distance, known.candidate) <= (distance, candidate) { continue }
            best = (distance, candidate)
        }
        return best?.candidate
    }

    /// Letters to insert, remove, replace, or swap with their neighbour (Damerau's distance, each letter edited once).
    static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
