// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateValues
import FaregateWire

/// The routes that only read, made of `routes.yaml`.
struct ReadingTable {
    let routes: Value

    var readings: [Reading] {
        lists + searches + [
            reading("GET /v1/events/{id}", "event.retrieve", Self.event),
            reading("GET /v1/balance", "balance.retrieve", Balance.answer),
            reading(
                "GET /v1/customers/{customer}/payment_methods/{payment_method}", "customer.payment_method",
                Self.customersMethod),
        ]
    }

    private func reading(
        _ route: String, _ name: String, _ answer: @escaping @Sendable (Glance) throws(Refusal) -> Value
    ) -> Reading {
        Reading(route: Lifecycle.Route(text: route), name: name, answer: answer)
    }

    private var lists: [Reading] {
        (routes["lists"]?.list ?? []).map { row in
            let list = ObjectList(row)
            return reading(row["route"]?.string ?? "", row["name"]?.string ?? "") { glance throws(Refusal) in
                try list.answer(glance)
            }
        }
    }

    private var searches: [Reading] {
        (routes["searches"]?.list ?? []).map { row in
            let search = ObjectSearch(row)
            return reading(row["route"]?.string ?? "", row["name"]?.string ?? "") { glance throws(Refusal) in
                try search.answer(glance)
            }
        }
    }

    @Sendable private static func event(_ glance: Glance) throws(Refusal) -> Value {
        guard let id = glance.ids.first, let event = glance.world.event(id) else {
            throw .missing("event", glance.ids.first ?? "", param: "id")
        }
        return event.body
    }

    /// Left by the libraries, still served. A method that is not this customer's: 404 without a code.
    @Sendable private static func customersMethod(_ glance: Glance) throws(Refusal) -> Value {
        let customer = glance.ids[0]
        guard glance.object(customer, of: "customer") != nil else {
            throw .missing("customer", customer, param: "customer")
        }
        guard let method = glance.object(glance.ids[1], of: "payment_method"),
            method.body["customer"]?.string == customer
        else {
            throw .invalid(
                "The customer '\(customer)' has no PaymentMethod '\(glance.ids[1])'.", param: "customer", http: 404)
        }
        return glance.catalog.shown(method)
    }
}

extension Refusal {
    /// An id that names nothing: in the path of a request.
    static func missing(_ kind: String, _ id: String, param: String) -> Refusal {
        invalid("No such \(kind): '\(id)'", code: "resource_missing", param: param, http: 404)
    }
}

extension Lifecycle.Route {
    /// `GET /v1/events/{id}`
    init(text: String) {
        let words = text.split(separator: " ")
        self = Lifecycle.Route(
            method: String(words.first ?? ""), segments: (words.last ?? "").split(separator: "/").map(String.init))
    }
}
