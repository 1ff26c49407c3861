// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText
import FaregateValues

/// Findings as SARIF 2.1.0: what code scanning services and editors read.
///
/// Columns count Unicode scalars, and the file says so (`columnKind`).
package struct SARIF {
    let findings: [Finding]
    let toolVersion: String

    package init(findings: [Finding], toolVersion: String) {
        self.findings = findings.sorted()
        self.toolVersion = toolVersion
    }

    package func text() -> String { JSON.write(log, pretty: true) + "\n" }

    private var log: Value {
        [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [
                [
                    "tool": ["driver": driver], "columnKind": "unicodeCodePoints",
                    "originalUriBaseIds": [
                        "ROOT": ["description": ["text": "The directory in which the program was run."]]
                    ],
                    "results": .list(findings.map(result)),
                ]
            ],
        ]
    }

    // MARK: Rules

    /// The codes that occur, each once.
    private var codes: [String] { Set(findings.map(\.code)).sorted() }

    private var driver: Value {
        [
            "name": "faregate", "version": .string(toolVersion), "semanticVersion": .string(toolVersion),
            "rules": .list(codes.map(rule)),
        ]
    }

    private func rule(_ code: String) -> Value {
        guard let page = FindingPage.page(for: code) else { return ["id": .string(code)] }
        var rule: ValueMap = [
            "id": .string(code), "shortDescription": ["text": .string(page.title)],
            "fullDescription": ["text": .string(page.meaning)],
            "help": ["text": .string("\(page.meaning)\n\n\(page.mend)"), "markdown": .string(page.markdown)],
            "defaultConfiguration": ["level": "error"],
        ]
        if let address = page.address { rule["helpUri"] = .string(address) }
        return .map(rule)
    }

    // MARK: Results

    private func result(_ finding: Finding) -> Value {
        let parts = [finding.message, finding.label] + finding.notes + [finding.help.map { "help: \($0)" } ?? ""]
        var result: ValueMap = [
            "ruleId": .string(finding.code),
            "ruleIndex": .int(Int64(codes.firstIndex(of: finding.code) ?? 0)),
            "level": .string(finding.severity.rawValue),
            "message": ["text": .string(parts.filter { !$0.isEmpty }.joined(separator: "\n"))],
            "locations": [["physicalLocation": place(finding.file, finding.span)]],
        ]
        if !finding.related.isEmpty {
            result["relatedLocations"] = .list(
                finding.related.enumerated().map { number, mark in
                    [
                        "id": .int(Int64(number)), "physicalLocation": place(mark.file, mark.span),
                        "message": ["text": .string(mark.label)],
                    ]
                })
        }
        return .map(result)
    }

    private func place(_ file: String, _ span: Span) -> Value {
        ["artifactLocation": Self.artifact(file), "region": Self.region(span)]
    }

    private static func region(_ span: Span) -> Value {
        [
            "startLine": .int(Int64(max(1, span.start.line))), "startColumn": .int(Int64(max(1, span.start.column))),
            "endLine": .int(Int64(max(1, span.end.line))), "endColumn": .int(Int64(max(1, span.end.column))),
        ]
    }

    static func artifact(_ path: String) -> Value {
        if path.hasPrefix("/") { return ["uri": .string("file://" + encoded(path))] }
        let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return ["uri": .string(encoded(relative)), "uriBaseId": "ROOT"]
    }

    /// A path as part of a URI.
    private static func encoded(_ path: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        let digits = Array("0123456789ABCDEF")
        return path.utf8.map { byte in
            plain.contains(byte)
                ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }
}
