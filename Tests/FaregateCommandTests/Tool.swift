// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The built program, run in a folder of its own, or in another one that it leaves as it is.
struct Tool {
    struct Result {
        var status: Int32
        var output: String
        var error: String

        /// The output, however its lines are broken.
        var words: String { output.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
    }

    let folder: URL
    /// Where the program runs.
    private let place: URL

    init(in place: URL? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "faregate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.place = place ?? folder
    }

    /// Beside the test bundle.
    static let program: URL? = {
        var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        for _ in 0..<6 {
            for name in ["faregate", "debug/faregate"] {
                let program = folder.appending(path: name)
                if FileManager.default.isExecutableFile(atPath: program.path(percentEncoded: false)),
                    (try? program.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory != true
                {
                    return program
                }
            }
            folder.deleteLastPathComponent()
        }
        return nil
    }()

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }

    func callAsFunction(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
        try self(arguments, environment: environment)
    }

    func callAsFunction(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
        let process = try start(arguments, environment: environment)
        Self.wait(for: process)
        return try result(of: process)
    }

    /// The program with its standard output going elsewhere; what it writes there is not in the result.
    func callAsFunction(_ arguments: [String], into output: FileHandle) throws -> Result {
        let process = try start(arguments, output: output)
        Self.wait(for: process)
        return try result(of: process)
    }

    /// A program that does not end is stopped: its test fails, and no other waits for it.
    static func wait(for process: Process) {
        let end = DispatchTime.now() + .seconds(120)
        DispatchQueue.global().asyncAfter(deadline: end) {
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        process.waitUntilExit()
    }

    /// Sends Ctrl-C as soon as the program handles it.
    func interrupted(_ arguments: String...) throws -> Result {
        let process = try start(arguments)
        // The first signal is asked for again and again: the program may not be ready for it yet.
        while process.isRunning, !handlesInterruption(process.processIdentifier) { usleep(500) }
        process.interrupt()
        Self.wait(for: process)
        return try result(of: process)
    }

    private func handlesInterruption(_ id: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("SigCgt:") }),
            let mask = UInt64(line.dropFirst(7).filter { !$0.isWhitespace }, radix: 16)
        else { return false }
        return mask & (1 << UInt64(SIGINT - 1)) != 0
    }

    /// The program, begun; ``result(of:)`` tells how it went when it has ended.
    func start(
        _ arguments: [String], environment: [String: String] = [:], output handle: FileHandle? = nil
    ) throws -> Process {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.currentDirectoryURL = place
        // Keys of the one who runs the tests are none of the tests' business.
        let own = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("STRIPE_") }
        process.environment = own.merging(environment) { $1 }
        // Files, not pipes: nothing to fill up.
        let (output, error) = (folder.appending(path: ".out"), folder.appending(path: ".err"))
        for url in [output, error] { try Data().write(to: url) }
        process.standardOutput = try handle ?? FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: error)
        try process.run()
        return process
    }

    func result(of process: Process) throws -> Result {
        Result(status: process.terminationStatus, output: try read(".out"), error: try read(".err"))
    }

    /// What the program writes to its standard error when that is a terminal.
    func onTerminal(_ arguments: String..., environment: [String: String]) throws -> String {
        var (main, other): (Int32, Int32) = (-1, -1)
        guard openpty(&main, &other, nil, nil, nil) == 0 else { throw CocoaError(.fileReadUnknown) }
        defer { close(main) }
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.currentDirectoryURL = place
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(fileDescriptor: other, closeOnDealloc: false)
        try process.run()
        Self.wait(for: process)
        defer { close(other) }
        return available(main)
    }
}

/// What can be read at once: everything has been written.
private func available(_ descriptor: Int32) -> String {
    guard fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
}
