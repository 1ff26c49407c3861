// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

// One form for each situation, whichever way led to it.
extension AbstractWorld {
    /// The same world with its objects in the order in which the names lead to them.
    ///
    /// Objects that no name leads to any more are gone, but for those that may yet move one that is left: a payment that the
    /// flow has made anew, and that its customer may still authorize, uses up the method of both.
    func canonical(_ oracle: RowOracle) -> AbstractWorld {
        if isCanonical { return self }
        let (order, place) = reached()
        func moved(_ number: Int) -> Int { number >= 0 ? place[number] : number }
        var world = AbstractWorld(objects: [], names: names.map(moved))
        world.objects = order.map { number in
            var object = objects[number]
            object.references = object.references.map(moved)
            object.seenReferences = object.seenReferences.map(moved)
            return object
        }
        if order.count < objects.count { world.append(nameless(place, oracle)) }
        return world
    }

    /// The objects that names lead to, in the order in which they do, and by number where each stands there; -1 for all others.
    func reached() -> (order: [Int], place: [Int]) {
        var order: [Int] = []
        var place = [Int](repeating: -1, count: objects.count)
        func visit(_ number: Int) {
            if number >= 0, place[number] < 0 {
                place[number] = order.count
                order.append(number)
            }
        }
        for name in names { visit(name) }
        var next = 0
        while next < order.count {
            let object = objects[order[next]]
            for slot in 0..<Slots.capacity { visit(object.references[slot]) }
            for slot in 0..<Slots.capacity { visit(object.seenReferences[slot]) }
            next += 1
        }
        return (order, place)
    }

    /// Whether each object comes after those that are named before it, and none is left over: the common case, at no cost.
    private var isCanonical: Bool {
        var known = 0
        func isInOrder(_ number: Int) -> Bool {
            if number == known { known += 1 }
            return number < known
        }
        guard names.allSatisfy(isInOrder) else { return false }
        var next = 0
        while next < known {
            guard objects[next].references.allSatisfy(isInOrder), objects[next].seenReferences.allSatisfy(isInOrder)
            else { return false }
            next += 1
        }
        return known == objects.count
    }

    // MARK: Objects without a name

    /// An object that no name leads to, then those that only it leads to.
    private struct Nameless {
        /// Their references count from the first of them on, after all objects that have names.
        var objects: [AbstractObject]
        /// The same in numbers: what is equal is as good as one, for what one of them has moved the other leaves as it is.
        var signature: [Int]
    }

    /// - Parameter place: by number, where an object is kept; -1 for all others.
    private func nameless(_ place: [Int], _ oracle: RowOracle) -> [Nameless] {
        var found: [Nameless] = []
        for number in objects.indices where place[number] < 0 {
            let moved = movedAlong(by: number, oracle.models) { place[$0] >= 0 }
            if moved.isEmpty { continue }
            let group = nameless(number, moving: moved, place, oracle)
            if !found.contains(where: { $0.signature == group.signature }) { found.append(group) }
        }
        return found.sorted { $0.signature.lexicographicallyPrecedes($1.signature) }
    }

    /// The slots of the kept objects that an object may take along by itself.
    private func movedAlong(by number: Int, _ models: [LifecycleModel], _ isKept: (Int) -> Bool) -> Set<Int> {
        let object = objects[number]
        guard object.status >= 0 else { return [] }
        return models[object.lifecycle].movedAlong[object.status].filter { slot in
            let other = object.references[slot]
            guard other >= 0, isKept(other) else { return false }
            let status = objects[other].status
            return status < 0 || !models[objects[other].lifecycle].ended.contains(status)
        }
    }

    private func nameless(_ first: Int, moving moved: Set<Int>, _ place: [Int], _ oracle: RowOracle) -> Nameless {
        let start = place.count { $0 >= 0 }
        var numbers = [first]
        var group = Nameless(objects: [], signature: [])
        while group.objects.count < numbers.count {
            var object = objects[numbers[group.objects.count]]
            // Nobody looks at it or calls anything on it any more: what is left is how it moves.
            object.belief = StatusSet()
            object.isFresh = false
            object.isDue = false
            object.seenReferences = Slots(repeating: AbstractObject.unknown)
            if group.objects.isEmpty {
                let model = oracle.models[object.lifecycle]
                for slot in model.slots.indices
                where !moved.contains(slot) && !model.decidingMoves.contains(model.slots[slot]) {
                    object.references[slot] = AbstractObject.none
                }
                object.data = oracle.data(decidingMovesIn: object.data, of: model)
            }
            object.references = object.references.map { other in
                if other < 0 { return other }
                if place[other] >= 0 { return place[other] }
                if !numbers.contains(other) { numbers.append(other) }
                return start + numbers.firstIndex(of: other)!
            }
            group.objects.append(object)
            group.signature += [object.lifecycle, object.status, object.method, Int(object.data), object.isOwn ? 1 : 0]
            for slot in 0..<Slots.capacity { group.signature.append(object.references[slot]) }
        }
        return group
    }

    private mutating func append(_ groups: [Nameless]) {
        let start = objects.count
        for group in groups {
            let shift = objects.count - start
            for var object in group.objects {
                object.references = object.references.map { $0 >= start ? $0 + shift : $0 }
                objects.append(object)
            }
        }
    }
}
