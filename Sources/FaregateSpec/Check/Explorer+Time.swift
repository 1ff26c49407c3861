// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues

// The search knows no time: a clock may run out whenever it runs. What needs more time than a story has must say so.
extension Explorer {
    /// What has to be assumed for moves that take longer than the flow has waited on its way here.
    func haste(_ moves: [Cause], _ here: Here) -> String? {
        let slow = moves.filter { $0.delay != nil }
        guard !slow.isEmpty, let time = timeTaken(until: here.number) else { return nil }
        guard let first = slow.first(where: { $0.delay!.seconds > time }) else { return nil }
        return "\(first.delay!.compact) are over by then (\(first.row))"
    }

    /// The most seconds that the states on the shortest way to a situation may take, itself included; nil where nothing bounds them.
    private func timeTaken(until number: UInt32) -> Int64? {
        var time: Int64 = 0
        var at: UInt32? = number
        var steps = 0
        while let here = at, steps < 10_000 {
            guard let most = mostSeconds(flow.states[configurations[here].state]) else { return nil }
            time += most
            at = parents[Int(here)]?.from
            steps += 1
        }
        return depth > 0 ? nil : time
    }

    private func mostSeconds(_ state: FlowGraph.State) -> Int64? {
        switch state.verb {
        case .call, .choose, .emit, .final: return 0
        case .run: return nil
        case .wait(let wait):
            if case .time(let template) = wait.subject { return seconds(template) }
            return state.after.first.flatMap { seconds($0.delay) }
        }
    }

    private func seconds(_ template: Template) -> Int64? {
        switch template {
        case .literal(.string(let text)): Duration.parse(text)?.seconds
        case .literal(.duration(let duration)): duration.seconds
        default: nil
        }
    }
}
