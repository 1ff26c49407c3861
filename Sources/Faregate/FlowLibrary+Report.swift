// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateRender
import FaregateText

/// How findings are written.
public enum FindingFormat: String, Sendable, CaseIterable {
    /// For people, each with its line.
    case text
    /// For scripts; the shape is documented and stable.
    case json
    /// SARIF 2.1.0, for code scanning.
    case sarif
    /// Workflow commands of GitHub Actions.
    case github

    /// The format that a file's name asks for: `report.sarif`, `report.json`, `report.txt`.
    public init?(path: String) {
        if path.hasSuffix(".sarif") || path.hasSuffix(".sarif.json") {
            self = .sarif
        } else if path.hasSuffix(".json") {
            self = .json
        } else if path.hasSuffix(".txt") {
            self = .text
        } else {
            return nil
        }
    }
}

extension FlowLibrary {
    /// All findings in a format. Text is for a terminal of a width, capped, with a summary; the others hold everything.
    public func report(
        _ format: FindingFormat, toolVersion: String, width: Int = 80, isColored: Bool = false
    ) -> String {
        switch format {
        case .text: report(width: width, isColored: isColored) + summary + "\n"
        case .json: FindingsJSON.text(for: findings, files: paths.count, toolVersion: toolVersion)
        case .sarif: SARIF(findings: findings, toolVersion: toolVersion).text()
        case .github: GitHubAnnotations.text(for: findings)
        }
    }

    /// `2 errors, 1 warning in 3 files`, or that nothing is wrong.
    public var summary: String {
        guard findings.isEmpty else { return findings.summary(files: paths.count) }
        return "\(paths.count) file\(paths.count == 1 ? "" : "s"), nothing wrong"
    }
}
