// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The command line that runs a case again, for a shell.
package enum Rerun {
    /// - Parameters:
    ///   - title: of the scenario, or of one cell of its matrix.
    ///   - with: the files of the flows that this one runs.
    package static func line(file: String, title: String, seed: String, with: [String]) -> String {
        var words = ["faregate", "test", quoted("\(file):\(title)")]
        for path in with { words += ["--with", quoted(path)] }
        words += ["--seed", quoted(seed)]
        return words.joined(separator: " ")
    }

    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/:=,+@%".unicodeScalars)

    /// One word of a command line, whatever is in it.
    static func quoted(_ word: String) -> String {
        if !word.isEmpty, word.unicodeScalars.allSatisfy(plain.contains) { return word }
        guard word.unicodeScalars.contains(where: isUnseen) else {
            return "'" + word.replacing("'", with: #"'\''"#) + "'"
        }
        // Quotes of this kind know escapes; bash, zsh and others read them.
        var quoted = "$'"
        for scalar in word.unicodeScalars {
            switch scalar {
            case "'": quoted += #"\'"#
            case "\\": quoted += #"\\"#
            case _ where isUnseen(scalar): quoted += escape(scalar)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "'"
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xFFFF ? 8 : 4
        return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
    }

    /// Control characters, and what changes the direction of the text around it.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}
