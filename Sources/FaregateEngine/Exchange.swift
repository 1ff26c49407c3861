// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues
package import FaregateWire

/// One request of a run, and what came back.
package struct Exchange: Sendable, Hashable {
    /// The state that sent it, with the way to its sub-run: `deposit#1/pay`.
    package var state: String
    /// `payment_intent.confirm`
    package var operation: String
    package var at: Instant
    /// 0 for the first.
    package var attempt: Int
    package var request: Request
    /// nil: none came.
    package var response: Response?
    package var failure: Reply.Failure?
}

extension Trace {
    /// All requests in the order in which they were sent.
    package var exchanges: [Exchange] {
        var exchanges: [Exchange] = []
        var state = ""
        for entry in entries {
            switch entry.reply?.content {
            case .answer(let response):
                if let last = exchanges.indices.last, exchanges[last].isOpen { exchanges[last].response = response }
            case .failure(let failure):
                if let last = exchanges.indices.last, exchanges[last].isOpen { exchanges[last].failure = failure }
            default: break
            }
            for fact in entry.facts {
                switch fact {
                case .entered(let path, let name, _): state = path + name
                case .called(_, let lifecycle, let operation, let request, let attempt):
                    exchanges.append(
                        Exchange(
                            state: state, operation: "\(lifecycle).\(operation)", at: entry.at, attempt: attempt,
                            request: request))
                default: break
                }
            }
        }
        return exchanges
    }

    /// The edges that the flow's own states took, in order; those of sub-flows are not among them.
    package var edges: [(source: String, target: String)] {
        var edges: [(source: String, target: String)] = []
        // The flow's own state, and whether a sub-run is under way, whose states may have the same names.
        var own = ""
        var inner: String?
        for fact in entries.lazy.flatMap(\.facts) {
            switch fact {
            case .entered("", let state, _): (own, inner) = (state, nil)
            case .entered(_, let state, _): inner = state
            case .decided(_, _, "stay"): break
            case .decided(let state, _, let target):
                // A sub-run's end decides nothing itself: what is decided then belongs to the state that ran it.
                if state == inner { inner = nil } else if state == own { edges.append((state, target)) }
            default: break
            }
        }
        return edges
    }
}

extension Exchange {
    fileprivate var isOpen: Bool { response == nil && failure == nil }
}
