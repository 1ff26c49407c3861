// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateValues
import Testing

@testable import FaregateHTTP

@Suite struct IdempotencyTests {
    let client = MockClient()
    let order = "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true"

    @Test func repeatsTheFirstAnswerAndSaysSo() {
        let first = client.post("/v1/payment_intents", order, idempotencyKey: "k")
        let second = client.post("/v1/payment_intents", order, idempotencyKey: "k")
        #expect(first.status == 200)
        #expect(first["idempotent-replayed"] == nil)
        #expect(first["original-request"] == first["request-id"])
        #expect(second.body == first.body)
        #expect(second["idempotent-replayed"] == "true")
        #expect(second["original-request"] == first["request-id"])
        #expect(second["request-id"] != first["request-id"])
        #expect(second["idempotency-key"] == "k")
    }

    @Test func repeatsDeclinesToo() {
        let declined = order.replacing("pm_card_visa", with: "pm_card_visa_chargeDeclined")
        let first = client.post("/v1/payment_intents", declined, idempotencyKey: "k")
        let second = client.post("/v1/payment_intents", declined, idempotencyKey: "k")
        #expect(first.status == 402)
        #expect(second.status == 402)
        #expect(second["idempotent-replayed"] == "true")
        #expect(second.body == first.body)
    }

    @Test(arguments: ["", "&payment_method_types[]=card"])
    func refusesOtherParametersUnderTheSameKey(_ more: String) {
        _ = client.post("/v1/payment_intents", order, idempotencyKey: "k")
        let path = more.isEmpty ? "/v1/customers" : "/v1/payment_intents"
        let answer = client.post(path, more.isEmpty ? "" : order + more, idempotencyKey: "k")
        #expect(answer.status == 400)
        #expect(answer.error["type"] == "idempotency_error")
        #expect(answer.error["message"]?.string?.contains("'k'") == true)
    }

    @Test func forgetsAKeyWhoseRequestWasNotValid() {
        let wrong = client.post("/v1/payment_intents", "currency=usd", idempotencyKey: "k")
        #expect(wrong.status == 400)
        #expect(client.post("/v1/payment_intents", order, idempotencyKey: "k").status == 200)
    }

    @Test func comparesNeitherVersionNorOrderOfParameters() {
        let first = client.post("/v1/customers", "name=a&email=b%40c", idempotencyKey: "k")
        let second = client.post(
            "/v1/customers", "email=b%40c&name=a", idempotencyKey: "k", headers: ["stripe-version": "2022-11-15"])
        #expect(second.status == 200)
        #expect(second.id == first.id)
    }

    @Test func ignoresKeysOfReads() {
        let id = client.post("/v1/customers").id
        for _ in 1...2 {
            let answer = client("GET", "/v1/customers/\(id)", idempotencyKey: "k")
            #expect(answer["idempotent-replayed"] == nil)
        }
        #expect(client.post("/v1/customers", idempotencyKey: "k").status == 200)
    }

    @Test func refusesKeysThatAreTooLongOrEmpty() {
        #expect(client.post("/v1/customers", idempotencyKey: String(repeating: "k", count: 255)).status == 200)
        #expect(client.post("/v1/customers", idempotencyKey: String(repeating: "k", count: 256)).status == 400)
        #expect(client.post("/v1/customers", idempotencyKey: "").status == 400)
    }

    @Test func chargesOnceUnderParallelConfirmsWithOneKey() async {
        let id = client.post("/v1/payment_intents", "amount=1000&currency=usd").id
        let answers = await withTaskGroup(of: MockClient.Answer.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    client.post("/v1/payment_intents/\(id)/confirm", "payment_method=pm_card_visa", idempotencyKey: "k")
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map(\.status)).isSubset(of: [200, 409]))
        let charges = Set(answers.filter { $0.status == 200 }.compactMap { $0.body["latest_charge"]?.string })
        #expect(charges.count == 1)
        #expect(answers.filter { $0.status == 200 && $0["idempotent-replayed"] == nil }.count == 1)
    }

    @Test func chargesOnceUnderParallelConfirmsWithKeysOfTheirOwn() async {
        let id = client.post("/v1/payment_intents", "amount=1000&currency=usd").id
        let statuses = await withTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    client.post(
                        "/v1/payment_intents/\(id)/confirm", "payment_method=pm_card_visa", idempotencyKey: "k\(number)"
                    ).status
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1)
        #expect(statuses.filter { $0 == 400 }.count == 49)
    }
}
