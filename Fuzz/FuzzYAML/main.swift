// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateText
import Foundation
import FuzzDriver

// Any bytes: read as YAML, and the first findings printed.
exit(
    fuzz { start, count in
        let source = SourceText(path: "fuzz.yaml", bytes: bytes(start, count))
        let findings = YAMLReader.read(source).findings
        _ = FindingPrinter(sources: [source], width: 80).text(for: Array(findings.prefix(3)))
        return 0
    })
