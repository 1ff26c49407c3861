// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

// Writes a Swift file in which text files stand as string literals. A literal costs the compiler next to nothing,
// where an array of bytes costs seconds.
//
// Usage: embed-text OUTPUT.swift ENUM FILE...

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

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { fail("usage: embed-text OUTPUT.swift ENUM FILE...") }

var source = "/// Text files of this target, by name, in the order of their names.\nenum \(arguments[2]) {\n"
source += "    static let files: [(name: String, text: String)] = [\n"
for path in arguments.dropFirst(3).sorted() {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let text = contents(path)
    var fence = "###"
    while text.contains("\"\"\"" + fence) || text.contains("\\" + fence) { fence += "#" }
    source += "        (\"\(name)\", \(fence)\"\"\"\n\(text)\n\"\"\"\(fence)),\n"
}
source += "    ]\n}\n"

guard let output = fopen(arguments[1], "wb") else { fail("cannot write \(arguments[1])") }
fputs(source, output)
fclose(output)
