// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues
import FaregateWire
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A line of JSON for each request; keys, client secrets and card data never stand in it.
package final class AccessLog: Sendable {
    private let descriptor: Mutex<Int32?>
    private let wallClock: @Sendable () -> Instant

    /// - Parameter descriptor: an open file; nil writes nothing.
    package init(descriptor: Int32?, wallClock: @escaping @Sendable () -> Instant) {
        self.descriptor = Mutex(descriptor)
        self.wallClock = wallClock
    }

    /// Opens a file to append to; nil where that is not possible.
    package static func open(_ path: String) -> Int32? {
        let descriptor = path.withCString { creat($0) }
        return descriptor < 0 ? nil : descriptor
    }

    private static func creat(_ path: UnsafePointer<CChar>) -> Int32 {
        // O_APPEND: several processes may share a log.
        #if canImport(Glibc)
            Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        #elseif canImport(Musl)
            Musl.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        #else
            Darwin.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        #endif
    }

    func note(_ request: MockRequest, _ answer: MockAnswer, milliseconds: Double) {
        descriptor.withLock { descriptor in
            guard let descriptor else { return }
            write(Self.line(request, answer, milliseconds: milliseconds, at: wallClock()), to: descriptor)
        }
    }

    static func line(_ request: MockRequest, _ answer: MockAnswer, milliseconds: Double, at: Instant) -> String {
        var entry: ValueMap = [
            "time": .timestamp(at.timestamp),
            "method": .string(request.method), "path": .string(hidden(request.path, longest: 500)),
            "status": .int(Int64(answer.status)), "ms": .double((milliseconds * 100).rounded() / 100),
        ]
        if let id = answer[header: "request-id"] { entry["request_id"] = .string(id) }
        if case .success(let key) = APIKey.read(request.headers["authorization"]) { entry["key"] = .string(key.masked) }
        if let key = request.headers["idempotency-key"] {
            entry["idempotency_key"] = .string(hidden(key, longest: 255))
        }
        if answer[header: "idempotent-replayed"] != nil { entry["replayed"] = true }
        return JSON.write(.map(entry)) + "\n"
    }

    /// Without secrets, percent-encoded ones included; as it came where there are none.
    private static func hidden(_ text: String, longest: Int) -> String {
        var plain = text
        // Who decodes twice reads what was encoded twice.
        for _ in 0..<3 where plain.contains("%") { plain = PercentEncoding.decode(plain) }
        let clean = Redaction.redact(plain)
        return String((clean == plain ? text : clean).prefix(longest))
    }

    private func write(_ line: String, to descriptor: Int32) {
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                #if canImport(Glibc)
                    let count = Glibc.write(descriptor, part.baseAddress, part.count)
                #elseif canImport(Musl)
                    let count = Musl.write(descriptor, part.baseAddress, part.count)
                #else
                    let count = Darwin.write(descriptor, part.baseAddress, part.count)
                #endif
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
