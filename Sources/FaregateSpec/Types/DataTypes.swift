// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateCEL

/// What is known of the data that expressions read: the fields of the API's objects, of its errors, of its tables.
package struct DataTypes: Sendable {
    /// By the lifecycle's name. What is not listed may have any field.
    package var objects: [String: CELType]
    package var error: CELType
    package var methods: CELType
    package var currencies: CELType

    package init(
        objects: [String: CELType] = [:], error: CELType = .dyn, methods: CELType = .dyn, currencies: CELType = .dyn
    ) {
        self.objects = objects
        self.error = error
        self.methods = methods
        self.currencies = currencies
    }
}

extension InputType {
    package var celType: CELType {
        switch self {
        case .string: .string
        case .int: .int
        case .bool: .bool
        case .double: .double
        case .duration: .duration
        case .timestamp: .timestamp
        case .list(let element): .list(element.celType)
        case .map(let key, let value): .map(key.celType, value.celType)
        }
    }
}

extension FlowGraph {
    /// The types of all names that the flow's expressions may read.
    ///
    /// Open: names that nobody declares are found by the reader of flows, and are of any type here.
    ///
    /// - Parameter flows: those that sub-runs are looked for among.
    package func environment(_ types: DataTypes, catalog: Catalog, flows: FlowSet = FlowSet([])) -> TypeEnvironment {
        var variables: [String: CELType] = [
            "visits": .map(.string, .int), "now": .timestamp, "error": types.error, "event": .dyn, "omit": .dyn,
            "states": .record(subRuns(among: flows)), "methods": types.methods, "currencies": types.currencies,
            "test": .dyn,
        ]
        for input in inputs { variables[input.name] = InputType(input.type)?.celType ?? .dyn }
        for object in objects {
            let lifecycle = catalog.graphs[object.lifecycle].lifecycle.name
            variables[object.name] = types.objects[lifecycle] ?? .dyn
        }
        for signal in signals {
            var fields: [String: CELType] = [:]
            // `secret` and other words of the file's own stand for texts.
            for field in signal.fields { fields[field.name] = InputType(field.type)?.celType ?? .string }
            variables[signal.name] = .record(RecordType(name: signal.name, fields: fields))
        }
        return TypeEnvironment(variables, isOpen: true)
    }

    /// What states have brought: the outputs of their sub-runs.
    private func subRuns(among flows: FlowSet) -> RecordType {
        var fields: [String: CELType] = [:]
        for state in states {
            fields[state.name] = .dyn
            guard case .run(let name, _) = state.verb, let number = flows.number(of: name) else { continue }
            var known: [String: CELType] = [:]
            for case .final(let end) in flows.graphs[number].states.map(\.verb) {
                for output in end.outputs { known[output.key] = .dyn }
            }
            let record = RecordType(name: "what '\(name)' gives", fields: known)
            fields[state.name] = .record(
                RecordType(name: "'\(state.name)'", fields: ["outputs": .record(record), "final": .dyn]))
        }
        return RecordType(name: "'states'", fields: fields, isOpen: true)
    }
}
