// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateStripe
import FaregateText
import Foundation
import FuzzDriver

let catalog = StripePack.standard.catalog

// Any bytes: read as a flow, searched a little if it is much like one, and the first findings printed.
exit(
    fuzz { start, count in
        let source = SourceText(path: "fuzz.yaml", bytes: bytes(start, count))
        var (flow, findings) = FlowDecoder.decode(source, catalog: catalog)
        let errors = findings.count { $0.severity == .error }
        if let flow, errors < 2, flow.states.count < 20 {
            let checker = FlowChecker(flows: FlowSet([flow]), catalog: catalog, limits: .init(configurations: 50))
            findings += checker.check(0).findings
        }
        _ = FindingPrinter(sources: [source], width: 80).text(for: Array(findings.prefix(3)))
        return 0
    })
