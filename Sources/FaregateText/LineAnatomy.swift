// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Where the values of a line begin and end in the eyes of its author.
///
/// `{guard: x[0] > 1, target: y}` has two values, `x[0] > 1` and `y`, although YAML gives up at the bracket.
struct LineAnatomy {
    struct Value {
        var range: Range<Int>
        var isFlow: Bool
    }

    private(set) var values: [Value] = []
    private let source: SourceText

    /// Lines longer than this are not looked at: a help for them would be unreadable anyway.
    private static let longestLine = 1_000
    private static let deepest = 16

    /// - Parameter isFlow: the line stands inside of brackets that an earlier line opened.
    init(line: Int, in source: SourceText, isFlow: Bool = false) {
        self.source = source
        let range = source.lineRange(line)
        guard range.count <= Self.longestLine else { return }
        var start = skipBlanks(range.lowerBound, to: range.upperBound)
        while start < range.upperBound, source.scalars[start] == "-",
            start + 1 == range.upperBound || source.scalars[start + 1].isBlank
        {
            start = skipBlanks(start + 1, to: range.upperBound)
        }
        if isFlow {
            items(from: start, to: range.upperBound, depth: 0)
        } else {
            entry(start..<RawText(from: start, to: range.upperBound, in: source, isFlow: false).range.upperBound)
        }
    }

    private func skipBlanks(_ start: Int, to end: Int) -> Int {
        var index = start
        while index < end, source.scalars[index].isBlank { index += 1 }
        return index
    }

    /// What stands between brackets, one entry after the other.
    private mutating func items(from start: Int, to end: Int, depth: Int) {
        var index = start
        while index < end, depth < Self.deepest {
            index = skipBlanks(index, to: end)
            let item = RawText(from: index, to: end, in: source, isFlow: true)
            entry(item.range, isFlow: true, depth: depth)
            index = skipBlanks(item.range.upperBound, to: end)
            guard index < end, source.scalars[index] == "," else { return }
            index += 1
        }
    }

    /// `key: value`, or a value alone.
    private mutating func entry(_ range: Range<Int>, isFlow: Bool = false, depth: Int = 0) {
        guard let colon = keyEnd(in: range) else { return value(range, isFlow, depth) }
        value(skipBlanks(colon + 1, to: range.upperBound)..<range.upperBound, isFlow, depth)
    }

    /// The colon after the key of an entry.
    private func keyEnd(in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        guard index < range.upperBound else { return nil }
        if source.scalars[index] == "{" || source.scalars[index] == "[" { return nil }
        var quote: Unicode.Scalar?
        if source.scalars[index] == "\"" || source.scalars[index] == "'" {
            quote = source.scalars[index]
            index += 1
        }
        while index < range.upperBound {
            let scalar = source.scalars[index]
            if quote != nil {
                if scalar == quote { quote = nil }
            } else if scalar == ":", index + 1 == range.upperBound || source.scalars[index + 1].isBlank {
                // `a ? b : c` has no key.
                return source.scalars[index - (index > range.lowerBound ? 1 : 0)].isBlank ? nil : index
            }
            index += 1
        }
        return nil
    }

    private mutating func value(_ range: Range<Int>, _ isFlow: Bool, _ depth: Int) {
        guard let first = range.first else { return }
        let scalar = source.scalars[first]
        if scalar == "{" || scalar == "[", let close = matchingBracket(in: range) {
            if close + 1 >= range.upperBound { return items(from: first + 1, to: close, depth: depth + 1) }
        } else if scalar == "{" || scalar == "[" {
            return items(from: first + 1, to: range.upperBound, depth: depth + 1)
        }
        values.append(Value(range: range, isFlow: isFlow))
    }

    private func matchingBracket(in range: Range<Int>) -> Int? {
        var index = range.lowerBound + 1
        while index < range.upperBound {
            // Up to the bracket that ends this entry, or to its comma.
            index = RawText(from: index, to: range.upperBound, in: source, isFlow: true).range.upperBound
            index = skipBlanks(index, to: range.upperBound)
            guard index < range.upperBound else { return nil }
            if source.scalars[index] != "," { return index }
            index += 1
        }
        return nil
    }
}
