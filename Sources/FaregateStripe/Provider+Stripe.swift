// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

extension Provider {
    /// How Stripe writes down what the rows decide.
    static func stripe(_ tables: Tables) -> Provider {
        Provider(
            validate: { transaction throws(Refusal) in try transaction.validate(tables) },
            fresh: { $0.freshBody(id: $1, tables) },
            born: { $0.bornBody($1, id: $2, parent: $3, tables) },
            settle: { $0.settle($1, $2, tables) },
            moved: { $0.moved($1, by: $2) },
            refusal: { $0.refusal($1, tables) },
            modern: Versions.modern,
            rendered: Versions.rendered)
    }
}
