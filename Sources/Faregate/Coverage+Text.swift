// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateRender
import FaregateValues

extension Coverage {
    /// The figures for people, and what nobody took.
    public func text(width: Int = 80, isColored: Bool = false) -> String {
        let style = TextStyle(isColored: isColored)
        var text = ""
        for (title, groups) in [("rows of the lifecycles", lifecycles), ("edges of the flows", flows)] {
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
    private static func rounded(_ percent: Double) -> String {
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

    /// The same as JSON: `{"percent": …, "lifecycles": {name: {"taken": […], "missing": […]}}, "flows": {…}}`.
    public func json() -> String {
        func object(_ groups: [Group]) -> Value {
            var map = ValueMap()
            for group in groups {
                map[group.name] = [
                    "taken": .list(group.items.filter(\.isTaken).map { .string($0.name) }),
                    "missing": .list(group.missing.map { .string($0) }),
                ]
            }
            return .map(map)
        }
        let value: Value = ["percent": .double(percent), "lifecycles": object(lifecycles), "flows": object(flows)]
        return JSON.write(value, pretty: true) + "\n"
    }
}
