// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
package import FaregateValues

/// A route that only reads: a list, a search, a thing without a life of its own.
package struct Reading: Sendable {
    package var route: Lifecycle.Route
    /// What its parameters are listed under: `payment_intent.list`.
    package var name: String
    package var answer: @Sendable (Glance) throws(Refusal) -> Value

    package init(
        route: Lifecycle.Route, name: String, answer: @escaping @Sendable (Glance) throws(Refusal) -> Value
    ) {
        self.route = route
        self.name = name
        self.answer = answer
    }
}

/// What a reading sees of the world.
package struct Glance {
    package let world: World
    package let catalog: Catalog
    package let path: String
    /// What stands for the placeholders of the route, in order.
    package let ids: [String]
    package let params: ValueMap

    package func object(_ id: String?, of lifecycle: String) -> World.Object? {
        guard let id, let object = world.objects[id], catalog.name(of: object) == lifecycle else { return nil }
        return object
    }
}

extension Catalog {
    package func name(of object: World.Object) -> String { graphs[object.lifecycle].lifecycle.name }

    /// What the API shows of an object, in today's names.
    package func shown(_ object: World.Object) -> Value {
        if object.body["deleted"] == true {
            return ["id": .string(object.id), "object": object.body["object"] ?? .null, "deleted": true]
        }
        var body = object.body
        let lifecycle = graphs[object.lifecycle].lifecycle
        if lifecycle.statusExpression == nil { body["status"] = .string(lifecycle.statuses[object.status].name) }
        return .map(body)
    }
}
