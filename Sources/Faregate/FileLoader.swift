// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A path that cannot be read.
public struct LoadError: Error, Sendable, CustomStringConvertible {
    public var path: String
    private var reason: String

    init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }
}

/// Finds and reads files: the only place that touches the disk for reading.
enum FileLoader {
    enum Kind { case flow, lifecycle, policy }

    static func sources(_ paths: [String]) throws(LoadError) -> [SourceText] {
        var sources: [SourceText] = []
        for path in paths {
            for file in try files(at: path) where !sources.contains(where: { $0.path == file }) {
                let source = try read(file)
                // Folders have YAML of all sorts; what is named by itself must be one of ours.
                if file == path || declaredKind(of: source) != nil { sources.append(source) }
            }
        }
        return sources
    }

    static func files(at path: String) throws(LoadError) -> [String] {
        var isFolder = false
        guard exists(path, &isFolder) else { throw LoadError(path: path, reason: "there is no such file or folder") }
        guard isFolder else { return [path] }
        let manager = FileManager.default
        guard let names = try? manager.subpathsOfDirectory(atPath: path) else {
            throw LoadError(path: path, reason: "the folder cannot be read")
        }
        let root = path.hasSuffix("/") ? String(path.dropLast()) : path
        return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
            .filter { name in !name.split(separator: "/").contains { $0.hasPrefix(".") } }
            .filter { $0 != Configuration.name && !$0.hasSuffix("/" + Configuration.name) }
            .sorted().map { root == "." ? $0 : "\(root)/\($0)" }
    }

    private static func exists(_ path: String, _ isFolder: inout Bool) -> Bool {
        let manager = FileManager.default
        guard let type = try? manager.attributesOfItem(atPath: path)[.type] as? FileAttributeType else {
            return manager.fileExists(atPath: path)
        }
        isFolder = type == .typeDirectory
        if type == .typeSymbolicLink { isFolder = (try? manager.contentsOfDirectory(atPath: path)) != nil }
        return true
    }

    static func read(_ path: String) throws(LoadError) -> SourceText {
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            if let size = attributes[.size] as? Int, size > 64 << 20 {
                throw LoadError(path: path, reason: "the file has \(size) bytes: far too many for a flow")
            }
            return SourceText(path: path, bytes: Array(try Data(contentsOf: URL(filePath: path))))
        } catch let error as LoadError {
            throw error
        } catch {
            throw LoadError(path: path, reason: "the file cannot be read")
        }
    }

    /// What a file is, by its first key; a flow where it has none.
    static func kind(of source: SourceText) -> Kind { declaredKind(of: source) ?? .flow }

    private static func declaredKind(of source: SourceText) -> Kind? {
        for number in 1...max(1, min(source.lineCount, 200)) {
            let line = source.line(number)
            if line.hasPrefix("lifecycle:") { return .lifecycle }
            if line.hasPrefix("policy:") { return .policy }
            if line.hasPrefix("flow:") { return .flow }
        }
        return nil
    }
}
