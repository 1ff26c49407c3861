// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// What an API takes as the value of a parameter.
package indirect enum ParameterShape: Sendable, Hashable {
    case text
    case word([String])
    /// A payment method of the table, or one that is newer.
    case methodType
    case int, number, bool
    case list(ParameterShape)
    /// Names of the caller's own.
    case map(ParameterShape)
    case members([String: ParameterShape])
    case either([ParameterShape])
}
