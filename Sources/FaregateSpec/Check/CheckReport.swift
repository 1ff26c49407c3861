// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText

/// What the check of one flow came to.
package struct CheckReport: Sendable, Hashable {
    /// How far the findings can be relied on.
    package enum Verdict: Sendable, Hashable {
        /// Every case was looked at: what is not reported cannot happen, as far as the rows go.
        case proven
        case notProven(reason: String)
    }

    /// In the order of the file.
    package var findings: [Finding]
    package var verdict: Verdict
    /// How many configurations were looked at: what the check costs.
    package var configurations: Int
}
