// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSpec
import FaregateStripe
import FaregateText
import FaregateValues
import Testing

/// The tables as the program has them, and as people write them.
@Suite struct TableTests {
    @Test(arguments: ["methods", "tokens", "parameters", "declines", "currencies", "routes", "fields"])
    func tablesLoseNothingOnTheirWay(_ name: String) throws {
        let path = "Sources/FaregateStripe/tables/\(name).yaml"
        let text = try #require(Package.text(path))
        let written = try #require(YAMLReader.read(SourceText(path: path, text: text)).root?.data)
        #expect(Tables.table(name) == written)
        #expect(written.map?.isEmpty == false)
    }
}
