// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

/// Reads `application/x-www-form-urlencoded` by the API's rules for nested values: bodies and query strings.
///
/// `a[b]=1` is a map, `a[]=1` and `a[0]=1` are lists, all values are texts: what type a parameter has, others know.
package enum FormDecoding {
    /// What a text may cost.
    package struct Limits: Sendable {
        package var parameters: Int
        package var depth: Int

        package init(parameters: Int = 1000, depth: Int = 12) {
            self.parameters = parameters
            self.depth = depth
        }
    }

    /// Why a text is no form; the wording is for the caller.
    package struct Problem: Error, Sendable, Hashable {
        package var message: String
        package var param: String?

        package init(message: String, param: String? = nil) {
            self.message = message
            self.param = param
        }
    }

    package static func decode(_ text: some Collection<UInt8>, limits: Limits = Limits()) throws(Problem) -> ValueMap {
        let root = Node()
        var count = 0
        for pair in text.split(separator: UInt8(ascii: "&")) {
            count += 1
            if count > limits.parameters {
                throw Problem(message: "There are more than \(limits.parameters) parameters.")
            }
            let at = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try unescape(pair[..<at])
            let value = at == pair.endIndex ? "" : try unescape(pair[pair.index(after: at)...])
            let path = try path(name, limits)
            try root.insert(value, at: path[...], name)
        }
        return root.map
    }

    /// `a[b][]` as `a`, `b`, and an empty step.
    private static func path(_ name: String, _ limits: Limits) throws(Problem) -> [String] {
        guard let open = name.firstIndex(where: { $0 == "[" || $0 == "]" }) else { return [name] }
        guard open != name.startIndex, name[open] == "[", name.hasSuffix("]") else {
            throw Problem(message: "The name of a parameter is malformed: '\(name)'.", param: name)
        }
        let inner = name[name.index(after: open)...].dropLast()
        var path = [String(name[..<open])]
        var step = ""
        var isBetween = false
        for character in inner {
            switch character {
            case "]" where !isBetween:
                path.append(step)
                step = ""
                isBetween = true
            case "[" where isBetween: isBetween = false
            case "[", "]": throw Problem(message: "The name of a parameter is malformed: '\(name)'.", param: name)
            default:
                if isBetween { throw Problem(message: "The name of a parameter is malformed: '\(name)'.", param: name) }
                step.append(character)
            }
        }
        path.append(step)
        if path.count > limits.depth { throw Problem(message: "Parameters are nested too deeply.", param: path[0]) }
        return path
    }

    private static func unescape(_ bytes: some Collection<UInt8>) throws(Problem) -> String {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let byte = bytes[index]
            bytes.formIndex(after: &index)
            switch byte {
            case UInt8(ascii: "+"): plain.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = digit(bytes, &index), let low = digit(bytes, &index) else {
                    throw Problem(message: "A percent sign in the parameters is not followed by two digits.")
                }
                plain.append(high << 4 | low)
            default: plain.append(byte)
            }
        }
        guard let text = String(validating: plain, as: UTF8.self) else {
            throw Problem(message: "The parameters are not valid UTF-8.")
        }
        return text
    }

    private static func digit<Bytes: Collection<UInt8>>(_ bytes: Bytes, _ index: inout Bytes.Index) -> UInt8? {
        guard index != bytes.endIndex else { return nil }
        let byte = bytes[index]
        bytes.formIndex(after: &index)
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): return byte - UInt8(ascii: "A") + 10
        default: return nil
        }
    }
}

/// A tree while it grows.
private final class Node {
    private var text: String?
    private var members: [(step: String, node: Node)] = []
    private var places: [String: Int] = [:]

    func insert(_ value: String, at path: ArraySlice<String>, _ name: String) throws(FormDecoding.Problem) {
        guard let step = path.first else {
            if !members.isEmpty { throw conflict(name) }
            text = value
            return
        }
        // `a=` beside `a[b]=1`: the empty value only says that there was nothing before.
        if text == "" { text = nil }
        if text != nil { throw conflict(name) }
        try member(step, path.dropFirst()).insert(value, at: path.dropFirst(), name)
    }

    private func conflict(_ name: String) -> FormDecoding.Problem {
        FormDecoding.Problem(
            message: "A parameter is given as a single value and as an object: '\(name)'.", param: name)
    }

    private func member(_ step: String, _ rest: ArraySlice<String>) -> Node {
        // `a[][b]=1&a[][c]=2` is one element, until a name comes again.
        if step.isEmpty, let next = rest.first, let last = members.last?.node, last.places[next] == nil { return last }
        let key = step.isEmpty ? String(members.count) : step
        if let place = places[key] { return members[place].node }
        let node = Node()
        places[key] = members.count
        members.append((key, node))
        return node
    }

    var map: ValueMap {
        var map = ValueMap()
        // The keys of metadata are the caller's own, numbers among them.
        for (step, node) in members { map[step] = step == "metadata" && node.text == nil ? .map(node.map) : node.value }
        return map
    }

    private var value: Value {
        if let text { return .string(text) }
        let numbers = members.map { Int($0.step) }
        if !numbers.contains(nil) {
            let order = members.indices.sorted { numbers[$0]! < numbers[$1]! }
            return .list(order.map { members[$0].node.value })
        }
        return .map(map)
    }
}
