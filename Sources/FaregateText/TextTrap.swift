// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Why a value that was meant as a text is something else in YAML.
enum TextTrap {
    case bang, reserved(Unicode.Scalar), alias, anchor, block(Unicode.Scalar), quoteThenMore(Unicode.Scalar)
    case apostrophe, bracketThenMore(Unicode.Scalar), listDash, question, colon, bracketInFlow, comment

    /// The trap that a value has stepped into, if any.
    init?(_ value: LineAnatomy.Value, in source: SourceText) {
        let text = Array(source.scalars[value.range])
        guard let first = text.first else { return nil }
        let isSimpleName = text.dropFirst().allSatisfy { $0.isWord || $0 == "-" } && text.count > 1
        let second = text.count > 1 ? text[1] : " "
        switch first {
        case "!": self = .bang
        case "*" where !isSimpleName: self = .alias
        case "&" where !(second.isWord || second == "-"): self = .anchor
        case "@", "`", "%": self = .reserved(first)
        case "|", ">":
            if text.dropFirst().allSatisfy({ $0 == "+" || $0 == "-" || ("1"..."9").contains($0) }) { return nil }
            self = .block(first)
        case "\"", "'":
            guard let close = Self.closingQuote(text), close + 1 < text.count else { return nil }
            self = first == "'" && text[close + 1].isWord && text.last == "'" ? .apostrophe : .quoteThenMore(first)
        case "[", "{":
            // The anatomy keeps a bracket as a value only if more text follows it.
            self = .bracketThenMore(first)
        case "-" where second.isBlank: self = .listDash
        case "?" where second.isBlank: self = .question
        default:
            guard let trap = Self.inside(text, isFlow: value.isFlow) else { return nil }
            self = trap
        }
    }

    private static func inside(_ text: [Unicode.Scalar], isFlow: Bool) -> TextTrap? {
        for (index, scalar) in text.enumerated() {
            let next = index + 1 < text.count ? text[index + 1] : " "
            if scalar == ":", next.isBlank { return .colon }
            if scalar == "#", index > 0, text[index - 1].isBlank { return .comment }
            if isFlow, "[]{},".unicodeScalars.contains(scalar) { return .bracketInFlow }
        }
        return nil
    }

    private static func closingQuote(_ text: [Unicode.Scalar]) -> Int? {
        var index = 1
        while index < text.count {
            if text[0] == "\"", text[index] == "\\" {
                index += 1
            } else if text[index] == text[0] {
                guard text[0] == "'", index + 1 < text.count, text[index + 1] == "'" else { return index }
                index += 1
            }
            index += 1
        }
        return nil
    }

    var code: ReadingCode {
        switch self {
        case .bang: .tag
        case .comment: .cutByComment
        default: .needsQuotes
        }
    }

    var message: String {
        switch self {
        case .bang: "'!' at the beginning of a value makes it a YAML tag"
        case .reserved(let scalar): "a value cannot begin with '\(scalar)'"
        case .alias: "'*' at the beginning of a value makes it an alias"
        case .anchor: "'&' at the beginning of a value makes it an anchor"
        case .block(let scalar): "'\(scalar)' at the beginning of a value makes it a block of text"
        case .quoteThenMore(let quote): "YAML ends this value at its second \(quote == "'" ? "'" : "\"")"
        case .apostrophe: "YAML ends this value at its second '"
        case .bracketThenMore(let scalar): "'\(scalar)' at the beginning of a value makes it a \(Self.kind(scalar))"
        case .listDash: "'-' at the beginning of a value makes it a list"
        case .question: "'?' at the beginning of a value makes it a key"
        case .colon: "YAML takes the ':' in this value for the end of a key"
        case .bracketInFlow: "inside { } and [ ], YAML ends this value at a bracket or comma"
        case .comment: "the rest after ' #' is a comment"
        }
    }

    private static func kind(_ bracket: Unicode.Scalar) -> String { bracket == "[" ? "list" : "mapping" }

    /// What the author has to know, without the line to paste.
    var help: String {
        switch self {
        case .bang: "a condition that begins with ! needs quotes"
        case .apostrophe: "inside single quotes, write ' twice, or use double quotes"
        case .quoteThenMore: "quote the whole value"
        case .listDash: "begin the list on the next line; if this is a text, quote it"
        default: "quote it"
        }
    }

    /// What to write in place of the value.
    func replacement(_ text: String) -> String {
        guard case .apostrophe = self else { return RawText.quoted(text) }
        return RawText.quoted(String(text.dropFirst().dropLast()))
    }
}

extension TextTrap {
    /// The finding about one value of a line; the line to paste has quotes around every value that needs them.
    static func finding(at offset: Int, isFlow: Bool, in source: SourceText) -> Finding? {
        let line = source.point(at: offset).line
        let trapped = LineAnatomy(line: line, in: source, isFlow: isFlow).values.compactMap { value in
            TextTrap(value, in: source).map { (value: value, trap: $0) }
        }
        // Where a bracket of an earlier line is open, all may be wrong but the value that the parser stumbled in.
        if isFlow, !trapped.contains(where: { $0.value.range.contains(offset) }) { return nil }
        // The parser stumbles in the value or behind it.
        guard let (value, trap) = trapped.last(where: { $0.value.range.lowerBound <= offset }) ?? trapped.first else {
            return nil
        }
        let changes = trapped.map { ($0.value.range, $0.trap.replacement(source.text($0.value.range))) }
        return trap.code.finding(
            in: source, at: value.range, trap.message,
            help: trap.help + RawText.pasted(replacing: changes, in: source))
    }
}
