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
            methods: .record(tables.methods), currencies: .record(tables.currencies))
    }

    /// The fields of objects that are points in time.
    static var times: [String: Set<String>] {
        FieldTables.shared.fields.mapValues { fields in Set(fields.filter { $0.value == .timestamp }.keys) }
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
    var methods = RecordType(fields: [:])
    var currencies = RecordType(fields: [:])

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
        methods = Self.table(Tables.shared.methods, Self.method(Tables.shared.methodColumns), "the table of methods")
        currencies = Self.table(Tables.shared.currencies, Self.currency, "the table of currencies")
    }

    /// Rows of one type by their names.
    private static func table(_ rows: Value, _ row: CELType, _ name: String) -> RecordType {
        let names = (rows.map?.keys ?? []).compactMap(\.string)
        return RecordType(name: name, fields: Dictionary(names.map { ($0, row) }) { first, _ in first }, item: row)
    }

    private static var currency: CELType {
        let rows = Tables.shared.currencies.map?.values ?? []
        let names = Set(rows.flatMap { $0.map?.keys ?? [] }.compactMap(\.string))
        return .record(
            RecordType(
                name: "a currency of the table",
                fields: Dictionary(uniqueKeysWithValues: names.map { ($0, CELType.dyn) })))
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
