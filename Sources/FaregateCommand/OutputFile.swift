// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file that a path leads to, however it is spelt: of two reports in one file, one would be lost.
struct OutputFile: Hashable {
    private var device: UInt64
    private var number: UInt64
    /// In the folder of that number, where the file is still to be made.
    private var name = ""

    /// nil: no file can be there, or what is there keeps nothing, as a device does.
    init?(_ path: String) {
        var path = path
        var info = stat()
        // A link may lead to a file that is still to be made, and that link to another.
        for _ in 0..<40 {
            if stat(path, &info) == 0 {
                self.init(info)
                return
            }
            guard let target = Self.target(ofLink: path) else { break }
            path = target.hasPrefix("/") ? target : Self.folder(of: path) + target
        }
        let folder = Self.folder(of: path)
        guard stat(folder.isEmpty ? "." : folder, &info) == 0 else { return nil }
        self.init(inside: info, name: String(path.dropFirst(folder.count)))
    }

    /// The file that a descriptor is open for.
    init?(descriptor: Int32) {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { return nil }
        self.init(info)
    }

    private init?(_ info: stat) {
        guard info.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(inside: info, name: "")
    }

    private init(inside info: stat, name: String) {
        device = UInt64(truncatingIfNeeded: info.st_dev)
        number = UInt64(truncatingIfNeeded: info.st_ino)
        self.name = name
    }

    /// Up to the last slash; empty where there is none.
    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    private static func target(ofLink path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBytes { buffer in
            readlink(path, buffer.baseAddress!.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }

    /// Refuses paths of which two lead to one file, or one to the file that standard output goes to.
    static func insistOnDifferent(_ paths: [String]) throws {
        var taken: Set<OutputFile> = []
        if let file = OutputFile(descriptor: 1) { taken.insert(file) }
        for path in paths {
            if path == "-" {
                throw ValidationError(
                    "standard output has the report of --format; write ./- for a file of that name")
            }
            if let file = OutputFile(path), !taken.insert(file).inserted {
                throw ValidationError("two reports cannot go to one file: \(path)")
            }
        }
    }
}
