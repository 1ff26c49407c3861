// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What the parser accepts and the author did not mean: expressions cut in pieces, keys twice, merge keys.
extension YAMLBuilder {
    /// The entries of a mapping, or the one text that it was meant to be.
    mutating func mapping(_ frame: Frame) -> YAMLNode.Kind {
        // `[a ? b : c]` is a mapping without brackets inside a list, and the list looks after it.
        let isPair = frame.isFlow && source.scalars[frame.start] != "{"
        var kept: [YAMLEntry] = []
        var places: [String: Int] = [:]
        var resume = 0
        for var entry in frame.entries where offset(entry.key) >= resume {
            if !isPair, let whole = cut(entry.key, isFlow: frame.isFlow) {
                reportCut(entry.key, whole)
                resume = whole.upperBound
                if frame.entries.count == 1 || frame.isFlow { continue }
            } else if frame.isFlow, let whole = cut(entry.value, isFlow: true) {
                reportCut(entry.value, whole)
                resume = whole.upperBound
                entry.value = text(whole)
            }
            if frame.isFlow, !isPair { splitMissingSpace(&entry) }
            guard check(key: entry.key), let key = entry.key.text else { continue }
            if let first = places[key] {
                reportDuplicate(entry.key, first: kept[first].key)
                continue
            }
            places[key] = kept.count
            kept.append(entry)
        }
        if kept.isEmpty, frame.entries.count == 1, !isPair, !frame.isFlow, resume > 0,
            case .scalar(let scalar) = text(frame.start..<resume).kind
        {
            return .scalar(scalar)
        }
        return .mapping(kept)
    }

    /// The items of a list in brackets, with expressions put together again.
    mutating func flowItems(_ items: [YAMLNode]) -> [YAMLNode] {
        var kept: [YAMLNode] = []
        var resume = 0
        for item in items where offset(item) >= resume || item.alias != nil {
            var first = item
            if item.alias == nil, let entry = item.mapping?.first, source.scalars[offset(item)] != "{" {
                first = entry.key
            }
            guard let whole = cut(first, isFlow: true) else {
                kept.append(item)
                continue
            }
            reportCut(first, whole)
            resume = whole.upperBound
            kept.append(text(whole))
        }
        return kept
    }

    private func offset(_ node: YAMLNode) -> Int { source.offset(of: node.place.start) }

    private func text(_ range: Range<Int>) -> YAMLNode {
        let text = source.text(range)
        return YAMLNode(
            kind: .scalar(YAMLScalar(text: text, style: .plain, core: .string(text))), span: source.span(of: range))
    }

    // MARK: Cut expressions

    /// The whole of an expression of which this node is only the beginning.
    private func cut(_ node: YAMLNode, isFlow: Bool) -> Range<Int>? {
        guard node.alias == nil, let scalar = node.scalar, scalar.style == .plain, scalar.text.mayOpen else {
            return nil
        }
        let range = source.range(of: node.span)
        let lineEnd = source.lineRange(node.span.start.line).upperBound
        guard range.upperBound <= lineEnd, range.count <= RawText.scanLimit else { return nil }
        let part = RawText(from: range.lowerBound, to: range.upperBound, in: source, isFlow: false)
        if part.isBalanced {
            // `a ? b : c`
            let isColonApart =
                range.upperBound + 1 < lineEnd && source.scalars[range.upperBound].isBlank
                && source.scalars[range.upperBound + 1] == ":"
            guard isColonApart, scalar.text.contains(" ? ") else { return nil }
        }
        let whole = RawText(from: range.lowerBound, to: lineEnd, in: source, isFlow: isFlow)
        guard whole.isBalanced, whole.range.upperBound > range.upperBound else { return nil }
        return whole.range
    }

    private mutating func reportCut(_ node: YAMLNode, _ whole: Range<Int>) {
        let part = source.range(of: node.span)
        var next = part.upperBound
        while next < whole.upperBound, source.scalars[next].isBlank { next += 1 }
        let sign = source.text(next..<min(next + 1, whole.upperBound))
        // The last others of the line need quotes as well, or what is pasted is cut again.
        let line = source.point(at: whole.lowerBound).line
        let others = findings.indices.suffix(3).filter {
            findings[$0].code == ReadingCode.splitByComma.rawValue && findings[$0].span.start.line == line
        }
        let ranges = (others.map { source.range(of: findings[$0].span) } + [whole])
            .sorted { $0.lowerBound < $1.lowerBound }
        let help = "quote it" + RawText.pasted(quoting: ranges, in: source)
        for other in others { findings[other].help = help }
        findings.append(
            ReadingCode.splitByComma.finding(
                in: source, at: whole, "YAML cuts this expression at '\(sign)'",
                label: "the value would be: \(source.text(part))", help: help))
    }

    // MARK: Keys

    private mutating func check(key: YAMLNode) -> Bool {
        let range = source.range(of: key.place)
        guard let scalar = key.scalar else {
            let isTemplate =
                source.text(range).hasPrefix("{") && range.lowerBound > 0
                && source.scalars[range.lowerBound - 1] == "{"
            findings.append(
                ReadingCode.keyNotText.finding(
                    in: source, at: range, "a key must be a text, not a list or a mapping",
                    help: isTemplate ? "values are put in by $name or $(expression), not by {{ }}" : "quote it"))
            return false
        }
        if key.isEmptyValue {
            findings.append(
                ReadingCode.keyNotText.finding(in: source, at: range, "a key is missing before the colon"))
            return false
        }
        if scalar.style == .plain, scalar.text == "<<" {
            findings.append(
                ReadingCode.mergeKey.finding(
                    in: source, at: range, "the language has no merge keys",
                    help: "use an anchor on the whole block: on: &name, then on: *name"))
            return false
        }
        return true
    }

    private mutating func reportDuplicate(_ key: YAMLNode, first: YAMLNode) {
        findings.append(
            ReadingCode.duplicateKey.finding(
                in: source, at: source.range(of: key.place), "the key '\(key.text ?? "")' stands twice in this mapping",
                label: "again", related: [mark(source.range(of: first.place), "first here")],
                help: "keep one of them"))
    }

    /// `{2h:x}` is the key "2h:x" without a value.
    private mutating func splitMissingSpace(_ entry: inout YAMLEntry) {
        guard entry.value.isEmptyValue, let scalar = entry.key.scalar, scalar.style == .plain, entry.key.alias == nil,
            let parts = MissingSpace(in: source.range(of: entry.key.span), of: source)
        else { return }
        // `{a:b: }` has a colon of its own.
        guard source.range(of: entry.value.span).lowerBound <= parts.value.upperBound + 1 else { return }
        findings.append(parts.finding(in: source))
        entry.key = text(parts.key)
        entry.value = text(parts.value)
    }

    // MARK: Continued lines

    /// A list under a key that has a value already: YAML takes its lines for more of the value.
    mutating func checkContinuation(of value: Range<Int>) {
        let first = source.point(at: value.lowerBound).line
        let last = source.point(at: value.upperBound).line
        guard first < last else { return }
        for number in first + 1...last {
            var line = source.lineRange(number)
            while let start = line.first, source.scalars[start].isBlank { line = start + 1..<line.upperBound }
            guard line.count > 1, source.scalars[line.lowerBound] == "-", source.scalars[line.lowerBound + 1].isBlank
            else { continue }
            findings.append(
                ReadingCode.indentation.finding(
                    in: source, at: line, "this line is no item of a list, but more text of the value above",
                    related: [mark(value.lowerBound..<source.lineRange(first).upperBound, "the value begins here")],
                    help: "remove the value above, or quote it together with these lines"))
            return
        }
    }

    // MARK: Comments

    /// A ` #` inside of what was meant as one value.
    mutating func checkComment(after value: Range<Int>) {
        guard value.upperBound < source.scalars.count, source.scalars[value.upperBound].isBlank else { return }
        let lineEnd = source.lineRange(source.point(at: value.upperBound).line).upperBound
        var hash = value.upperBound
        while hash < lineEnd, source.scalars[hash].isBlank { hash += 1 }
        guard hash < lineEnd, hash > value.upperBound, source.scalars[hash] == "#" else { return }
        let part = RawText(from: value.lowerBound, to: value.upperBound, in: source, isFlow: false)
        let whole = RawText(from: value.lowerBound, to: lineEnd, in: source, isFlow: false, stopsAtComment: false)
        if !part.isBalanced, whole.isBalanced || source.text(value).contains("$(") {
            findings.append(
                ReadingCode.cutByComment.finding(
                    in: source, at: hash..<max(hash + 1, whole.range.upperBound), TextTrap.comment.message,
                    label: "not part of the value",
                    help: "quote it" + (whole.isBalanced ? RawText.pasted(quoting: [whole.range], in: source) : "")))
        } else if hash == value.upperBound + 1, hash + 1 < lineEnd, source.scalars[hash + 1].isWord {
            // `order #5`: comments have a space after the #, or more than one before it.
            findings.append(
                ReadingCode.cutByComment.finding(
                    .warning, in: source, at: hash..<max(hash + 1, whole.range.upperBound), TextTrap.comment.message,
                    label: "not part of the value",
                    help: "quote the value if this belongs to it; write '# ' if it is a comment"
                        + RawText.pasted(quoting: [whole.range], in: source)))
        }
    }
}

extension String {
    /// Whether a bracket or a quote opens in it, or a conditional that a colon may cut.
    var mayOpen: Bool {
        utf8.contains { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: "?"), UInt8(ascii: "["),
                UInt8(ascii: "{"):
                true
            default: false
            }
        }
    }
}
