// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// The findings about the types of expressions. Codes are stable for ever.
package enum TypeCode: String, Sendable, CaseIterable {
    case mismatch = "FG0302"
    case unknownField = "FG0303"
    case wrongResult = "FG0304"
}
