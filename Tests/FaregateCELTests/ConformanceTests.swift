// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import FaregateCEL
@testable import FaregateValues

/// The cases of google/cel-spec as a table: data beside the repository, not part of it.
@Suite struct ConformanceTests {
    static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "../shared/cel/conformance.json").standardizedFileURL

    static var isPresent: Bool { FileManager.default.fileExists(atPath: file.path) }

    @Test(.enabled(if: isPresent, "the conformance cases are not beside the package (../shared/cel)"))
    func passesEveryCase() throws {
        let cases = try #require(try JSON.read(Data(contentsOf: Self.file)).list)
        var failures: [String] = []
        for item in cases {
            let id = ["file", "section", "name"].map { item[$0]?.string ?? "" }.joined(separator: "/")
            if let problem = Self.problem(with: item) { failures.append("\(id): \(problem)") }
        }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        #expect(cases.count == 1086)
        print("conformance: \(cases.count - failures.count) of \(cases.count) passed")
    }

    /// A runner that cannot fail proves nothing.
    @Test(.enabled(if: isPresent, "the conformance cases are not beside the package (../shared/cel)"))
    func acceptsNoCaseWithAFalseExpectation() throws {
        for var item in try #require(try JSON.read(Data(contentsOf: Self.file)).list).compactMap(\.map) {
            if item["expect"]?["error"] != nil {
                item["expect"] = ["value": ["null": .null]]
            } else if item["check_only"] == true {
                item["expect"] = ["type": "false"]
            } else {
                item["expect"] = ["value": ["string": "no case has this value"]]
            }
            #expect(Self.problem(with: .map(item)) != nil)
        }
    }

    /// What differs from the expectation of a case; nil for a case that passes.
    private static func problem(with item: Value) -> String? {
        let source = item["expr"]?.string ?? ""
        let expected = item["expect"] ?? .null
        let wantsError = expected["error"] != nil
        let program: Program
        switch Program.parse(source) {
        case .success(let parsed): program = parsed
        case .failure(let diagnostic):
            return wantsError ? nil : "`\(source)` does not parse: \(diagnostic.message) at \(diagnostic.range)"
        }

        if item["disable_check"] != true {
            var types: [String: CELType] = [:]
            for (name, type) in item["env"]?.map ?? [:] { types[name.string ?? ""] = TypeText.parse(type.string ?? "") }
            for (name, _) in item["bindings"]?.map ?? [:] where types[name.string ?? ""] == nil {
                types[name.string ?? ""] = .dyn
            }
            let (type, diagnostics) = program.check(TypeEnvironment(types))
            if let first = diagnostics.first {
                return wantsError ? nil : "`\(source)` does not check: \(first.message) at \(first.range)"
            }
            if let wanted = expected["type"]?.string, wanted != type.description {
                return "`\(source)` is \(type), not \(wanted)"
            }
        }
        if item["check_only"] == true { return nil }

        var bindings: [String: Value] = [:]
        for (name, value) in item["bindings"]?.map ?? [:] {
            bindings[name.string ?? ""] = ConformanceValue.decode(value)
        }
        switch program.evaluate({ bindings[$0] }) {
        case .success(let value):
            if wantsError { return "`\(source)` is \(value), not an error" }
            let wanted = ConformanceValue.decode(expected["value"] ?? .null)
            return value == wanted ? nil : "`\(source)` is \(value), not \(wanted)"
        case .failure(let error):
            return wantsError ? nil : "`\(source)` fails: \(error.message)"
        }
    }
}

/// The encoding of values in the cases: objects of one key, which is the kind.
enum ConformanceValue {
    static func decode(_ encoded: Value) -> Value {
        guard let (key, content) = encoded.map?.first(where: { _ in true }) else { return .null }
        let kind = key.string ?? ""
        let text = content.string ?? ""
        switch kind {
        case "bool", "string": return content
        case "int": return .int(Int64(text)!)
        case "uint": return .uint(UInt64(text)!)
        case "double": return .double(text == "NaN" ? .nan : Double(text)!)
        case "bytes": return .bytes(Base64.decode(text)!)
        case "timestamp": return .timestamp(Timestamp.parse(text)!)
        case "duration": return .duration(Duration.parse(text)!)
        case "list": return .list((content.list ?? []).map(decode))
        case "map":
            var map = ValueMap()
            for entry in content.list ?? [] {
                guard let pair = entry.list else { continue }
                map[value: decode(pair[0])] = decode(pair[1])
            }
            return .map(map)
        case "type": return .type(text)
        default: return .null
        }
    }
}

/// The types of the cases: `map(string, list(dyn))`.
enum TypeText {
    static func parse(_ text: String) -> CELType {
        var rest = Substring(text.filter { $0 != " " })
        return parse(&rest)
    }

    private static func parse(_ rest: inout Substring) -> CELType {
        let name = String(rest.prefix { $0.isLetter })
        rest = rest.dropFirst(name.count)
        var arguments: [CELType] = []
        if rest.first == "(" {
            repeat {
                rest = rest.dropFirst()
                arguments.append(parse(&rest))
            } while rest.first == ","
            rest = rest.dropFirst()
        }
        switch name {
        case "int": return .int
        case "uint": return .uint
        case "double": return .double
        case "bool": return .bool
        case "string": return .string
        case "bytes": return .bytes
        case "null": return .null
        case "timestamp": return .timestamp
        case "duration": return .duration
        case "list": return .list(arguments[0])
        case "map": return .map(arguments[0], arguments[1])
        case "type": return .type(arguments.first ?? .dyn)
        default: return .dyn
        }
    }
}
