// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate

/// One scenario of a flow file, as a case of a parameterised test:
///
/// ```swift
/// @Test(arguments: try FlowScenario.all(in: ["flows"]))
/// func holds(_ scenario: FlowScenario) async throws { try await scenario.check() }
/// ```
public struct FlowScenario: Sendable, CustomStringConvertible {
    /// The path of the file.
    public let path: String
    /// The flow's name.
    public let flow: String
    /// The scenario's name.
    public let name: String
    private let library: FlowLibrary

    /// All scenarios of files and folders, in the order of the files.
    ///
    /// - Parameters:
    ///   - paths: flow files, or folders with flow files; the flows that they run must be among them.
    ///   - configuration: the path of a `faregate.yaml`; nil for none.
    /// - Throws: ``ScenarioFailure`` where the files are wrong or have no scenario, `LoadError` where they cannot be read.
    public static func all(in paths: [String], configuration: String? = nil) throws -> [FlowScenario] {
        let library = try FlowLibrary(paths: paths, configuration: configuration)
        if library.isBroken { throw ScenarioFailure(library.report()) }
        let scenarios = library.contents.flatMap { flow in
            flow.scenarios.map { FlowScenario(path: flow.path, flow: flow.name, name: $0, library: library) }
        }
        if scenarios.isEmpty { throw ScenarioFailure("there is no scenario in \(paths.joined(separator: ", "))") }
        return scenarios
    }

    /// Runs the scenario on the built-in mock, all cells of its matrix.
    ///
    /// - Parameter seed: ids of the mock come from it.
    /// - Throws: ``ScenarioFailure`` with the whole report where it does not hold.
    public func check(seed: String = "0") async throws {
        let selection = TestSelection(scenarios: [(path: path, scenario: name)])
        let report = await library.test(selection, seed: seed, jobs: 1)
        if !report.passed { throw ScenarioFailure(report.text(for: library)) }
    }

    /// `direct-redirect: the customer refuses`
    public var description: String { "\(flow): \(name)" }
}

/// A scenario that does not hold, or files that have none; the description is the report.
public struct ScenarioFailure: Error, Sendable, CustomStringConvertible {
    public var description: String

    init(_ description: String) { self.description = description }
}
