// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

extension Program {
    /// The expression's type, and what is wrong with it in an environment, in the order of the text.
    package func check(_ environment: TypeEnvironment) -> (type: CELType, diagnostics: [Diagnostic]) {
        var checker = Checker(code, environment)
        let type = checker.run()
        let diagnostics = checker.diagnostics.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        return (type, diagnostics)
    }
}
