// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Says in plain words what the parser complains of, and what to write instead.
struct SyntaxTranslator {
    let source: SourceText
    let problem: YAMLProblem

    func finding() -> Finding {
        unclosedQuote() ?? tab() ?? escape() ?? directive() ?? comment() ?? trap() ?? missingSpace() ?? bracket()
            ?? indentation()
            ?? key()
            ?? other()
    }

    /// The place of the problem, or the last character of the text if the problem is that the text ends.
    private var place: Range<Int> {
        let end = source.trimmedEnd(source.scalars.count, from: 0)
        if problem.offset >= end { return max(0, end - 1)..<end }
        return problem.offset..<problem.offset + 1
    }

    private var line: Int { source.point(at: place.lowerBound).line }
    private var contextLine: Int { source.point(at: problem.contextOffset).line }

    /// From the first to the last visible character of a line.
    private func visible(_ line: Int) -> Range<Int> {
        let range = source.lineRange(line)
        var start = range.lowerBound
        while start < range.upperBound, source.scalars[start].isBlank { start += 1 }
        return start..<source.trimmedEnd(range.upperBound, from: start)
    }

    private func unclosedQuote() -> Finding? {
        guard problem.context == "while scanning a quoted scalar" else { return nil }
        let start = min(problem.contextOffset, max(0, source.scalars.count - 1))
        let line = visible(contextLine)
        return ReadingCode.unclosedQuote.finding(
            in: source, at: start..<max(start + 1, line.upperBound), "this quote is never closed",
            help: "close it at the end of the value, or put the other kind of quotes around the whole value")
    }

    private func tab() -> Finding? {
        guard place.count == 1, source.scalars[place.lowerBound] == "\t" else { return nil }
        return ReadingCode.tab.finding(
            in: source, at: place, "a tab stands where only spaces may indent", label: "a tab",
            help: "indent with spaces")
    }

    private func escape() -> Finding? {
        let isEscape =
            problem.problem.contains("escape character") || problem.problem.contains("expected hexdecimal number")
            || problem.problem.contains("invalid Unicode character escape")
        guard isEscape else { return nil }
        // Of \\u and its like, the parser points at the digits.
        var start = place.lowerBound
        while start > problem.contextOffset, start > place.lowerBound - 2, source.scalars[start] != "\\" { start -= 1 }
        let lineEnd = source.lineRange(source.point(at: start).line).upperBound
        let letter = start + 1 < lineEnd ? source.scalars[start + 1] : " "
        let digits = ["x": 2, "u": 4, "U": 8][letter] ?? 0
        var end = min(start + 2, lineEnd)
        while end < min(start + 2 + digits, lineEnd), source.scalars[end].properties.isASCIIHexDigit { end += 1 }
        let range = start..<max(start, end)
        return ReadingCode.unknownEscape.finding(
            in: source, at: range, "'\(source.text(range))' means nothing in double quotes",
            help: "write \\\\ for a backslash, or use single quotes, where a backslash is a backslash")
    }

    private func directive() -> Finding? {
        guard problem.context.contains("directive") || problem.problem.contains("incompatible YAML") else { return nil }
        return ReadingCode.syntax.finding(
            in: source, at: visible(line), "a line that begins with % is an order to the YAML parser",
            help: "remove it, or quote the text")
    }

    private func trap() -> Finding? {
        let isFlow = problem.context.contains("flow") && contextLine < line
        if let finding = TextTrap.finding(at: place.lowerBound, isFlow: isFlow, in: source) { return finding }
        guard problem.context.hasPrefix("while scanning"), contextLine != line else { return nil }
        return TextTrap.finding(at: problem.contextOffset, isFlow: false, in: source)
    }

    /// `2h:x`, which the parser took for a text that goes on in the next line.
    private func missingSpace() -> Finding? {
        let suspect: Int
        if problem.problem.contains("mapping values") {
            suspect = line - 1
        } else if problem.problem.contains("could not find expected ':'") {
            suspect = contextLine
        } else {
            return nil
        }
        return MissingSpace(in: visible(suspect), of: source)?.finding(in: source)
    }

    /// `{a: order #1, b: 2}`, where the comment has eaten the bracket.
    private func comment() -> Finding? {
        guard problem.context.contains("flow mapping") || problem.context.contains("flow sequence") else { return nil }
        let bracket = problem.contextOffset
        let lineEnd = source.lineRange(contextLine).upperBound
        let scalars = source.scalars
        guard bracket + 1 < lineEnd,
            let hash = (bracket + 1..<lineEnd).first(where: {
                scalars[$0] == "#" && scalars[$0 - 1].isBlank && $0 + 1 < lineEnd && !scalars[$0 + 1].isBlank
            })
        else { return nil }
        // The value that it stands in begins behind a colon, a comma or a bracket.
        var start = hash
        while start - 1 > bracket, !",{[".unicodeScalars.contains(scalars[start - 1]),
            !(scalars[start - 1].isBlank && scalars[start - 2] == ":")
        {
            start -= 1
        }
        while start < hash, scalars[start].isBlank { start += 1 }
        let value = RawText(from: start, to: lineEnd, in: source, isFlow: true, stopsAtComment: false)
        guard start < hash, value.isBalanced, value.range.upperBound < lineEnd else { return nil }
        return ReadingCode.cutByComment.finding(
            in: source, at: hash..<visible(contextLine).upperBound, TextTrap.comment.message,
            label: "not part of the value",
            help: TextTrap.comment.help + RawText.pasted(quoting: [value.range], in: source))
    }

    private func bracket() -> Finding? {
        guard problem.context.contains("flow mapping") || problem.context.contains("flow sequence") else { return nil }
        let close = problem.context.contains("mapping") ? "}" : "]"
        let open = problem.contextOffset
        let isOtherBracket = !place.isEmpty && "]}".unicodeScalars.contains(source.scalars[place.lowerBound])
        if contextLine < line || isOtherBracket || problem.offset >= source.trimmedEnd(source.scalars.count, from: 0) {
            return ReadingCode.unclosedBracket.finding(
                in: source, at: open..<min(open + 1, source.scalars.count), "this bracket is never closed",
                label: "its '\(close)' is missing, or a ',' before the next entry", help: "write '\(close)'")
        }
        return ReadingCode.syntax.finding(
            in: source, at: place, "a ',' or '\(close)' is missing before this",
            help: "separate entries by commas; quote a value that holds brackets, commas or ': '")
    }

    private func indentation() -> Finding? {
        let line = visible(line)
        let isLineStart = place.lowerBound == line.lowerBound
        if isLineStart, !line.isEmpty, source.scalars[line.lowerBound] == ":" {
            return ReadingCode.keyNotText.finding(
                in: source, at: place, "a key is missing before the colon", help: "write one, or quote the text")
        }
        let isValueUnderValue = problem.problem.contains("mapping values") && self.line > 1
        let isMisplaced = problem.problem.contains("expected key") || problem.problem.contains("expected '-'")
        guard isValueUnderValue || (isMisplaced && isLineStart) else { return nil }
        let help =
            isValueUnderValue
            ? "give it the indentation of the entry above, or remove the value that the entry above has"
            : "give it the indentation of the entries that it belongs to"
        return ReadingCode.indentation.finding(
            in: source, at: line, "the indentation of this line fits nothing above it", help: help)
    }

    private func key() -> Finding? {
        guard problem.problem.contains("could not find expected ':'") else { return nil }
        return ReadingCode.syntax.finding(
            in: source, at: visible(contextLine), "this is neither 'key: value' nor an item of a list",
            help: "write a colon and a space after the key; indent or quote a text that goes on here")
    }

    private func other() -> Finding {
        ReadingCode.syntax.finding(in: source, at: place, plain.message, help: plain.help)
    }

    private var plain: (message: String, help: String?) {
        let known: [(part: String, message: String, help: String?)] = [
            (
                "block sequence entries are not allowed", "a list cannot begin on the line of its key",
                "begin it on the next line, or write [ ]"
            ),
            ("mapping keys are not allowed", "a '?' cannot stand here", "quote the value"),
            ("mapping values are not allowed", "a ':' cannot stand here", "quote the value"),
            ("expected node content", "a value is missing before this", "write one, or quote the text"),
            ("expected <document start>", "text after the end of the document", "remove '...' or what follows it"),
            ("cannot start any token", "a value cannot begin with this character", "quote the value"),
            ("did not find expected key", "a value has ended before this", "quote the whole value"),
            ("while scanning", "this cannot stand here", "quote the value"),
        ]
        let said = problem.problem + " " + problem.context
        if let match = known.first(where: { said.contains($0.part) }) { return (match.message, match.help) }
        return ("this is not YAML: " + problem.problem, nil)
    }
}
