// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

/// Reads `application/x-www-form-urlencoded` back into nested values; all scalars are texts.
package enum FormDecoding {
    /// Deeper names are cut off: nobody has parameters of that depth.
    private static let depth = 16

    /// Nil where an escape or a name cannot be read.
    package static func decode(_ text: String) -> ValueMap? {
        var root = Node()
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = unescape(parts[0]), let value = unescape(parts.count > 1 ? parts[1] : ""),
                let path = steps(name)
            else { return nil }
            root.insert(value, at: path[...])
        }
        return root.map
    }

    /// `a[b][]` as `a`, `b`, nothing.
    private static func steps(_ name: String) -> [String]? {
        var rest = name[...]
        let first = rest.prefix { $0 != "[" }
        guard !first.isEmpty else { return nil }
        var steps = [String(first)]
        rest = rest.dropFirst(first.count)
        while rest.first == "[" {
            guard let end = rest.firstIndex(of: "]"), steps.count < depth else { return nil }
            steps.append(String(rest[rest.index(after: rest.startIndex)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        return rest.isEmpty ? steps : nil
    }

    package static func unescape(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Names and values while they are gathered.
    private struct Node {
        private var text: String?
        private var names: [String] = []
        private var members: [String: Node] = [:]

        mutating func insert(_ value: String, at path: ArraySlice<String>) {
            guard let step = path.first else {
                text = value
                return
            }
            // `a[]` is one more; what belongs together in lists of maps repeats the last one until a name comes again.
            var name = step
            if step.isEmpty {
                let last = names.last ?? "0"
                let goesOn = path.count > 1 && members[last].map { !$0.has(path.dropFirst()) } ?? false
                name = goesOn ? last : String(names.count)
            }
            if members[name] == nil { names.append(name) }
            members[name, default: Node()].insert(value, at: path.dropFirst())
        }

        private func has(_ path: ArraySlice<String>) -> Bool {
            guard let step = path.first else { return true }
            guard let member = members[step] else { return false }
            return member.has(path.dropFirst())
        }

        var map: ValueMap {
            var map = ValueMap()
            for name in names { map[name] = members[name]!.value }
            return map
        }

        /// Names that count from zero are the places of a list.
        private var value: Value {
            if names.isEmpty { return .string(text ?? "") }
            let places = names.compactMap { Int($0) }.sorted()
            if places.count == names.count, places == Array(0..<names.count) {
                return .list(places.map { members[String($0)]!.value })
            }
            return .map(map)
        }
    }
}
