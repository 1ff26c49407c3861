// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateValues

extension ErrorWords {
    /// What the API's errors are called: those that are published, and those that the mock gives.
    static func stripe(_ declines: Declines) -> ErrorWords {
        let table = Tables.table("errors")
        func words(_ name: String) -> [String] { (table[name]?.list ?? []).compactMap(\.string) }
        return ErrorWords(types: words("types"), codes: words("codes"), declines: declines.words)
    }
}
