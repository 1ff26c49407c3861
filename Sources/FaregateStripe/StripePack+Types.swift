// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
package import FaregateSpec
import FaregateValues

extension StripePack {
    /// What expressions of a flow may read, in the names of an API version.
    package func types(version: String) -> DataTypes {
        let tables = FieldTables.shared
        var objects: [String: CELType] = [:]
        for (name, fields) in tables.fields where name != "error" {
            objects[name] = .record(Self.record(name, fields, version))
        }
        return DataTypes(
            objects: objects,
            error: .record(RecordType(name: "error", fields: tables.fields["error"] ?? [:])),
            methods: .map(.string, tables.method), currencies: .map(.string, .dyn))
    }

    private static func record(_ name: String, _ fields: [String: CELType], _ version: String) -> RecordType {
        var record = RecordType(name: name, fields: fields)
        let date = version.prefix(10)
        if name == "payment_intent" || name == "setup_intent" {
            for (now, former) in Versions.formerFields(version) {
                record.fields[former] = record.fields.removeValue(forKey: now)
            }
        }
        // The lists of charges were left out of intents, and much of customers and charges was renamed before.
        if date < "2022-11-15" {
            if name == "payment_intent" { record.fields["charges"] = .dyn }
            if name == "customer" || name == "charge" { record.isOpen = true }
        }
        return record
    }
}

/// The fields of the API's objects, read once: those that are published, and those that the mock shows.
private struct FieldTables: Sendable {
    var fields: [String: [String: CELType]] = [:]
    /// A row of the table of payment methods.
    var method = CELType.dyn

    static let shared = FieldTables()

    private init() {
        for (name, types) in Tables.table("fields")["fields"]?.map ?? [:] {
            for (type, names) in types.map ?? [:] {
                let type = InputType(type.string ?? "")?.celType ?? .dyn
                for field in names.list ?? [] { fields[name.string ?? "", default: [:]][field.string ?? ""] = type }
            }
        }
        for (name, body) in Tables.shared.bodies.map ?? [:] {
            for key in body.map?.keys ?? [] where fields[name.string ?? ""]?[key.string ?? ""] == nil {
                fields[name.string ?? "", default: [:]][key.string ?? ""] = .dyn
            }
        }
        for type in Tables.shared.methods.map?.keys ?? [] {
            let name = type.string ?? ""
            if fields["payment_method"]?[name] == nil { fields["payment_method", default: [:]][name] = .dyn }
        }
        method = Self.method(Tables.shared.methodColumns)
    }

    private static func method(_ columns: Value?) -> CELType {
        var fields: [String: CELType] = ["id": .string]
        for (name, column) in columns?.map ?? [:] {
            let type = column["type"]?.string ?? ""
            fields[name.string ?? ""] = InputType(type.hasSuffix("?") ? String(type.dropLast()) : type)?.celType ?? .dyn
        }
        for row in Tables.shared.methods.map?.values ?? [] {
            for key in row.map?.keys ?? [] where fields[key.string ?? ""] == nil { fields[key.string ?? ""] = .dyn }
        }
        return .record(RecordType(name: "a payment method of the table", fields: fields))
    }
}
