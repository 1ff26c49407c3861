// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec

extension ParameterTable {
    /// What the API takes on a route, as flows are checked against; nil where nothing is known of it.
    func shapes(_ route: String) -> [String: ParameterShape]? { routes[route].map(Self.shapes) }

    private static func shapes(_ fields: [String: ParameterType.Field]) -> [String: ParameterShape] {
        Dictionary(
            uniqueKeysWithValues: fields.map { name, field in
                // Published as any text, and a type of payment method all the same.
                if name == "payment_method_types" { return (name, .list(.methodType)) }
                return (name, shape(field.type))
            })
    }

    private static func shape(_ type: ParameterType) -> ParameterShape {
        switch type {
        case .text: .text
        case .word(let words): .word(words)
        case .int: .int
        case .number: .number
        case .bool: .bool
        case .list(let inner): .list(shape(inner))
        case .map(let inner): .map(shape(inner))
        case .members(let fields): .members(shapes(fields))
        case .either(let types): .either(types.map(shape))
        }
    }
}
