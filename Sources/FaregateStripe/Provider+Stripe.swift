// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

extension Provider {
    /// How Stripe writes down what the rows decide.
    static func stripe(_ tables: Tables) -> Provider {
        let elsewhere = Unrouted(tables.routes)
        return Provider(
            readings: ReadingTable(routes: tables.routes).readings,
            accept: { route, params throws(Refusal) in
                let accepted = try tables.parameters.accept(route, params)
                try tables.expansion.check(route, accepted)
                return accepted
            },
            expanded: { tables.expansion.expanded($0, $1, $2, $3) },
            unrouted: { elsewhere.refusal($0, $1) },
            resolved: { $0.resolved($1, tables) },
            validate: { transaction throws(Refusal) in try transaction.validate(tables) },
            fresh: { $0.freshBody(id: $1, tables) },
            born: { $0.bornBody($1, id: $2, parent: $3, tables) },
            situations: { transaction, id, method in
                if transaction.object(id, of: "setup_intent") != nil { return ["setup"] }
                guard transaction.params["off_session"] == true else { return [] }
                return method?.attributes["set_up"] == true ? ["once_set_up", "off_session"] : ["off_session"]
            },
            settle: { $0.settle($1, $2, tables) },
            moved: { $0.moved($1, by: $2) },
            failed: { $0.failed($1, $2, $3, tables) },
            refusal: { $0.refusal($1, tables) },
            modern: Versions.modern,
            rendered: Versions.rendered)
    }
}
