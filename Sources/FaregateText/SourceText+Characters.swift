// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension SourceText {
    /// Characters that YAML forbids, that only some programs take for line ends, or that hide what is written.
    func characterFindings() -> [Finding] {
        var findings: [Finding] = []
        for (offset, scalar) in scalars.enumerated() {
            if (0x20...0x7E).contains(scalar.value) || scalar.isYAMLSpace { continue }
            guard let suspicion = Suspicion(scalar) else { continue }
            findings.append(suspicion.finding(scalar, in: self, at: offset))
            // A binary file would give one a byte.
            if findings.count == 10 { break }
        }
        return findings
    }
}

private enum Suspicion {
    case control, lineEnd, byteOrder, direction

    init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027: return nil
        case 0..<0x20, 0x7F, 0x80..<0x85, 0x86..<0xA0, 0xFFFE, 0xFFFF: self = .control
        case 0x85, 0x2028, 0x2029: self = .lineEnd
        case 0xFEFF: self = .byteOrder
        case 0x202A...0x202E, 0x2066...0x2069: self = .direction
        default: return nil
        }
    }

    func finding(_ scalar: Unicode.Scalar, in source: SourceText, at offset: Int) -> Finding {
        let name = scalar.codePoint
        let range = offset..<offset + 1
        switch self {
        case .control:
            return ReadingCode.forbiddenCharacter.finding(
                in: source, at: range, "the control character \(name) must not stand in a file",
                help: "remove it, or write it as \(scalar.yamlEscape) in double quotes")
        case .lineEnd:
            return ReadingCode.forbiddenCharacter.finding(
                in: source, at: range, "\(name) ends a line for some programs and not for others",
                help: "remove it, or write it as \(scalar.yamlEscape) in double quotes")
        case .byteOrder:
            return ReadingCode.forbiddenCharacter.finding(
                in: source, at: range, "a byte order mark (\(name)) in the middle of the file", help: "remove it")
        case .direction:
            return ReadingCode.hiddenCharacter.finding(
                .warning, in: source, at: range, "\(name) makes the text after it look otherwise than it is read",
                help: "remove it, or write it as \(scalar.yamlEscape) in double quotes")
        }
    }
}

extension Unicode.Scalar {
    /// `U+202E`.
    var codePoint: String { "U+" + hexadecimal(atLeast: 4) }

    fileprivate var yamlEscape: String { "\\u" + hexadecimal(atLeast: 4) }

    private func hexadecimal(atLeast width: Int) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
