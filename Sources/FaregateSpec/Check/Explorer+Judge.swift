// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateText
import FaregateValues

// What only the whole search can tell: what was never reached, what goes round, what leads nowhere.
extension Explorer {
    func judge() {
        settleWaits()
        guard !isOverBudget else { return }
        judgeStates()
        for number in flow.states.indices where firstVisits[number] != nil { judgeEdges(number) }
        judgeLoops()
        judgeEnds()
    }

    private func report(
        _ code: CheckCode, _ severity: Finding.Severity, _ state: Int, subject: String = "", at span: Span,
        _ message: String,
        because: [String] = [], help: String? = nil, related: [Finding.Mark] = [], story: UInt32? = nil
    ) {
        findings.note(
            .init(
                code: code, severity: severity, state: state, subject: subject, span: span, message: message,
                because: because, help: help, configuration: story, checkCase: nil, tier: .likely, related: related),
            self)
    }

    // MARK: Waits

    /// A status that a wait may find on entry and has no edge for is waited through, whenever it comes and however rarely
    /// the wait begins in it; unless the entry is assumed, or supposed, and the status is not.
    private func settleWaits() {
        findings.removeAll { entry in
            entry.waiting.flatMap { waits[entry.state].entered[$0] }.map { $0 <= max(entry.tier, .rare) } ?? false
        }
        // Who is told that a status has no edge need not be told that the wait does not end there.
        let unhandled = Set(
            findings.records.compactMap { record in record.entry.waiting.map { [record.entry.state, $0] } })
        findings.removeAll { entry in entry.met.contains { unhandled.contains([entry.state, $0]) } }
        for (number, state) in flow.states.enumerated() where waits[number].visited && waits[number].neverWaited {
            report(
                .neverWaits, .note, number, at: state.verbSpan,
                "'\(state.name)' never waits: what it waits for is the case whenever it is reached")
        }
    }

    // MARK: Never reached

    private func isDead(_ exit: Exit) -> Bool { !taken.contains(exit) && !takenIfSupposed.contains(exit) }

    /// States whose ways out say nothing, for something was wrong before one could be taken.
    private func isSilent(_ state: Int) -> Bool {
        switch flow.states[state].verb {
        case .choose(let branches) where branches.isEmpty: return true
        case .run(let name, _) where flows.number(of: name) == nil: return true
        default: break
        }
        return isNeverAllowed(state) || findings.contains(.unboundObject, state: state)
            || (waits[state].visited && waits[state].neverWaited)
    }

    private func judgeStates() {
        var sources: [Int: [(state: Int, span: Span)]] = [:]
        for (number, state) in flow.states.enumerated() {
            for branch in state.branches {
                if case .state(let target) = branch.target {
                    sources[target, default: []].append((number, branch.span))
                }
            }
        }
        for (number, state) in flow.states.enumerated() where firstVisits[number] == nil {
            // Where all that leads here is dead as well, the first of them is reported.
            let visited = (sources[number] ?? []).filter { firstVisits[$0.state] != nil }
            guard let first = visited.first,
                !visited.contains(where: { isSilent($0.state) || isCutShort($0.state, number) })
            else { continue }
            // An edge may be there to be prepared for what the check knows nothing of.
            let isPrepared = visited.contains { prepares($0.state, for: number) }
            report(
                .deadState, isPrepared ? .warning : .error, number, at: state.span,
                "no case ever reaches the state '\(state.name)'",
                because: ["the edge in '\(flow.states[first.state].name)' that leads to it is never taken"],
                help: "remove it, or correct the edge in line \(first.span.start.line)",
                related: [.init(in: flow.file, at: first.span, label: "never taken")])
        }
    }

    private func judgeEdges(_ number: Int) {
        let state = flow.states[number]
        guard !isSilent(number) else { return }
        for (position, edge) in state.edges.enumerated() {
            for (at, branch) in edge.branches.enumerated() {
                guard isDead(Exit(state: number, group: .edge, number: position, branch: at)),
                    !leadsToDead(branch), isWorthReporting(edge, number)
                else { continue }
                let name = edgeName(edge.key)
                let what = edge.branches.count > 1 ? "a branch of '\(name)'" : "'\(name)'"
                report(
                    .deadEdge, .warning, number, subject: "\(position).\(at)",
                    at: edge.branches.count > 1 ? branch.span : edge.span,
                    "\(what) can never happen in '\(state.name)'",
                    because: [whyDead(edge.key, state)].compactMap { $0 },
                    help: "remove the edge")
            }
        }
        if case .choose(let branches) = state.verb {
            for (at, branch) in branches.enumerated() {
                guard isDead(Exit(state: number, group: .choose, number: 0, branch: at)), !leadsToDead(branch),
                    !isCutShort(branch, number)
                else { continue }
                report(
                    .deadEdge, .warning, number, subject: "choose.\(at)", at: branch.span,
                    branch.condition.map { "'\($0.source)' is false whenever '\(state.name)' is reached" }
                        ?? "the last branch of '\(state.name)' is never taken: a guard before it always holds",
                    help: "remove the branch")
            }
        }
        if case .call(let call) = state.verb { judgeCatches(number, state, call) }
    }

    /// Whether a guard may never have held only because something else is wrong: whoever comes back seldom, counts little.
    private func isCutShort(_ branch: FlowGraph.Branch, _ state: Int) -> Bool {
        guard branch.condition?.program.references.contains(where: { $0.path[0] == "visits" }) ?? false else {
            return false
        }
        return flow.statesAhead(of: state).contains { ahead in
            findings.records.contains { $0.entry.state == ahead && Self.endings.contains($0.entry.code) }
        }
    }

    private func isCutShort(_ state: Int, _ target: Int) -> Bool {
        flow.states[state].branches.contains { $0.target == .state(target) && isCutShort($0, state) }
    }

    /// Findings behind which a run does not go on.
    private static let endings: [CheckCode] = [
        .unhandledStatus, .unhandledError, .neverAllowed, .deadReference, .unboundObject,
    ]

    private func leadsToDead(_ branch: FlowGraph.Branch) -> Bool {
        if case .state(let target) = branch.target { firstVisits[target] == nil } else { false }
    }

    /// Whether a state may have an edge to another one in advance: it knows of what happens, and of more than that; or
    /// the check does not know of all that may happen there.
    private func prepares(_ number: Int, for target: Int) -> Bool {
        let state = flow.states[number]
        let isTaken = state.edges.enumerated().contains { position, edge in
            edge.branches.indices.contains { !isDead(Exit(state: number, group: .edge, number: position, branch: $0)) }
        }
        return state.edges.contains { edge in
            edge.branches.contains { $0.target == .state(target) } && (isTaken || !isWorthReporting(edge, number))
        }
    }

    private func isWorthReporting(_ edge: FlowGraph.Edge, _ number: Int) -> Bool {
        let state = flow.states[number]
        // One key of several, and a block that other states repeat, serve somewhere.
        let isShared = flow.states.indices.contains { other in
            flow.states[other].edges.enumerated().contains { position, twin in
                guard twin.span == edge.span, other != number || twin.key != edge.key else { return false }
                if case .status(let object, let status) = twin.key, other == number, canBeCaused(status, object, other)
                {
                    return true
                }
                return twin.branches.indices.contains {
                    !isDead(Exit(state: other, group: .edge, number: position, branch: $0))
                }
            }
        }
        if isShared { return false }
        switch (state.verb, edge.key) {
        case (.call(let call), .status(let object, let status)):
            // A read may be prepared for more than can be seen.
            let operation = oracle.models[flow.objects[call.object].lifecycle].lifecycle.operations[call.operation].name
            return operation != "retrieve" && !isRare(status, object)
        case (.wait, .status(let object, let status)):
            return !canBeCaused(status, object, number) && !isRare(status, object) && !waits[number].neverWaited
        case (.wait, _): return false
        default: return true
        }
    }

    /// Whether somebody else can bring the status about while the flow waits: a cancel in the dashboard.
    private func canBeCaused(_ status: Int, _ object: Int, _ state: Int) -> Bool {
        let lifecycle = oracle.models[flow.objects[object].lifecycle].lifecycle
        return lifecycle.rows.contains { row in
            guard case .call(let operation, _) = row.trigger, lifecycle.operations[operation].route?.takesID == true,
                row.outcome == .to(status), row.then == nil
            else { return false }
            return row.from.members.contains { waits[state].present.contains(Self.packed(object, $0)) }
        }
    }

    /// Whether some row marked as rare leads to the status: who is prepared for it is right.
    private func isRare(_ status: Int, _ object: Int) -> Bool {
        oracle.models[flow.objects[object].lifecycle].lifecycle.rows.contains { $0.rare && $0.outcome == .to(status) }
    }

    private func whyDead(_ key: FlowGraph.Key, _ state: FlowGraph.State) -> String? {
        switch (state.verb, key) {
        case (.call(let call), .status(let object, let status)):
            "\(operationName(call)) never answers '\(statusName(status, of: object))' here"
        case (.wait, .status(let object, let status)):
            "nothing leads '\(flow.objects[object].name)' to '\(statusName(status, of: object))' from where it is here"
        case (.run(let name, _), .final(let final)): "'\(name)' never ends in '\(final)' from here"
        default: nil
        }
    }

    private func edgeName(_ key: FlowGraph.Key) -> String {
        switch key {
        case .status(let object, let status): statusName(status, of: object)
        case .signal(let signal): flow.signals[signal].name
        case .event(let type): type
        case .final(let name): name
        }
    }

    private func judgeCatches(_ number: Int, _ state: FlowGraph.State, _ call: FlowGraph.Call) {
        let model = oracle.models[flow.objects[call.object].lifecycle]
        for (position, caught) in state.catches.enumerated() {
            guard model.codes.contains(caught.key), !Self.ownKeys.contains(caught.key),
                caught.branches.indices.allSatisfy({
                    isDead(Exit(state: number, group: .caught, number: position, branch: $0))
                }),
                !caught.branches.allSatisfy(leadsToDead)
            else { continue }
            let isShared = state.catches.enumerated().contains { other, twin in
                twin.span == caught.span && other != position
                    && twin.branches.indices.contains {
                        !isDead(Exit(state: number, group: .caught, number: other, branch: $0))
                    }
            }
            if isShared { continue }
            report(
                .deadCatch, .warning, number, subject: caught.key, at: caught.span,
                "the error '\(caught.key)' never comes in '\(state.name)'",
                because: ["\(operationName(call)) is never refused with it here"], help: "remove the line")
        }
    }

    // MARK: Loops and ends

    private func judgeLoops() {
        var reported: Set<Int> = []
        for (isBounded, code) in [(false, CheckCode.endlessLoop), (true, .unboundedRetry)] {
            let loops = Components.cycles(count: configurations.count) { number in
                self.successors[number].filter { link in
                    link.tier < .supposed && (isBounded ? link.kind != .signal : link.kind == .step)
                }.map { Int($0.target) }
            }
            for loop in loops {
                let states = Set(loop.map { configurations[UInt32($0)].state }).sorted()
                if states.contains(where: { reported.contains($0) }) { continue }
                reported.formUnion(states)
                for number in loop { faulty.insert(UInt32(number)) }
                // Told from the state that a run comes to first.
                let state = states.min { firstVisits[$0]! < firstVisits[$1]! }!
                let start = loop.first { configurations[UInt32($0)].state == state }!
                let names = round(from: start, within: Set(loop)).joined(separator: ", ")
                let name = flow.states[state].name
                report(
                    code, isBounded ? .warning : .error, state, at: flow.states[state].span,
                    isBounded
                        ? "'\(name)' may be repeated without a bound"
                        : "'\(name)' may go round for ever without a wait",
                    because: ["\(names) leads back to '\(name)'"],
                    help: "count the visits:    {guard: visits.\(name) > 3, target: <state>}", story: firstVisits[state]
                )
            }
        }
    }

    /// The states of the shortest way round.
    private func round(from start: Int, within loop: Set<Int>) -> [String] {
        var before: [Int: Int] = [:]
        var pending = [start]
        var next = 0
        while next < pending.count {
            let number = pending[next]
            next += 1
            for link in successors[number] where loop.contains(Int(link.target)) && link.tier < .supposed {
                let target = Int(link.target)
                if target == start {
                    var names: [String] = []
                    var at: Int? = number
                    while let here = at {
                        names.append(flow.states[configurations[UInt32(here)].state].name)
                        at = here == start ? nil : before[here]
                    }
                    return names.reversed()
                }
                if before[target] == nil {
                    before[target] = number
                    pending.append(target)
                }
            }
        }
        return [flow.states[configurations[UInt32(start)].state].name]
    }

    private func judgeEnds() {
        var sources: [[Int]] = (0..<configurations.count).map { _ in [] }
        for (number, links) in successors.enumerated() {
            for link in links { sources[Int(link.target)].append(number) }
        }
        var pending = ends.map(Int.init) + faulty.map(Int.init).sorted() + splits.map(Int.init).sorted()
        // What has no successor at all has been reported where it stopped.
        pending += successors.indices.filter { successors[$0].isEmpty }
        var good = Set(pending)
        while let number = pending.popLast() {
            for source in sources[number] where good.insert(source).inserted { pending.append(source) }
        }
        let lost = (0..<configurations.count).filter { !good.contains($0) && tiers[$0] < .supposed }
        // All that is lost ends in circles; those that nothing leaves are where it went wrong.
        let circles = Components.cycles(count: configurations.count) { number in
            good.contains(number) ? [] : successors[number].map { Int($0.target) }
        }
        let last = circles.filter { circle in
            !good.contains(circle[0])
                && circle.allSatisfy { number in
                    successors[number].allSatisfy { circle.contains(Int($0.target)) }
                }
        }
        guard let number = last.first?.first ?? lost.first, !lost.isEmpty else { return }
        let state = configurations[UInt32(number)].state
        report(
            .noWayOut, .error, state, at: flow.states[state].span,
            "no final state can be reached from '\(flow.states[state].name)'", story: UInt32(number))
    }
}

/// Strongly connected components, without recursion.
enum Components {
    /// The components that contain a cycle, each sorted, in the order of their smallest member.
    static func cycles(count: Int, _ successors: (Int) -> [Int]) -> [[Int]] {
        var index = [Int](repeating: -1, count: count)
        var low = [Int](repeating: 0, count: count)
        var isOpen = [Bool](repeating: false, count: count)
        var stack: [Int] = []
        var counter = 0
        var found: [[Int]] = []
        for root in 0..<count where index[root] < 0 {
            var work: [(node: Int, links: [Int], next: Int)] = []
            func open(_ node: Int) {
                index[node] = counter
                low[node] = counter
                counter += 1
                stack.append(node)
                isOpen[node] = true
                work.append((node, successors(node), 0))
            }
            open(root)
            while let top = work.last {
                if top.next < top.links.count {
                    work[work.count - 1].next += 1
                    let target = top.links[top.next]
                    if index[target] < 0 {
                        open(target)
                    } else if isOpen[target] {
                        low[top.node] = min(low[top.node], index[target])
                    }
                    continue
                }
                work.removeLast()
                if let parent = work.last { low[parent.node] = min(low[parent.node], low[top.node]) }
                guard low[top.node] == index[top.node] else { continue }
                var component: [Int] = []
                while let node = stack.popLast() {
                    isOpen[node] = false
                    component.append(node)
                    if node == top.node { break }
                }
                if component.count > 1 || top.links.contains(top.node) { found.append(component.sorted()) }
            }
        }
        return found.sorted { $0[0] < $1[0] }
    }
}
