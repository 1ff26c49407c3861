// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Coverage {
    /// All that can be taken as tables, each line with the first scenario that takes it and how many others do.
    public func markdown() -> String {
        var text = "\(Self.rounded(percent)) % of everything below.\n"
        for (title, _, groups) in sections where !groups.isEmpty {
            text += "\n## \(title.prefix(1).uppercased())\(title.dropFirst())\n"
            for group in groups {
                text += "\n### \(group.name): \(group.taken) of \(group.items.count)\n\n| | taken by |\n| --- | --- |\n"
                for item in group.items {
                    let others = item.scenarios.count > 1 ? ", and \(item.scenarios.count - 1) more" : ""
                    text +=
                        "| \(Self.cell(item.name)) | \(Self.cell(item.scenarios.first ?? "**nobody**"))\(others) |\n"
                }
            }
        }
        return text
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
