// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSimulator
package import FaregateSpec
package import FaregateText
package import FaregateValues

/// Everything that Faregate knows of Stripe: lifecycles, payment methods, test tokens, wording. Part of the program.
package struct StripePack: Sendable {
    package let catalog: Catalog
    package let provider: Provider
    /// Rows of `tokens.yaml`.
    package let tokens: [Value]

    /// The newest version that the facts were read for.
    package static let version = "2026-07-29.dahlia"

    package static let standard = StripePack(lifecycles: lifecycles)

    /// The lifecycles as shipped. What is wrong with one of them is a fault of ours, found by a test.
    package static let lifecycles: [Lifecycle] = lifecycleSources.compactMap { LifecycleDecoder.decode($0).lifecycle }

    package static let lifecycleSources: [SourceText] = EmbeddedText.files
        .filter { $0.name.hasSuffix(".lifecycle.yaml") }
        .map { SourceText(path: "stripe/\($0.name)", text: $0.text) }

    package init(lifecycles: [Lifecycle]) {
        let tables = Tables.shared
        catalog = Catalog(
            lifecycles: lifecycles, methods: tables.methods, currencies: tables.currencies, version: Self.version,
            tokenTypes: tables.testTokens.types, verifiedTokens: tables.testTokens.verified,
            formerParams: Versions.formerParams, errors: .stripe(tables.declines), releases: Versions.releases,
            times: Self.times, parameters: { tables.parameters.shapes($0) })
        tokens = tables.testTokens.rows
        provider = .stripe(tables)
    }
}

/// The tables of the pack, read once.
package struct Tables: Sendable {
    let methods: Value
    /// What the columns of `methods` are.
    let methodColumns: Value
    let currencies: Value
    let testTokens: TestTokens
    let declines: Declines
    let bodies: Value
    /// Parameters that an object shows under their own names, by its kind.
    let kept: [String: [String]]
    let details: MethodDetails
    let largestAmount: Int64
    let nextActions: [String: Template]
    /// `routes.yaml`
    let routes: Value
    let parameters: ParameterTable
    let expansion: Expansion

    static let shared = Tables()

    private init() {
        func source(_ name: String) -> SourceText {
            SourceText(path: name, text: EmbeddedText.files.first { $0.name == name }?.text ?? "")
        }
        func read(_ name: String) -> YAMLNode? { YAMLReader.read(source(name)).root }
        let table = Self.table("methods")
        methodColumns = table["columns"] ?? .map([:])
        var methods = ValueMap()
        for (key, entry) in table["methods"]?.map ?? [:] {
            guard case .map(var columns) = entry else { continue }
            columns["id"] = key
            methods[value: key] = .map(columns)
        }
        self.methods = .map(methods)
        let currencies = Self.table("currencies")
        self.currencies = Self.all(currencies)
        largestAmount = currencies["maximum"]?.int ?? 99_999_999
        testTokens = TestTokens(Self.table("tokens"))
        routes = Self.table("routes")
        parameters = ParameterTable(published: Self.table("parameters"), own: routes)
        expansion = Expansion(routes)
        declines = Declines(Self.table("declines"))
        let bodies = read("bodies.yaml")
        self.bodies = bodies?["bodies"]?.data ?? .map([:])
        kept = (bodies?["kept"]?.data.map ?? [:]).reduce(into: [:]) {
            $0[$1.key.string ?? ""] = ($1.value.list ?? []).compactMap(\.string)
        }
        details = MethodDetails(read("details.yaml"), source("details.yaml"))
        var actions: [String: Template] = [:]
        if let node = bodies?["next_actions"], case .mapping(let entries) = node.kind {
            var reader = TreeReader(source: source("bodies.yaml"))
            for entry in entries {
                if let name = entry.key.text { actions[name] = reader.template(entry.value) }
            }
        }
        nextActions = actions
    }

    /// A file of the folder `tables`, which is JSON by now.
    package static func table(_ name: String) -> Value {
        let text = EmbeddedText.files.first { $0.name == name + ".json" }?.text ?? ""
        return (try? JSON.read(text)) ?? .map([:])
    }

    /// The currencies of the table, and those that it names without a row.
    private static func all(_ table: Value) -> Value {
        var all = table["currencies"]?.map ?? [:]
        for name in (table["others"]?.string ?? "").split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if all[String(name)] == nil { all[String(name)] = table["default"] ?? .map([:]) }
        }
        return .map(all)
    }
}
