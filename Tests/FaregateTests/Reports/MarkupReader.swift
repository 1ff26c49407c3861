// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A strict reader of XML, as small as reports need: elements, attributes, text, the five entities and numbers.
///
/// It takes nothing that a parser of XML would refuse: tags that do not match, names that occur twice, bare signs, control
/// characters. Comments, CDATA and processing instructions do not occur in reports, and are refused.
struct MarkupReader {
    struct Element {
        var name: String
        var attributes: [String: String] = [:]
        var children: [Element] = []
        /// Of this element alone.
        var text = ""

        func all(_ name: String) -> [Element] {
            children.flatMap { ($0.name == name ? [$0] : []) + $0.all(name) }
        }

        /// With what is inside.
        var wholeText: String { text + children.map(\.wholeText).joined() }
    }

    struct Problem: Error, CustomStringConvertible { var description: String }

    private let scalars: [Unicode.Scalar]
    private var at = 0
    /// Elements of HTML that have no end.
    private let empty: Set<String>

    /// - Parameter isHTML: some elements have no end, and styles are not read.
    static func read(_ text: String, isHTML: Bool = false) throws -> Element {
        var reader = MarkupReader(text, empty: isHTML ? ["meta", "br"] : [])
        return try reader.document(isHTML: isHTML)
    }

    private init(_ text: String, empty: Set<String>) {
        scalars = Array(text.unicodeScalars)
        self.empty = empty
    }

    private mutating func document(isHTML: Bool) throws -> Element {
        for scalar in scalars {
            switch scalar.value {
            case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: break
            default: throw Problem(description: "U+\(String(scalar.value, radix: 16)) is no character of XML")
            }
        }
        try expect(isHTML ? "<!doctype html>\n" : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        let root = try element()
        while at < scalars.count {
            guard scalars[at] == "\n" else { throw problem("something stands behind the end") }
            at += 1
        }
        return root
    }

    private mutating func element() throws -> Element {
        try expect("<")
        var element = Element(name: try name())
        while true {
            let hadSpace = skipSpace()
            if take("/>") { return element }
            if take(">") { break }
            guard hadSpace else { throw problem("no space before an attribute") }
            let key = try name()
            // Some attributes of HTML need no value.
            guard take("=\"") else {
                element.attributes[key] = ""
                continue
            }
            guard element.attributes[key] == nil else { throw problem("'\(key)' stands there twice") }
            element.attributes[key] = try text(until: "\"")
            at += 1
        }
        if empty.contains(element.name) { return element }
        while true {
            if element.name == "style" {
                while !starts(with: "</style>") { at += 1 }
            }
            element.text += try text(until: "<")
            if take("</") {
                let end = try name()
                guard end == element.name else { throw problem("</\(end)> ends <\(element.name)>") }
                try expect(">")
                return element
            }
            element.children.append(try self.element())
        }
    }

    private mutating func text(until end: Unicode.Scalar) throws -> String {
        var text = ""
        while at < scalars.count, scalars[at] != end {
            switch scalars[at] {
            case "&":
                let start = at
                while at < scalars.count, scalars[at] != ";" { at += 1 }
                let entity = String(String.UnicodeScalarView(scalars[start..<min(at + 1, scalars.count)]))
                let known = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'"]
                guard let character = known[entity] else { throw problem("'\(entity.prefix(20))' is no entity") }
                text += character
            case "<", ">": throw problem("a bare '\(scalars[at])'")
            default: text.unicodeScalars.append(scalars[at])
            }
            at += 1
        }
        guard at < scalars.count else { throw problem("the text ends too early") }
        return text
    }

    private mutating func name() throws -> String {
        let start = at
        while at < scalars.count,
            scalars[at].properties.isAlphabetic || "-_:0123456789".unicodeScalars.contains(scalars[at])
        {
            at += 1
        }
        guard at > start else { throw problem("a name is missing") }
        return String(String.UnicodeScalarView(scalars[start..<at]))
    }

    private mutating func skipSpace() -> Bool {
        let start = at
        while at < scalars.count, scalars[at] == " " || scalars[at] == "\n" { at += 1 }
        return at > start
    }

    private func starts(with text: String) -> Bool { scalars[at...].starts(with: text.unicodeScalars) }

    private mutating func take(_ text: String) -> Bool {
        guard starts(with: text) else { return false }
        at += text.unicodeScalars.count
        return true
    }

    private mutating func expect(_ text: String) throws {
        guard take(text) else { throw problem("'\(text)' is missing") }
    }

    private func problem(_ text: String) -> Problem {
        let near = scalars[max(0, at - 40)..<min(scalars.count, at + 40)]
        return Problem(description: "\(text), near: \(String(String.UnicodeScalarView(near)))")
    }
}
