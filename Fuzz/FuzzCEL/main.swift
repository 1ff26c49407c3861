// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateCEL
import FaregateValues
import Foundation
import FuzzDriver

// Any text: parsed as an expression and computed, with a few names of each kind.
exit(
    fuzz { start, count in
        let text = String(decoding: bytes(start, count), as: UTF8.self)
        guard case .success(let program) = Program.parse(text) else { return 0 }
        _ = program.evaluate { name in
            switch name {
            case "a": 1
            case "s": "text"
            case "l": [1, "two", .null]
            case "m": ["k": ["n": 2]]
            case "u": .unknown("u")
            default: nil
            }
        }
        return 0
    })
