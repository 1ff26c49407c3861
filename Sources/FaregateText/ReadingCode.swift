// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What can be wrong with a file before anyone asks what it says: the codes `FG0001` to `FG0099`.
package enum ReadingCode: String, Sendable, CaseIterable {
    case notUTF8 = "FG0001"
    case tooLarge = "FG0002"
    case emptyFile = "FG0003"
    case forbiddenCharacter = "FG0004"
    case syntax = "FG0005"
    case needsQuotes = "FG0006"
    case tab = "FG0007"
    case unclosedQuote = "FG0008"
    case unclosedBracket = "FG0009"
    case duplicateKey = "FG0010"
    case tag = "FG0011"
    case mergeKey = "FG0012"
    case missingSpace = "FG0013"
    case emptyValue = "FG0014"
    case cutByComment = "FG0015"
    case splitByComma = "FG0016"
    case keyNotText = "FG0017"
    case unknownAlias = "FG0018"
    case cyclicAlias = "FG0019"
    case tooManyNodes = "FG0020"
    case tooDeep = "FG0021"
    case scalarTooLong = "FG0022"
    case numberTooLarge = "FG0023"
    case severalDocuments = "FG0024"
    case indentation = "FG0025"
    case anchorTwice = "FG0026"
    case hiddenCharacter = "FG0027"
    case unknownEscape = "FG0028"

    /// One line for the list of codes.
    package var meaning: String {
        switch self {
        case .notUTF8: "the file is not UTF-8"
        case .tooLarge: "the file is larger than the limit"
        case .emptyFile: "the file says nothing"
        case .forbiddenCharacter: "a character that must not stand in a YAML file"
        case .syntax: "the text is not YAML"
        case .needsQuotes: "a text that YAML reads as something else"
        case .tab: "a tab where only spaces may indent"
        case .unclosedQuote: "a quote that is never closed"
        case .unclosedBracket: "a bracket that is never closed"
        case .duplicateKey: "a key that stands twice in one mapping"
        case .tag: "a YAML tag, often a condition that begins with !"
        case .mergeKey: "a merge key <<"
        case .missingSpace: "a key and its value without a space after the colon"
        case .emptyValue: "a key without a value"
        case .cutByComment: "a value of which a part became a comment"
        case .splitByComma: "an expression that YAML cuts at a comma or a colon"
        case .keyNotText: "a key that is not a text"
        case .unknownAlias: "an alias of an anchor that does not exist"
        case .cyclicAlias: "an alias inside the block that it repeats"
        case .tooManyNodes: "more values than the limit, aliases written out"
        case .tooDeep: "values nested deeper than the limit"
        case .scalarTooLong: "a text longer than the limit"
        case .numberTooLarge: "a number that 64 bits cannot hold"
        case .severalDocuments: "more than one document in a file"
        case .indentation: "a line whose indentation fits nothing above"
        case .anchorTwice: "two anchors of one name"
        case .hiddenCharacter: "a character that makes the text read otherwise than it looks"
        case .unknownEscape: "a backslash in double quotes before a character that it cannot escape"
        }
    }

    /// A finding of this kind about a range of the source's scalars.
    func finding(
        _ severity: Finding.Severity = .error, in source: SourceText, at range: Range<Int>, _ message: String,
        label: String = "", related: [Finding.Mark] = [], notes: [String] = [], help: String? = nil
    ) -> Finding {
        Finding(
            rawValue, severity, in: source.path, at: source.span(of: range), message, label: label, related: related,
            notes: notes, help: help)
    }
}
