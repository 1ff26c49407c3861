// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues

/// What the account has taken, by currency. The mock knows no fees, no payouts and no days until money is available.
enum Balance {
    @Sendable static func answer(_ glance: Glance) throws(Refusal) -> Value {
        var sums: [String: Int64] = [:]
        for id in glance.catalog.number(of: "charge").map(glance.world.ids(of:)) ?? [] {
            guard let charge = glance.world.objects[id], let currency = charge.body["currency"]?.string else {
                continue
            }
            let taken = (charge.body["amount_captured"]?.int ?? 0) - (charge.body["amount_refunded"]?.int ?? 0)
            if taken != 0 { sums[currency, default: 0] += taken }
        }
        if sums.isEmpty { sums["usd"] = 0 }
        let available = sums.sorted { $0.key < $1.key }.map { entry -> Value in
            ["amount": .int(entry.value), "currency": .string(entry.key), "source_types": ["card": .int(entry.value)]]
        }
        let pending = sums.keys.sorted().map { currency -> Value in
            ["amount": 0, "currency": .string(currency), "source_types": ["card": 0]]
        }
        return ["object": "balance", "available": .list(available), "livemode": false, "pending": .list(pending)]
    }
}
