// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// A key and a value that only a colon parts: `2h:x`.
struct MissingSpace {
    var key: Range<Int>
    var value: Range<Int>

    init?(in range: Range<Int>, of source: SourceText) {
        let scalars = source.scalars
        guard let first = range.first, scalars[first] != "#", range.count <= RawText.scanLimit else { return nil }
        var colon: Int?
        for index in range where scalars[index] == ":" {
            guard index > range.lowerBound, index + 1 < range.upperBound else { return nil }
            // A key with a proper colon, or the address of a page.
            if scalars[index + 1].isBlank || scalars[index + 1] == "/" { return nil }
            colon = colon ?? index
        }
        guard let colon else { return nil }
        key = range.lowerBound..<colon
        value = colon + 1..<range.upperBound
    }

    func finding(in source: SourceText) -> Finding {
        let whole = key.lowerBound..<value.upperBound
        let pasted = RawText.pasted(
            replacing: [(whole, source.text(key) + ": " + source.text(value))], in: source)
        return ReadingCode.missingSpace.finding(
            in: source, at: whole, "a space is missing after the colon", help: "write" + pasted)
    }
}
