// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What the check of a flow against its lifecycles can find. Codes are stable for ever.
///
/// `FG0201`, a state that nothing leads to, is found by the reader of flows already.
package enum CheckCode: String, Sendable, CaseIterable {
    case deadState = "FG0202"
    case unhandledStatus = "FG0203"
    case unhandledError = "FG0204"
    case neverAllowed = "FG0205"
    case deadReference = "FG0206"
    case deadEdge = "FG0207"
    case deadCatch = "FG0208"
    case endlessWait = "FG0209"
    case endlessLoop = "FG0210"
    case unboundedRetry = "FG0211"
    case noWayOut = "FG0212"
    case leftHolding = "FG0213"
    case leftBehind = "FG0214"
    case unboundObject = "FG0215"
    case neverWaits = "FG0216"
    case assertionFails = "FG0217"
    case notProven = "FG0218"

    /// One line for the list of codes.
    package var meaning: String {
        switch self {
        case .deadState: "a state that edges lead to and no case ever reaches"
        case .unhandledStatus: "a status that may come and has no edge"
        case .unhandledError: "an error that may come and is not caught"
        case .neverAllowed: "a call that is refused in every case"
        case .deadReference: "a parameter that names an object which can never be used again"
        case .deadEdge: "an edge that no case ever takes"
        case .deadCatch: "an error that is caught and never comes"
        case .endlessWait: "a wait that may never end"
        case .endlessLoop: "states that go round without a wait or a counted visit"
        case .unboundedRetry: "states that are repeated without a bound"
        case .noWayOut: "a state from which no final state can be reached"
        case .leftHolding: "an object that still holds money when the flow ends"
        case .leftBehind: "an object that is replaced by a new one before it has ended"
        case .unboundObject: "a name that stands for no object yet where it is used"
        case .neverWaits: "a wait for what is the case already"
        case .assertionFails: "an assertion that is known to be false"
        case .notProven: "a flow with too many situations to look at each"
        }
    }
}
