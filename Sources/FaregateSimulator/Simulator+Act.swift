// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateSpec
import FaregateValues

// What somebody outside decides at once: a customer at a page, an operator at the controls.
extension Simulator {
    /// The choices by which an object can leave its status, or change in it, at present.
    package func openChoices(of id: String, in world: World) -> [Lifecycle.Choice] {
        guard let object = world.objects[id] else { return [] }
        let transaction = Transaction(
            world: world, catalog: catalog, provider: provider, request: nil, params: [:], lifecycle: object.lifecycle,
            operation: "", subject: id, requestID: "", root: "", decide: { _ in ChoiceWords(name: "") },
            notice: { _, _ in })
        let facts = transaction.facts(of: id, lifecycle: object.lifecycle)
        var open: [Lifecycle.Choice] = []
        for match in catalog.graphs[object.lifecycle].moves(from: object.status, facts: facts) where match.certain {
            if case .choice(let choice) = match.row.trigger, !open.contains(choice) { open.append(choice) }
        }
        return open
    }

    /// Lets an actor make its choice now, whatever it had in mind before.
    ///
    /// - Returns: whether the choice was open.
    package func act(
        _ choice: Lifecycle.Choice, argument: String? = nil, on id: String, _ world: inout World,
        decide: @escaping (Decision) -> ChoiceWords, notice: @escaping (String, String) -> Void = { _, _ in }
    ) -> Bool {
        guard openChoices(of: id, in: world).contains(choice), let object = world.objects[id] else { return false }
        world.schedule.add(
            World.Move(due: world.now, object: id, entry: object.entry, cause: .choice(choice, argument: argument)))
        advance(&world, to: world.now, decide: decide, notice: notice)
        return true
    }
}
