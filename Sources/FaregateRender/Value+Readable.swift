// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateValues

extension Value {
    /// With durations as people write them: `24h`, not `86400s`.
    package var readable: Value {
        switch self {
        case .duration(let duration): return .string(duration.compact)
        case .list(let items): return .list(items.map(\.readable))
        case .map(let map):
            var readable = ValueMap()
            for (key, value) in map { readable[value: key] = value.readable }
            return .map(readable)
        case .optional(let inner?): return inner.readable
        default: return self
        }
    }
}
