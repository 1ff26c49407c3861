// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateRender
import FaregateText

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds the `faregate.yaml` that a command goes by.
public enum Configuration {
    public static let name = "faregate.yaml"

    /// The nearest `faregate.yaml`, in a directory or above it; nil where there is none.
    ///
    /// - Parameter directory: an absolute path; nil for the working directory.
    public static func path(from directory: String? = nil) -> String? {
        let manager = FileManager.default
        let start = directory ?? manager.currentDirectoryPath
        var parts = start.split(separator: "/").map(String.init)
        var steps = 0
        while true {
            let path = "/" + (parts + [name]).joined(separator: "/")
            if manager.fileExists(atPath: path) {
                // As short as people would write it.
                return directory == nil ? String(repeating: "../", count: steps) + name : path
            }
            guard !parts.isEmpty else { return nil }
            parts.removeLast()
            steps += 1
        }
    }

    static func source(_ path: String?) throws(LoadError) -> SourceText? {
        guard let path else { return nil }
        return try FileLoader.read(path)
    }
}
