// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText
import FaregateValues

/// Findings as JSON, for scripts.
///
/// `{version, tool: {name, version}, files, summary: {error, warning, note}, findings: [{code, severity, title, file, start: {line, column},
/// end: {line, column}, message, label, help, notes, related: [{file, start, end, label}]}]}`. Lines and columns start at 1, columns count
/// Unicode scalars, `help` may be null. Members may be added; `version` rises when one is changed or removed.
package enum FindingsJSON {
    package static func text(for findings: [Finding], files: Int, toolVersion: String) -> String {
        let findings = findings.sorted()
        var summary = ValueMap()
        for severity in Finding.Severity.allCases.reversed() {
            summary[severity.rawValue] = .int(Int64(findings.count { $0.severity == severity }))
        }
        let report: Value = [
            "version": 1, "tool": ["name": "faregate", "version": .string(toolVersion)],
            "files": .int(Int64(files)), "summary": .map(summary), "findings": .list(findings.map(value)),
        ]
        return JSON.write(report, pretty: true) + "\n"
    }

    static func value(_ finding: Finding) -> Value {
        [
            "code": .string(finding.code), "severity": .string(finding.severity.rawValue),
            "title": FindingPage.page(for: finding.code).map { .string($0.title) } ?? .null,
            "file": .string(finding.file), "start": point(finding.span.start), "end": point(finding.span.end),
            "message": .string(finding.message), "label": .string(finding.label),
            "help": finding.help.map { .string($0) } ?? .null, "notes": .list(finding.notes.map { .string($0) }),
            "related": .list(
                finding.related.map { mark in
                    [
                        "file": .string(mark.file), "start": point(mark.span.start), "end": point(mark.span.end),
                        "label": .string(mark.label),
                    ]
                }),
        ]
    }

    private static func point(_ point: Span.Point) -> Value {
        ["line": .int(Int64(point.line)), "column": .int(Int64(point.column))]
    }
}
