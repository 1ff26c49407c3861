// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText

/// Findings as workflow commands of GitHub Actions: they show beside the lines of a pull request.
package enum GitHubAnnotations {
    package static func text(for findings: [Finding]) -> String {
        findings.sorted().map { line($0) + "\n" }.joined()
    }

    private static func line(_ finding: Finding) -> String {
        let command =
            switch finding.severity {
            case .error: "error"
            case .warning: "warning"
            case .note: "notice"
            }
        var properties = [("file", finding.file), ("line", String(finding.span.start.line))]
        if finding.span.end.line == finding.span.start.line {
            // Columns are taken only where both ends are on one line.
            properties.append(("col", String(finding.span.start.column)))
            let last = max(finding.span.start.column, finding.span.end.column - 1)
            properties.append(("endColumn", String(last)))
        } else {
            properties.append(("endLine", String(finding.span.end.line)))
        }
        properties.append(("title", finding.code))
        let parts = [finding.message, finding.label] + finding.notes + [finding.help.map { "help: \($0)" } ?? ""]
        let message = parts.filter { !$0.isEmpty }.joined(separator: "\n")
        let list = properties.map { "\($0.0)=\(escaped($0.1, isProperty: true))" }.joined(separator: ",")
        return "::\(command) \(list)::\(escaped(message, isProperty: false))"
    }

    /// As the toolkit of GitHub's actions escapes: data and properties differ.
    static func escaped(_ text: String, isProperty: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where isProperty: escaped += "%3A"
            case "," where isProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
