// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText
import FaregateValues

/// Rules over time that flows must keep, as a file states them.
package struct Policy: Sendable, Hashable {
    package var name: String
    package var title: String
    package var file: String
    /// Names of flows, `*` for any part of one.
    package var flows: [String]
    package var rules: [Rule]

    package struct Rule: Sendable, Hashable {
        package var id: String
        package var span: Span
        package var form: Form
        package var within: Template?
        package var per: [String]
        package var severity: Finding.Severity
        /// Whether a step that breaks the rule is stopped, or only told.
        package var isEnforced: Bool
        package var message: String?
        package var source: String?
        package var asOf: String?
    }

    package enum Form: Sendable, Hashable {
        case always(Expression, at: Pattern?)
        case never(Pattern)
        case eventually(Pattern)
        case require(Pattern, before: Pattern)
        case afterThen(Pattern, Pattern)
        case afterNever(Pattern, Pattern, until: Pattern?)
        case count(Bound, Int, of: Pattern)
        case notBoth(Pattern, Pattern)
        case sum(Expression, of: Pattern, atMost: Expression)
    }

    package enum Bound: String, Sendable, Hashable, CaseIterable {
        case atMost = "at_most"
        case atLeast = "at_least"
        case exactly
    }

    /// What a rule looks for in a run.
    package struct Pattern: Sendable, Hashable {
        package enum Subject: Sendable, Hashable {
            case status(lifecycle: Int, StatusSet)
            case call(lifecycle: Int, operation: Int)
            case event(String)
            case emit(String)
            case signal(String)
            case error(String)
        }

        package var subject: Subject
        /// Over `object`, the one that the pattern is about.
        package var condition: Expression?
        package var span: Span
    }
}
