// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import Faregate
import FaregateEngine
import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateText
import FaregateValues
import FaregateVerify
import Foundation

/// The flows that come with the package, ready to be run.
struct Shipped {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path()

    static func text(_ name: String) -> String {
        (try? String(contentsOfFile: "\(root)/flows/\(name).yaml", encoding: .utf8)) ?? ""
    }

    static let names = ["detach", "direct-redirect", "setup-then-charge"]

    let flow: FlowGraph
    let findings: [Finding]
    let interpreter: Interpreter
    let simulator: Simulator

    init(_ text: String, path: String = "flow.yaml", pack: StripePack = .standard) {
        let (flow, findings) = FlowDecoder.decode(SourceText(path: path, text: text), catalog: pack.catalog)
        self.flow =
            flow ?? FlowDecoder.decode(SourceText(path: "", text: "flow: none"), catalog: pack.catalog).flow!
        self.findings = findings
        interpreter = Interpreter(flows: FlowSet([self.flow]), catalog: pack.catalog)
        simulator = Simulator(catalog: pack.catalog, provider: pack.provider)
    }

    init(named name: String, pack: StripePack = .standard) {
        self.init(Self.text(name), path: "flows/\(name).yaml", pack: pack)
    }

    var driver: TestDriver { TestDriver(interpreter: interpreter, simulator: simulator) }

    /// Every case of every scenario.
    var cases: [ScenarioCase] {
        let expander = ScenarioExpander(flow: flow, number: 0, catalog: interpreter.catalog) { _, _ in ["token": ""] }
        return flow.scenarios.flatMap { expander.cases(of: $0).cases }
    }

    func run(_ driver: TestDriver? = nil, _ item: ScenarioCase? = nil) -> CaseResult {
        let runner = ScenarioRunner(driver: driver ?? self.driver, seed: "0")
        return runner.run(item ?? cases[0])
    }
}
