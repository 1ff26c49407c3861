// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What stands before a value: its anchor and its tag.
extension YAMLBuilder {
    /// Where the value itself begins, behind anchor and tag.
    func contentStart(_ event: YAMLEvent) -> Int {
        var index = event.range.lowerBound
        guard event.anchor != nil || event.hasTag else { return index }
        let end: Int
        switch event.kind {
        case .scalar: end = event.range.upperBound
        default: end = source.scalars.count
        }
        while true {
            index = skipSpaceAndComments(index, to: end)
            guard index < end, source.scalars[index] == "&" || source.scalars[index] == "!" else { return index }
            index = propertyEnd(index, to: end)
        }
    }

    /// The range of `&name` at the start of an anchored value, whichever of anchor and tag comes first.
    func anchorRange(_ start: Int) -> Range<Int> { property("&", from: start) }

    func tagRange(_ event: YAMLEvent) -> Range<Int> { property("!", from: event.range.lowerBound) }

    private func property(_ sign: Unicode.Scalar, from start: Int) -> Range<Int> {
        let end = source.scalars.count
        var index = start
        while index < end, source.scalars[index] == "&" || source.scalars[index] == "!" {
            let stop = propertyEnd(index, to: end)
            if source.scalars[index] == sign { return index..<stop }
            index = skipSpaceAndComments(stop, to: end)
        }
        return start..<min(start + 1, end)
    }

    private func propertyEnd(_ start: Int, to end: Int) -> Int {
        var index = start
        while index < end, !source.scalars[index].isYAMLSpace, !",[]{}".unicodeScalars.contains(source.scalars[index]) {
            index += 1
        }
        return index
    }

    private func skipSpaceAndComments(_ start: Int, to end: Int) -> Int {
        var index = start
        while index < end {
            if source.scalars[index].isYAMLSpace {
                index += 1
            } else if source.scalars[index] == "#", index > start {
                while index < end, !source.scalars[index].isLineBreak { index += 1 }
            } else {
                return index
            }
        }
        return index
    }

    /// Reports a tag. Answers the whole value if it was meant as a condition: the tree then says what its author meant.
    mutating func reportTag(_ tag: Range<Int>, scalar: Range<Int>?, isFlow: Bool) -> Range<Int>? {
        let lineEnd = source.lineRange(source.point(at: tag.lowerBound).line).upperBound
        let whole = RawText(from: tag.lowerBound, to: lineEnd, in: source, isFlow: isFlow)
        guard let scalar, isCondition(tag: tag, rest: tag.upperBound..<max(tag.upperBound, whole.range.upperBound))
        else {
            findings.append(
                ReadingCode.tag.finding(
                    in: source, at: tag, "'\(source.text(tag))' is a YAML tag, and the language has none",
                    help: "remove it; a text that begins with ! needs quotes"))
            return nil
        }
        findings.append(
            ReadingCode.tag.finding(
                in: source, at: whole.range, TextTrap.bang.message,
                help: TextTrap.bang.help + RawText.pasted(quoting: [whole.range], in: source)))
        // A value that goes on in the next line cannot be made whole here.
        return scalar.upperBound <= whole.range.upperBound ? whole.range : nil
    }

    /// `!has(x)`, `!paid`, `!a == b`, but not `!!str x` and not `!Ref x`.
    private func isCondition(tag: Range<Int>, rest: Range<Int>) -> Bool {
        let second = tag.count > 1 ? source.scalars[tag.lowerBound + 1] : " "
        guard second.isWord || second == "(" else { return false }
        let next = source.scalars[rest].first { !$0.isBlank }
        return next == nil || source.text(tag).contains("(") || "=<>!&|?+-*/%.[,".unicodeScalars.contains { $0 == next }
    }
}
