// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Writes values as JSON into bytes.
struct JSONWriter {
    let isPretty: Bool
    let sortsKeys: Bool
    var bytes: [UInt8] = []
    private var indentation = 0

    init(isPretty: Bool, sortsKeys: Bool) {
        self.isPretty = isPretty
        self.sortsKeys = sortsKeys
    }

    mutating func write(_ value: Value) {
        switch value {
        case .null: put("null")
        case .bool(let truth): put(truth ? "true" : "false")
        case .int(let number): put(String(number))
        case .uint(let number): put(String(number))
        case .double(let number): number.isFinite ? put(number.description) : writeString(number.description)
        case .string(let text): writeString(text)
        case .bytes(let data): writeString(Base64.encode(data))
        case .timestamp(let stamp): writeString(stamp.rfc3339)
        case .duration(let duration): writeString(duration.decimalSeconds)
        case .type(let name): writeString(name)
        case .optional(let inner): write(inner ?? .null)
        case .unknown(let reason): writeString("unknown:\(reason)")
        case .ref(let number): writeString("ref:\(number)")
        case .list(let items): writeList(items)
        case .map(let map): writeMap(map)
        }
    }

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func newLine() {
        guard isPretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indentation * 2))
    }

    private mutating func writeList(_ items: [Value]) {
        let present = items.filter { $0 != .optional(nil) }
        guard !present.isEmpty else { return put("[]") }
        put("[")
        indentation += 1
        for (index, item) in present.enumerated() {
            if index > 0 { put(",") }
            newLine()
            write(item)
        }
        indentation -= 1
        newLine()
        put("]")
    }

    private mutating func writeMap(_ map: ValueMap) {
        var members: [(key: String, value: Value)] = []
        for (key, value) in map where value != .optional(nil) {
            members.append((Self.text(of: key), value))
        }
        if sortsKeys { members.sort { $0.key.precedes($1.key) } }
        guard !members.isEmpty else { return put("{}") }
        put("{")
        indentation += 1
        for (index, member) in members.enumerated() {
            if index > 0 { put(",") }
            newLine()
            writeString(member.key)
            put(isPretty ? ": " : ":")
            write(member.value)
        }
        indentation -= 1
        newLine()
        put("}")
    }

    private static func text(of key: Value) -> String {
        switch key {
        case .string(let text): text
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .bool(let truth): truth ? "true" : "false"
        default: "?"
        }
    }

    private mutating func writeString(_ text: String) {
        put("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): put("\\\"")
            case UInt8(ascii: "\\"): put("\\\\")
            case 0x08: put("\\b")
            case 0x0C: put("\\f")
            case 0x0A: put("\\n")
            case 0x0D: put("\\r")
            case 0x09: put("\\t")
            case 0..<0x20, 0x7F:
                put("\\u00")
                put(byte < 0x10 ? "0" : "")
                put(String(byte, radix: 16))
            default: bytes.append(byte)
            }
        }
        put("\"")
    }
}
