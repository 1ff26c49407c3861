// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
package import FaregateValues
import FaregateWire

/// What a pack adds to its rows: how things are written down. Who may go where is a matter of rows alone.
package struct Provider: Sendable {
    /// Routes beside the operations of the lifecycles.
    package var readings: [Reading]
    /// The parameters of a route by its name, in their types; what the API would refuse as such is refused here.
    package var accept: @Sendable (_ route: String, _ params: ValueMap) throws(Refusal) -> ValueMap
    /// A body with the objects that `expand` names in place of their ids.
    package var expanded: @Sendable (_ body: Value, _ params: ValueMap, World, Catalog) -> Value
    /// The answer to a path that leads nowhere.
    package var unrouted: @Sendable (_ method: String, _ path: String) -> Refusal
    /// The object that an id in the path stands for: a test token there makes a new one.
    package var resolved: @Sendable (inout Transaction, _ id: String) -> String
    /// Checks parameters and makes the objects that they ask for in passing (`payment_method_data`).
    package var validate: @Sendable (inout Transaction) throws(Refusal) -> Void
    /// The first body of an object that a call makes.
    package var fresh: @Sendable (Transaction, _ id: String) -> ValueMap
    /// The first body of an object that a row makes for another one.
    package var born: @Sendable (Transaction, _ lifecycle: String, _ id: String, _ parent: World.Object) -> ValueMap
    /// Cases in which a test token makes actors behave in another way than usual.
    package var situations: @Sendable (Transaction, _ id: String, _ method: World.Object?) -> [String]
    /// Fields that follow from a row: amounts, the next action, times.
    package var settle: @Sendable (inout Transaction, _ id: String, _ row: Lifecycle.Row) -> Void
    /// Fields that follow where a row of another object has moved this one.
    package var moved: @Sendable (inout Transaction, _ id: String, _ by: World.Object) -> Void
    /// What an attempt's error leaves behind beside the error itself.
    package var failed: @Sendable (inout Transaction, _ id: String, Complaint, _ error: ValueMap) -> Void
    /// An error in the API's words.
    package var refusal: @Sendable (Transaction, Complaint) -> Refusal
    /// Parameters of an older version in today's names.
    package var modern: @Sendable (_ params: Value, _ version: String) -> Value
    /// A body in an older version's names.
    package var rendered: @Sendable (_ body: Value, _ version: String) -> Value

    package init(
        readings: [Reading],
        accept: @escaping @Sendable (String, ValueMap) throws(Refusal) -> ValueMap,
        expanded: @escaping @Sendable (Value, ValueMap, World, Catalog) -> Value,
        unrouted: @escaping @Sendable (String, String) -> Refusal,
        resolved: @escaping @Sendable (inout Transaction, String) -> String,
        validate: @escaping @Sendable (inout Transaction) throws(Refusal) -> Void,
        fresh: @escaping @Sendable (Transaction, String) -> ValueMap,
        born: @escaping @Sendable (Transaction, String, String, World.Object) -> ValueMap,
        situations: @escaping @Sendable (Transaction, String, World.Object?) -> [String],
        settle: @escaping @Sendable (inout Transaction, String, Lifecycle.Row) -> Void,
        moved: @escaping @Sendable (inout Transaction, String, World.Object) -> Void,
        failed: @escaping @Sendable (inout Transaction, String, Complaint, ValueMap) -> Void,
        refusal: @escaping @Sendable (Transaction, Complaint) -> Refusal,
        modern: @escaping @Sendable (Value, String) -> Value,
        rendered: @escaping @Sendable (Value, String) -> Value
    ) {
        self.readings = readings
        self.accept = accept
        self.expanded = expanded
        self.unrouted = unrouted
        self.resolved = resolved
        self.validate = validate
        self.fresh = fresh
        self.born = born
        self.situations = situations
        self.settle = settle
        self.moved = moved
        self.failed = failed
        self.refusal = refusal
        self.modern = modern
        self.rendered = rendered
    }
}

/// What is to be refused, before it is put into words.
package struct Complaint: Sendable, Hashable {
    /// "" for an error without a code.
    package var code: String
    /// What the actor added: a decline code.
    package var argument: String?
    package var param: String?
    package var http: Int?
    /// The object that the error embeds.
    package var object: String?
    package var operation: String
    package var row: String?
    /// An attempt that failed by itself, not a request that was refused.
    package var isAttempt: Bool

    package init(
        code: String, argument: String? = nil, param: String? = nil, http: Int? = nil, object: String? = nil,
        operation: String, row: String? = nil, isAttempt: Bool = false
    ) {
        self.code = code
        self.argument = argument
        self.param = param
        self.http = http
        self.object = object
        self.operation = operation
        self.row = row
        self.isAttempt = isAttempt
    }
}
