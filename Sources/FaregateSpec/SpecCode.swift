// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The findings of this module, each with what it is about. Codes are stable for ever.
package enum SpecCode: String, Sendable, CaseIterable {
    // Shape and names.
    case unknownKey = "FG0101"
    case missingKey = "FG0102"
    case wrongKind = "FG0103"
    case unknownName = "FG0104"
    case unknownStatus = "FG0105"
    case unknownOperation = "FG0106"
    case unknownLifecycle = "FG0107"
    case takenName = "FG0108"
    case notOneVerb = "FG0109"
    case badTemplate = "FG0110"
    case wrongType = "FG0111"
    case misplacedKey = "FG0112"
    case unknownTarget = "FG0113"
    case unknownFlow = "FG0114"
    case lastBranch = "FG0115"
    case repeatedEdge = "FG0116"
    case badDuration = "FG0117"
    case unknownEvent = "FG0118"
    case badVersion = "FG0119"
    // The graph.
    case unreachable = "FG0201"
    // Conditions.
    case badExpression = "FG0301"
    // Scenarios.
    case unknownActor = "FG0401"
    case unknownChoice = "FG0402"
    case unknownInput = "FG0403"
    case unknownState = "FG0404"
    case badMatrix = "FG0410"
    case badScenarioInput = "FG0411"
    // Lifecycles.
    case overlappingRows = "FG0501"
    case badRow = "FG0502"
    case unknownFootnote = "FG0503"
    case repeatedRow = "FG0504"
    // Policies.
    case notOneForm = "FG0601"
    case badPattern = "FG0602"
}
