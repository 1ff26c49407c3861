// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the house style makes of a file.
public struct FormattedFile: Sendable {
    public enum Outcome: Sendable, Equatable {
        case unchanged
        case changed(String)
        /// It cannot be read; the findings say why.
        case unreadable([Finding])
        /// The style would change what the file says, so it keeps its own.
        case leftAlone
    }

    public var path: String
    public var outcome: Outcome
    let source: SourceText

    init(_ source: SourceText) {
        path = source.path
        self.source = source
        switch YAMLFormatter.format(source) {
        case .unreadable(let findings): outcome = .unreadable(findings)
        case .leftAlone: outcome = .leftAlone
        case .formatted(let text): outcome = Array(text.utf8) == source.contents ? .unchanged : .changed(text)
        }
    }

    /// Files, and all `.yaml` files below folders, in the house style; nothing is written.
    public static func format(paths: [String]) throws(LoadError) -> [FormattedFile] {
        try FileLoader.sources(paths).map { FormattedFile($0) }
    }

    /// Puts the new text in the file's place in one step: whoever reads it sees the old text or the new one.
    public func save() throws(LoadError) {
        guard case .changed(let text) = outcome else { return }
        // A link stays a link: the file that it names is replaced.
        let target = URL(filePath: path).resolvingSymlinksInPath()
        let mode = (try? FileManager.default.attributesOfItem(atPath: target.path))?[.posixPermissions]
        do {
            try Data(text.utf8).write(to: target, options: .atomic)
            if let mode { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: target.path) }
        } catch {
            throw LoadError(path: path, reason: "the file cannot be written")
        }
    }

    /// What changes, as a unified diff; empty where nothing does.
    public var diff: String {
        guard case .changed(let text) = outcome else { return "" }
        let old = (1...source.lineCount).map { source.line($0) }
        return LineDiff(old, text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)).text(path)
    }

    /// The findings of a file that cannot be read, each with its line.
    public func report(width: Int = 80, isColored: Bool = false) -> String {
        guard case .unreadable(let findings) = outcome else { return "" }
        return FindingPrinter(sources: [source], width: width, isColored: isColored).text(for: findings)
    }
}
