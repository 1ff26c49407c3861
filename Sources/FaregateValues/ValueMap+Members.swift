// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import OrderedCollections

extension ValueMap {
    /// The keys that are texts.
    package var names: [String] { storage.keys.compactMap(\.string) }

    /// The same members with those of another map put over them.
    package func merging(_ other: ValueMap) -> ValueMap {
        var merged = self
        for (key, value) in other.storage { merged.storage[key] = value }
        return merged
    }
}
