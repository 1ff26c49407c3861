// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

package import FaregateText
package import FaregateValues

extension YAMLNode {
    /// The node as plain data, expressions not looked for.
    package var data: Value {
        switch kind {
        case .scalar(let scalar): return scalar.core.value
        case .sequence(let items): return .list(items.map(\.data))
        case .mapping(let entries):
            var map = ValueMap()
            for entry in entries {
                if let key = entry.key.text { map[key] = entry.value.data }
            }
            return .map(map)
        }
    }
}
