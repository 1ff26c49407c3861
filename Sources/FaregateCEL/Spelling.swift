// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Finds what someone meant to write.
enum Spelling {
    /// The candidate nearest to a word; nil where none is near. Of several the first in alphabetical order.
    static func closest(to word: String, in candidates: some Sequence<String>) -> String? {
        let letters = Array(word.unicodeScalars)
        let limit = max(1, letters.count / 3)
        var best: (distance: Int, candidate: String)?
        for candidate in candidates {
            let other = Array(candidate.unicodeScalars)
            if abs(other.count - letters.count) > limit { continue }
            let distance = distance(letters, other)
            if distance > limit || distance >= other.count { continue }
            if let best, (best.distance, best.candidate) <= (distance, candidate) { continue }
            best = (distance, candidate)
        }
        return best?.candidate
    }

    /// Insertions, deletions, replacements and swaps of neighbours.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
