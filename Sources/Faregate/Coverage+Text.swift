// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateRender
import FaregateValues

extension Coverage {
    /// The figures for people, and what nobody took.
    public func text(width: Int = 80, isColored: Bool = false) -> String {
        let style = TextStyle(isColored: isColored)
        var text = ""
        for (title, _, groups) in sections where !groups.isEmpty {
            text += "\(style.bold(title))\n"
            for group in groups {
                let figure = "\(group.taken) of \(group.items.count)"
                let mark = group.missing.isEmpty ? style.green(figure) : style.yellow(figure)
                text += "  \(group.name): \(mark)\n"
                text += Self.wrapped(group.missing, width: width)
            }
        }
        return text + "\(style.bold("coverage")) \(Self.rounded(percent)) %\n"
    }

    /// One decimal, rounded down: 100 % is said only of everything.
    static func rounded(_ percent: Double) -> String {
        let tenths = Int(percent * 10)
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func wrapped(_ names: [String], width: Int) -> String {
        var lines: [String] = []
        var line = ""
        for name in names {
            if !line.isEmpty, line.count + name.count + 8 > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? name : ", \(name)"
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { "      \($0)\n" }.joined()
    }

    /// The same as JSON: `{"percent": …, "lifecycles": {name: {"taken": […], "missing": […]}}, "flows": {…}}`, and so on for
    /// `footnotes`, `refusals` and `choices`.
    public func json() -> String {
        var map: ValueMap = ["percent": .double(percent)]
        for (_, key, groups) in sections {
            var section = ValueMap()
            for group in groups {
                section[group.name] = [
                    "taken": .list(group.items.filter(\.isTaken).map { .string($0.name) }),
                    "missing": .list(group.missing.map { .string($0) }),
                ]
            }
            map[key] = .map(section)
        }
        return JSON.write(.map(map), pretty: true) + "\n"
    }
}
