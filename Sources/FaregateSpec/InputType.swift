// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
package import FaregateValues

/// The type of an input: one of CEL's, as the file spells it.
package indirect enum InputType: Sendable, Hashable {
    case string, int, bool, double, duration, timestamp
    case list(InputType)
    case map(InputType, InputType)

    package static let names = ["string", "int", "bool", "double", "duration", "timestamp", "list(…)", "map(…, …)"]

    /// Why a value is not of a type.
    package struct Problem: Error, Sendable, Hashable {
        package var text: String
    }

    package init?(_ text: String) {
        var rest = Substring(text)
        guard let type = Self.parse(&rest, depth: 0), rest.allSatisfy({ $0 == " " }) else { return nil }
        self = type
    }

    private static func parse(_ text: inout Substring, depth: Int) -> InputType? {
        guard depth < 8 else { return nil }
        text = text.drop { $0 == " " }
        let name = text.prefix { $0.isLetter }
        text = text.dropFirst(name.count)
        func take(_ character: Character) -> Bool {
            text = text.drop { $0 == " " }
            guard text.first == character else { return false }
            text = text.dropFirst()
            return true
        }
        switch name {
        case "string": return .string
        case "int": return .int
        case "bool": return .bool
        case "double": return .double
        case "duration": return .duration
        case "timestamp": return .timestamp
        case "list":
            guard take("("), let element = parse(&text, depth: depth + 1), take(")") else { return nil }
            return .list(element)
        case "map":
            guard take("("), let key = parse(&text, depth: depth + 1), take(","),
                let value = parse(&text, depth: depth + 1), take(")")
            else { return nil }
            return .map(key, value)
        default: return nil
        }
    }

    package var article: String { (self == .int ? "an " : "a ") + name }

    package var name: String {
        switch self {
        case .string: "string"
        case .int: "int"
        case .bool: "bool"
        case .double: "double"
        case .duration: "duration"
        case .timestamp: "timestamp"
        case .list(let element): "list(\(element.name))"
        case .map(let key, let value): "map(\(key.name), \(value.name))"
        }
    }

    /// A value of a file as this type; texts become durations and timestamps here.
    package func read(_ value: Value) -> Result<Value, Problem> {
        switch (self, value) {
        case (.string, .string), (.int, .int), (.bool, .bool), (.double, .double), (.duration, .duration),
            (.timestamp, .timestamp):
            return .success(value)
        case (.double, .int(let number)): return .success(.double(Double(number)))
        case (.duration, .string(let text)):
            if let duration = Duration.parse(text) { return .success(.duration(duration)) }
        case (.timestamp, .string(let text)):
            if let timestamp = Timestamp.parse(text) { return .success(.timestamp(timestamp)) }
        case (.list(let element), .list(let items)):
            var read: [Value] = []
            for item in items {
                switch element.read(item) {
                case .success(let value): read.append(value)
                case .failure(let problem): return .failure(problem)
                }
            }
            return .success(.list(read))
        case (.map(let key, let element), .map(let map)):
            var read = ValueMap()
            for (name, item) in map {
                switch (key.read(name), element.read(item)) {
                case (.success(let name), .success(let value)): read[value: name] = value
                case (.failure(let problem), _), (_, .failure(let problem)): return .failure(problem)
                }
            }
            return .success(.map(read))
        default: break
        }
        return .failure(Problem(text: TerminalText.fit(JSON.write(value), 80)))
    }

    /// A value given as text, on the command line or in the environment.
    package func read(text: String) -> Result<Value, Problem> {
        let problem = Result<Value, Problem>.failure(Problem(text: "'\(text)'"))
        switch self {
        case .string: return .success(.string(text))
        case .int: return Int64(text).map { .success(.int($0)) } ?? problem
        case .double: return Double(text).map { $0.isFinite ? .success(.double($0)) : problem } ?? problem
        case .bool: return text == "true" ? .success(true) : text == "false" ? .success(false) : problem
        case .duration, .timestamp: return read(.string(text))
        case .list, .map:
            guard let value = try? JSON.read(text) else { return problem }
            return read(value)
        }
    }
}
