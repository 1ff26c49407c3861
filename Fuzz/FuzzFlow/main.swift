// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateStripe
import FaregateText
import Foundation
import FuzzDriver

let catalog = StripePack.standard.catalog

// Any bytes: read as a flow, checked if it is one, and every finding printed.
exit(
    fuzz { start, count in
        let source = SourceText(path: "fuzz.yaml", bytes: bytes(start, count))
        var (flow, findings) = FlowDecoder.decode(source, catalog: catalog)
        if let flow, flow.states.count <= 40 {
            let checker = FlowChecker(flows: FlowSet([flow]), catalog: catalog, limits: .init(configurations: 300))
            findings += checker.check(0).findings
        }
        _ = FindingPrinter(sources: [source], width: 80).text(for: findings)
        return 0
    })
