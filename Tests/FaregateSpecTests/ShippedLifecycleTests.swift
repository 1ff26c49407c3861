// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateStripe
import FaregateText
import Foundation
import Testing

@Suite struct ShippedLifecycleTests {
    @Test func theyAreReadWithoutAFinding() {
        for source in StripePack.lifecycleSources {
            let findings = LifecycleDecoder.decode(source).findings
            #expect(findings.isEmpty, "\(source.path): \(findings.map(\.message))")
        }
        let names = ["customer", "payment_method", "setup_intent", "payment_intent", "mandate", "charge", "refund"]
        #expect(Set(StripePack.lifecycles.map(\.name)).isSuperset(of: names))
    }

    @Test func noTwoRowsContradictEachOther() {
        for lifecycle in StripePack.lifecycles {
            let findings = LifecycleCheck(lifecycle).findings(among: StripePack.lifecycles.map(\.name))
            #expect(findings.isEmpty, "\(lifecycle.name): \(findings.map { "\($0.message) \($0.notes)" })")
        }
    }

    @Test func rowsThatBothApplyAreFound() throws {
        let text = """
            lifecycle: gate
            statuses: {open: {}, shut: {}}
            operations: {push: "POST /v1/gates/{id}/push"}
            facts: {paid: object.paid == true}
            transitions:
              - {id: G1, call: push, from: shut, if: paid, to: open}
              - {id: G2, call: push, from: shut, stay: true}
              - {id: G3, call: push, from: open, if: "!paid", to: shut}
              - {id: G4, call: push, from: open, if: paid, stay: true}
            """
        let (lifecycle, findings) = LifecycleDecoder.decode(SourceText(path: "gate.yaml", text: text))
        #expect(findings.isEmpty)
        let found = LifecycleCheck(try #require(lifecycle)).findings(among: [])
        #expect(found.map(\.message) == ["G1 and G2 may both be enabled"])
        #expect(found[0].span.start.line == 7)
    }

    @Test func footnotesOneAndTwoAreThere() {
        let intent = StripePack.lifecycles.first { $0.name == "payment_intent" }!
        #expect(intent.footnoteTexts.keys.sorted() == [1, 2])
        #expect(
            intent.statuses.filter { $0.footnote == 1 }.map(\.name) == ["requires_payment_method", "requires_action"])
        #expect(
            intent.status(named: "requires_source", version: "2018-11-08")
                == intent.status(named: "requires_payment_method"))
        #expect(intent.status(named: "requires_source", version: "2019-02-11") == nil)
        #expect(intent.rows.filter { $0.footnote == 2 }.map(\.id) == ["P61", "P62", "P62a"])
    }

    /// Only `FaregateSpec` may look at rows; everybody else asks `LifecycleGraph`.
    @Test func nobodyElseInterpretsRows() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)!
        for case let file as URL in files where file.pathExtension == "swift" && !file.path().contains("/FaregateSpec/")
        {
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(!text.contains("lifecycle.rows"), "\(file.lastPathComponent) reads rows by itself")
        }
    }
}
