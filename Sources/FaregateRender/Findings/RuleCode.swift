// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The findings about the configuration of findings: `faregate.yaml` and allow comments. Codes are stable for ever.
package enum RuleCode: String, Sendable, CaseIterable {
    case unknownCode = "FG0151"
    case notLowerable = "FG0152"
    case unreadableAllow = "FG0153"
    case unusedAllow = "FG0154"
    case unknownSeverity = "FG0155"
}
