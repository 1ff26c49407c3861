// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateText
package import FaregateValues
import FaregateWire

extension Redaction {
    /// A finding without certain values.
    static func mask(_ finding: Finding, _ secrets: [String]) -> Finding {
        var finding = finding
        finding.message = mask(finding.message, secrets)
        finding.label = mask(finding.label, secrets)
        finding.notes = finding.notes.map { mask($0, secrets) }
        finding.help = finding.help.map { mask($0, secrets) }
        return finding
    }
}

extension FlowGraph {
    /// The values of the inputs that the flow calls secret; those of a letter or three would be found everywhere.
    ///
    /// The longest come first: one may be part of another.
    package func secretValues(of values: ValueMap) -> [String] {
        inputs.filter(\.secret).flatMap { (values[$0.name] ?? $0.defaultValue)?.heldTexts ?? [] }
            .filter { $0.utf8.count > 3 }.sorted { $0.utf8.count > $1.utf8.count }
    }
}
