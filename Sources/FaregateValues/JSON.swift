// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Reading and writing of JSON as `Value`.
package enum JSON {
    /// What a text may cost. The defaults suit answers of an API and files of a project.
    package struct Limits: Sendable, Hashable {
        /// Arrays and objects within each other.
        package var depth: Int
        package var bytes: Int

        package init(depth: Int = 128, bytes: Int = 16 << 20) {
            self.depth = depth
            self.bytes = bytes
        }

        package static let standard = Limits()
    }

    /// Reads one JSON text. Stricter than many: duplicate keys, lone surrogates, bytes that are no UTF-8 and numbers
    /// beyond a double are errors. Whole numbers of 64 bits become `.int`, all others `.double`.
    package static func read(_ bytes: some Collection<UInt8>, limits: Limits = .standard) throws(JSONError) -> Value {
        guard bytes.count <= limits.bytes else {
            throw JSONError(offset: limits.bytes, message: "the text is longer than \(limits.bytes) bytes")
        }
        return try read(Array(bytes), limits)
    }

    package static func read(_ text: String, limits: Limits = .standard) throws(JSONError) -> Value {
        try read(text.utf8, limits: limits)
    }

    private static func read(_ bytes: [UInt8], _ limits: Limits) throws(JSONError) -> Value {
        var reader = JSONReader(bytes: bytes, limits: limits)
        return try reader.readText()
    }

    /// Writes a value as JSON, the same text for the same value in every process.
    ///
    /// What JSON lacks becomes a string: timestamps as RFC 3339, durations as `1.5s`, bytes as base64. Members that are
    /// an empty optional are left out. What only a static check knows is tagged: `unknown:…`, `ref:3`.
    package static func write(_ value: Value, pretty: Bool = false, sortedKeys: Bool = false) -> String {
        var writer = JSONWriter(isPretty: pretty, sortsKeys: sortedKeys)
        writer.write(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Why a text is no JSON that we take.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// In bytes from the beginning.
    package var offset: Int
    package var message: String

    package init(offset: Int, message: String) {
        self.offset = offset
        self.message = message
    }

    package var description: String { "byte \(offset): \(message)" }
}
