// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Names of API versions: `2020-08-27`, and since late 2024 `2026-07-29.dahlia`.
package enum VersionName {
    package static func isValid(_ text: String) -> Bool { (try? APICall.version(text)) != nil }
}
