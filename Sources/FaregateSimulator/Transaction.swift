// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
package import FaregateValues
package import FaregateWire

/// One request, or one move, on its way through the world.
package struct Transaction {
    package var world: World
    package let catalog: Catalog
    package let provider: Provider
    /// Empty for a move.
    package var request: Request?
    package var params: ValueMap
    package var lifecycle: Int
    package var operation: String
    /// The object that was asked for, or made.
    package var subject: String?
    package var requestID: String
    /// What ids are derived from.
    package var root: String
    private var made = 0
    /// The objects that the row in hand touches, as they were before it.
    var former: [String: World.Object] = [:]
    let decide: (Decision) -> ChoiceWords
    /// Hears of every row that is taken, by lifecycle and id.
    let notice: (String, String) -> Void

    init(
        world: World, catalog: Catalog, provider: Provider, request: Request?, params: ValueMap, lifecycle: Int,
        operation: String, subject: String?, requestID: String, root: String,
        decide: @escaping (Decision) -> ChoiceWords, notice: @escaping (String, String) -> Void
    ) {
        self.world = world
        self.catalog = catalog
        self.provider = provider
        self.request = request
        self.params = params
        self.lifecycle = lifecycle
        self.operation = operation
        self.subject = subject
        self.requestID = requestID
        self.root = root
        self.decide = decide
        self.notice = notice
    }

    package var lifecycleName: String { catalog.graphs[lifecycle].lifecycle.name }

    package func object(_ id: String?) -> World.Object? { id.flatMap { world.objects[$0] } }

    /// An object of one kind; nil where the id is another kind's.
    package func object(_ id: String?, of lifecycle: String) -> World.Object? {
        guard let object = object(id), catalog.graphs[object.lifecycle].lifecycle.name == lifecycle else { return nil }
        return object
    }

    package func statusName(_ object: World.Object) -> String {
        catalog.graphs[object.lifecycle].lifecycle.statuses[object.status].name
    }

    /// An id that depends on the request's key and on nothing that other requests do.
    package mutating func newID(_ lifecycle: String) -> String {
        let prefix = catalog.graph(named: lifecycle)?.lifecycle.prefix ?? lifecycle
        made += 1
        return "\(prefix)_\(StableHash("\(world.seed)/\(root)/\(lifecycle)/\(made)").base62.prefix(24))"
    }

    package mutating func add(_ id: String, lifecycle: String, status: String, body: ValueMap) {
        guard let number = catalog.number(of: lifecycle),
            let status = catalog.graphs[number].lifecycle.status(named: status)
        else { return }
        world.add(World.Object(id: id, lifecycle: number, status: status, body: body))
    }

    /// What the API shows of an object, in today's names.
    package func shown(_ object: World.Object) -> Value { catalog.shown(object) }

    // MARK: Facts

    /// All that rows ask about an object: a simulation knows everything.
    package func facts(of id: String?, body fresh: ValueMap? = nil, lifecycle number: Int) -> Facts {
        let lifecycle = catalog.graphs[number].lifecycle
        let object = object(id)
        let own = object.map { $0.body.merging($0.attributes) } ?? fresh ?? [:]
        var bindings: [String: Value] = [
            "params": .map(params), "object": .map(own), "profile": .string(world.profile),
            "version": .string(request?.version ?? world.accountVersion),
        ]
        for reference in lifecycle.references where reference.inverse == nil {
            bindings[reference.name] = referred(reference, own, bindings).map { described($0) } ?? .null
        }
        let type =
            bindings["payment_method"]?["type"]?.string ?? own["type"]?.string
            ?? bindings["charge"]?[path: "payment_method_details.type"]?.string
            ?? own["payment_method_types"]?.list?.first?.string
        bindings["method"] = type.flatMap { catalog.methods[$0] } ?? .null
        return Facts(lifecycle) { bindings[$0] }
    }

    private func referred(_ reference: Lifecycle.Reference, _ own: ValueMap, _ bindings: [String: Value]) -> World
        .Object?
    {
        for path in reference.paths {
            let holder = path.holder == "object" ? .map(own) : bindings[path.holder] ?? .null
            let id = path.isField ? holder[path.path] : holder[path: path.path]
            if let object = self.object(id?.string, of: reference.lifecycle) { return object }
        }
        return nil
    }

    private func described(_ object: World.Object) -> Value {
        var map = object.body.merging(object.attributes)
        map["status"] = .string(statusName(object))
        return .map(map)
    }

    /// The objects that a reference of an object stands for.
    func references(_ name: String, of id: String) -> [String] {
        guard let object = object(id), let reference = catalog.graphs[object.lifecycle].lifecycle.reference(named: name)
        else { return [] }
        if let inverse = reference.inverse {
            guard let number = catalog.number(of: reference.lifecycle) else { return [] }
            return world.ids(of: number).filter { world.objects[$0]?.body[inverse]?.string == id }
        }
        let own = object.body.merging(object.attributes)
        let bindings: [String: Value] = ["params": .map(params)]
        return referred(reference, own, bindings).map { [$0.id] } ?? []
    }
}
