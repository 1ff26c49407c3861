// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateValues
import FaregateWire

/// A parameter that the API, or the mock, does not take.
struct ParameterFault: Error {
    /// "" where the API gives none.
    var code: String
    /// `payment_method_data[type]`
    var param: String
    var message: String
    /// The API would take it.
    var isNotModelled = false

    init(code: String, param: String = "", message: String) {
        self.code = code
        self.param = param
        self.message = message
    }

    func inside(_ name: String) -> ParameterFault {
        var fault = self
        guard let end = param.firstIndex(of: "[") else {
            fault.param = param.isEmpty ? name : "\(name)[\(param)]"
            return fault
        }
        fault.param = "\(name)[\(param[..<end])]\(param[end...])"
        return fault
    }

    /// The path stands in the message where the message says so.
    var refusal: Refusal {
        let text = message.replacingMark(with: param)
        return isNotModelled ? .notModelled(text, param: param) : .invalid(text, code: code, param: param)
    }
}

extension String {
    /// The text with a path in place of the mark.
    fileprivate func replacingMark(with path: String) -> String {
        guard let at = firstIndex(of: ParameterReader.mark) else { return self }
        return self[..<at] + path + self[index(after: at)...].replacingMark(with: path)
    }
}

extension Substring {
    fileprivate func replacingMark(with path: String) -> String { String(self).replacingMark(with: path) }
}

/// Brings parameters into their types. From the wire everything is a text; a flow's parameters have types already.
enum ParameterReader {
    /// A path in a message: which one it is turns out on the way up.
    fileprivate static let mark: Character = "\u{1}"

    static func members(
        _ given: ValueMap, _ fields: [String: ParameterType.Field]
    ) throws(ParameterFault) -> ValueMap {
        var accepted = ValueMap()
        for (key, value) in given {
            let name = key.string ?? FormEncoding.scalar(key)
            guard let field = fields[name] else {
                throw ParameterFault(
                    code: "parameter_unknown", param: name, message: "Received unknown parameter: \(mark)")
            }
            guard let value = value.sent else { continue }
            do throws(ParameterFault) {
                accepted[name] = try read(value, field)
            } catch {
                throw error.inside(name)
            }
        }
        for (name, field) in fields where field.isRequired && accepted[name] == nil {
            throw ParameterFault(code: "parameter_missing", param: name, message: "Missing required param: \(mark).")
        }
        return accepted
    }

    private static func read(_ value: Value, _ field: ParameterType.Field) throws(ParameterFault) -> Value {
        if value.isUnset {
            if field.mayBeEmpty { return "" }
            if case .members(let inner) = field.type, inner.isEmpty { return .map([:]) }
            throw ParameterFault(
                code: "parameter_invalid_empty",
                message: "You passed an empty string for '\(mark)'. We assume empty values are an attempt to unset a "
                    + "parameter; however '\(mark)' cannot be unset. Remove it from the request or give a value.")
        }
        if field.use == .none {
            var fault = ParameterFault(code: "", message: "Faregate's mock does not model the parameter '\(mark)'.")
            fault.isNotModelled = true
            throw fault
        }
        if case .text = field.type, case .string(let text) = value, text.allSatisfy(\.isWhitespace) {
            throw ParameterFault(
                code: "parameter_invalid_string_blank", message: "'\(mark)' cannot be whitespace alone.")
        }
        return try read(value, field.type)
    }

    private static func read(_ value: Value, _ type: ParameterType) throws(ParameterFault) -> Value {
        switch type {
        case .members(let fields): return .map(try members(try map(value), fields))
        case .map(let inner): return .map(try free(try map(value), inner))
        case .list(let inner): return .list(try list(value, inner))
        case .either(let types): return try either(value, types)
        default: return try scalar(value, type)
        }
    }

    private static func map(_ value: Value) throws(ParameterFault) -> ValueMap {
        switch value {
        case .map(let map): return map
        // `metadata[0]=x` looks like a list until its type is known.
        case .list(let items):
            return ValueMap(entries: items.enumerated().map { (key: .string(String($0)), value: $1) })
        default: throw ParameterFault(code: "", message: "Invalid object: \(mark) takes names and values.")
        }
    }

    private static func free(_ given: ValueMap, _ type: ParameterType) throws(ParameterFault) -> ValueMap {
        var accepted = ValueMap()
        for (key, value) in given {
            let name = key.string ?? FormEncoding.scalar(key)
            guard let value = value.sent else { continue }
            do throws(ParameterFault) {
                accepted[name] = value.isUnset ? "" : try read(value, type)
            } catch {
                throw error.inside(name)
            }
        }
        return accepted
    }

    private static func list(_ value: Value, _ type: ParameterType) throws(ParameterFault) -> [Value] {
        guard let items = value.list else {
            throw ParameterFault(code: "", message: "Invalid array: \(mark) takes a list.")
        }
        var accepted: [Value] = []
        for (number, item) in items.enumerated() {
            do throws(ParameterFault) { accepted.append(try read(item, type)) } catch {
                throw error.inside(String(number))
            }
        }
        return accepted
    }

    /// The first of several types that has the value's form.
    private static func either(_ value: Value, _ types: [ParameterType]) throws(ParameterFault) -> Value {
        var fault: ParameterFault?
        for type in types {
            do throws(ParameterFault) { return try read(value, type) } catch {
                // What is wrong inside says more than what is wrong with the form.
                if fault?.param.isEmpty ?? true { fault = error }
            }
        }
        throw fault ?? ParameterFault(code: "", message: "Invalid value for \(mark).")
    }

    private static func scalar(_ value: Value, _ type: ParameterType) throws(ParameterFault) -> Value {
        switch (type, value) {
        case (.int, .int), (.bool, .bool), (.text(nil), .string): return value
        case (_, .map), (_, .list):
            throw ParameterFault(code: "", message: "Invalid string: \(mark) takes a single value.")
        default: break
        }
        let text = FormEncoding.scalar(value)
        switch type {
        case .int:
            guard let number = Int64(text) else {
                throw ParameterFault(code: "parameter_invalid_integer", message: "Invalid integer: \(text)")
            }
            return .int(number)
        case .number:
            guard let number = Double(text) else {
                throw ParameterFault(code: "", message: "Invalid decimal: \(text)")
            }
            return .double(number)
        case .bool:
            // Official clients before 2025 write the words of Python and .NET, and the API takes them.
            switch text {
            case "true", "True": return .bool(true)
            case "false", "False": return .bool(false)
            default: throw ParameterFault(code: "", message: "Invalid boolean: \(text)")
            }
        case .word(let words):
            guard words.contains(text) else {
                throw ParameterFault(code: "", message: "Invalid \(mark): must be one of \(words.spoken)")
            }
        case .text(let limit?):
            if text.unicodeScalars.count > limit {
                throw ParameterFault(
                    code: "", message: "Invalid string: \(mark) must be at most \(limit) characters long.")
            }
        default: break
        }
        return .string(text)
    }
}

extension Value {
    /// Nil where the parameter is not sent at all.
    fileprivate var sent: Value? {
        if case .optional(let inner) = self { inner } else { self }
    }

    /// Sent as the empty text.
    fileprivate var isUnset: Bool {
        switch self {
        case .null, .string(""): true
        case .list(let items): items.isEmpty
        default: false
        }
    }
}

extension [String] {
    /// `a, b, or c`
    var spoken: String {
        count < 2 ? first ?? "" : dropLast().joined(separator: ", ") + ", or " + last!
    }
}
