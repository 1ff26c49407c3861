// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

// Writes a Swift file in which text files stand as string literals. A literal costs the compiler next to nothing,
// where an array of bytes costs seconds. YAML in a folder `tables` becomes JSON: nobody is told a place in it, and JSON is read
// faster whenever the program starts.
//
// Usage: embed-text OUTPUT.swift ENUM FILE...

import FaregateText

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

func fail(_ message: String) -> Never {
    let line = Array("embed-text: \(message)\n".utf8)
    _ = write(2, line, line.count)
    exit(1)
}

func contents(_ path: String) -> String {
    guard let file = fopen(path, "rb") else { fail("cannot read \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { break }
        bytes.append(contentsOf: buffer[..<count])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { fail("\(path) is not UTF-8") }
    return text
}

/// A table as JSON, without remarks.
func table(_ path: String, _ text: String) -> String {
    let document = YAMLReader.read(SourceText(path: path, text: text))
    guard let root = document.root, document.findings.isEmpty else {
        fail("\(path) cannot be read: \(document.findings.first?.message ?? "it says nothing")")
    }
    return json(root)
}

func json(_ node: YAMLNode) -> String {
    switch node.kind {
    case .mapping(let entries):
        "{" + entries.map { quoted($0.key.text ?? "") + ":" + json($0.value) }.joined(separator: ",") + "}"
    case .sequence(let items): "[" + items.map(json).joined(separator: ",") + "]"
    case .scalar(let scalar):
        switch scalar.core {
        case .null: "null"
        case .bool(let value): String(value)
        case .int(let value): String(value)
        case .double(let value): String(value)
        case .string(let text): quoted(text)
        }
    }
}

func quoted(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": json += "\\\(scalar)"
        case "\n": json += "\\n"
        case _ where scalar.value < 0x20: fail("no table has control characters")
        default: json.unicodeScalars.append(scalar)
        }
    }
    return json + "\""
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { fail("usage: embed-text OUTPUT.swift ENUM FILE...") }

var source = "/// Text files of this target, by name, in the order of their names.\nenum \(arguments[2]) {\n"
source += "    static let files: [(name: String, text: String)] = [\n"
for path in arguments.dropFirst(3).sorted() {
    var name = path.split(separator: "/").last.map(String.init) ?? path
    var text = contents(path)
    if path.hasSuffix(".yaml"), path.split(separator: "/").dropLast().last == "tables" {
        text = table(path, text)
        name = name.dropLast(4) + "json"
    }
    var fence = "###"
    while text.contains("\"\"\"" + fence) || text.contains("\\" + fence) { fence += "#" }
    source += "        (\"\(name)\", \(fence)\"\"\"\n\(text)\n\"\"\"\(fence)),\n"
}
source += "    ]\n}\n"

guard let output = fopen(arguments[1], "wb") else { fail("cannot write \(arguments[1])") }
fputs(source, output)
fclose(output)
