// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Faregate

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is known of the place that output goes to.
enum Terminal {
    static let isInteractive = isatty(1) == 1
    static let isErrorInteractive = isatty(2) == 1

    /// Colours only on a terminal, and never where `NO_COLOR` or `CI` is set.
    static func isColored(_ interactive: Bool) -> Bool {
        interactive && !isSet("NO_COLOR") && !isSet("CI") && isObedient
    }

    /// A line that is written again and again: only where somebody watches who can see it change.
    static var showsProgress: Bool { isErrorInteractive && !isSet("CI") && isObedient }

    private static func isSet(_ name: String) -> Bool { getenv(name).map { $0.pointee != 0 } ?? false }

    private static var isObedient: Bool { getenv("TERM").map { String(cString: $0) != "dumb" } ?? false }

    static var width: Int { columns(of: 1).map { min($0, 160) } ?? 80 }

    /// How wide a terminal is; nil where there is none, or a very narrow one.
    static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return nil }
        return Int(size.ws_col)
    }

    /// A reader that goes away ends the output, not the program.
    static func outliveReaders() { signal(SIGPIPE, SIG_IGN) }

    static func error(_ text: String) { _ = write(text, to: 2) }

    /// Writes to standard output. What is lost there is missed, unless nobody reads it any more.
    static func out(_ text: String) throws {
        let problem = write(text, to: 1)
        if problem == 0 || problem == EPIPE { return }
        error("faregate: standard output cannot be written: \(String(cString: strerror(problem)))\n")
        throw Exit.couldNotRun
    }

    /// Writes all of it, or says by its number which error was in the way.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let count = systemWrite(descriptor, rest)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    // Somebody else has made it one that does not wait.
                    var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&room, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        let base = UnsafeRawBufferPointer(rebasing: bytes)
        #if canImport(Glibc)
            return Glibc.write(descriptor, base.baseAddress, base.count)
        #elseif canImport(Musl)
            return Musl.write(descriptor, base.baseAddress, base.count)
        #else
            return Darwin.write(descriptor, base.baseAddress, base.count)
        #endif
    }

    /// Writes all of it to an open file; false where something is lost.
    static func put(_ text: String, to descriptor: Int32) -> Bool { write(text, to: descriptor) == 0 }

    /// Refuses a path that nothing can be written to, before there is anything to write.
    static func insistOnWritable(_ paths: [String]) throws {
        for path in paths where !isWritable(path) {
            error("faregate: \(path) cannot be written\n")
            throw Exit.couldNotRun
        }
    }

    private static func isWritable(_ path: String) -> Bool {
        var info = stat()
        if stat(path, &info) == 0 { return info.st_mode & S_IFMT != S_IFDIR && access(path, W_OK) == 0 }
        // A link may lead to a file that is still to be made.
        if lstat(path, &info) == 0 { return true }
        guard !path.isEmpty, !path.hasSuffix("/") else { return false }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        return stat(folder, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR && access(folder, W_OK | X_OK) == 0
    }

    /// Puts a whole file in place.
    static func save(_ text: String, to path: String) throws {
        guard let file = fopen(path, "wb") else {
            error("faregate: \(path) cannot be written\n")
            throw Exit.couldNotRun
        }
        var text = text
        let written = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
        guard fclose(file) == 0, written else {
            error("faregate: \(path) could not be written to its end\n")
            throw Exit.couldNotRun
        }
    }
}

extension FlowLibrary {
    /// The files of a command line, or the reason why there is none, told and turned into an exit status.
    static func load(_ paths: [String], _ configuration: ConfigurationOptions? = nil) throws -> FlowLibrary {
        do {
            return try FlowLibrary(paths: paths, configuration: configuration?.path ?? Configuration.path())
        } catch {
            Terminal.error("faregate: \(error)\n")
            throw Exit.badInput
        }
    }

    /// Prints what is wrong; ends the program where nothing can be done with the files.
    func insistOnUsable() throws {
        if isBroken {
            Terminal.error(report(width: Terminal.width, isColored: Terminal.isColored(Terminal.isErrorInteractive)))
            throw Exit.badInput
        }
        if hasErrors {
            let count = findings.filter { $0.severity == .error }.count
            let errors = count == 1 ? "an error" : "\(count) errors"
            Terminal.error("faregate: 'faregate check' finds \(errors) in these files; they are run all the same\n")
        }
        if contents.isEmpty {
            Terminal.error(
                "faregate: there is no flow in \(paths.isEmpty ? "what was given" : paths.joined(separator: ", "))\n")
            throw Exit.badInput
        }
    }
}

/// `flows/bank-debit.yaml:it settles`
struct Target {
    var path: String
    var scenario: String?

    /// Whether a file is the one that is named, or lies in the folder that is.
    func holds(_ file: String) -> Bool {
        if path == "." || path == "./" { return !file.hasPrefix("/") && !file.hasPrefix("../") }
        var folder = path
        while folder.count > 1, folder.last == "/" { folder.removeLast() }
        return file == path || file.hasPrefix(folder == "/" ? folder : folder + "/")
    }

    init(_ text: String) {
        for ending in [".yaml:", ".yml:"] {
            if let range = text.range(of: ending) {
                path = String(text[..<range.upperBound].dropLast())
                scenario = String(text[range.upperBound...])
                return
            }
        }
        path = text
    }
}

extension String {
    fileprivate func range(of part: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
