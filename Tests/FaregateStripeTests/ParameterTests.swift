// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateSimulator
import FaregateSpec
import FaregateStripe
import FaregateText
import FaregateValues
import FaregateWire
import Testing

/// What the API refuses before it looks at any object.
@Suite struct ParameterTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        let form: String
        /// "" for none.
        let code: String
        let param: String
        var path = "/v1/payment_intents"
        var testDescription: String { "\(path) \(form)" }
    }

    private static let base = "amount=2000&currency=usd"

    static let wrong: [Wrong] = [
        Wrong(form: "currency=usd", code: "parameter_missing", param: "amount"),
        Wrong(form: "amount=2000", code: "parameter_missing", param: "currency"),
        Wrong(form: "\(base)&shoe_size=7", code: "parameter_unknown", param: "shoe_size"),
        Wrong(
            form: "\(base)&payment_method_options[card][foo]=1", code: "parameter_unknown",
            param: "payment_method_options[card][foo]"),
        Wrong(
            form: "\(base)&payment_method_data[type]=card&payment_method_data[billing_details][address][planet]=x",
            code: "parameter_unknown", param: "payment_method_data[billing_details][address][planet]"),
        Wrong(
            form: "\(base)&mandate_data[customer_acceptance][online][ip_address]=1.2.3.4&confirm=true",
            code: "parameter_missing", param: "mandate_data[customer_acceptance][type]"),
        Wrong(
            form: "\(base)&confirm=true&mandate_data[customer_acceptance][type]=online"
                + "&mandate_data[customer_acceptance][online][ip_address]=1.2.3.4",
            code: "parameter_missing", param: "mandate_data[customer_acceptance][online][user_agent]"),
        Wrong(form: "amount=ten&currency=usd", code: "parameter_invalid_integer", param: "amount"),
        Wrong(form: "amount=20.00&currency=usd", code: "parameter_invalid_integer", param: "amount"),
        Wrong(form: "amount=0&currency=usd", code: "parameter_invalid_integer", param: "amount"),
        Wrong(form: "amount=-5&currency=usd", code: "parameter_invalid_integer", param: "amount"),
        Wrong(form: "amount=49&currency=usd", code: "amount_too_small", param: "amount"),
        Wrong(form: "amount=100000000&currency=usd", code: "amount_too_large", param: "amount"),
        Wrong(form: "amount=1001&currency=isk", code: "", param: "amount"),
        Wrong(form: "amount=2000&currency=galleons", code: "", param: "currency"),
        Wrong(form: "amount=&currency=usd", code: "parameter_invalid_empty", param: "amount"),
        Wrong(form: "\(base)&description=", code: "parameter_invalid_empty", param: "description"),
        Wrong(form: "\(base)&confirm=maybe", code: "", param: "confirm"),
        Wrong(form: "\(base)&capture_method=never", code: "", param: "capture_method"),
        Wrong(form: "\(base)&setup_future_usage=sometimes", code: "", param: "setup_future_usage"),
        Wrong(form: "\(base)&payment_method_types=card", code: "", param: "payment_method_types"),
        Wrong(form: "\(base)&payment_method_types[]=gold", code: "", param: "payment_method_types"),
        Wrong(form: "\(base)&metadata=x", code: "", param: "metadata"),
        Wrong(form: "amount[a]=1&currency=usd", code: "", param: "amount"),
        Wrong(
            form: "\(base)&statement_descriptor_suffix=\(String(repeating: "x", count: 23))", code: "",
            param: "statement_descriptor_suffix"),
        Wrong(
            form: "\(base)&payment_method=pm_card_visa&payment_method_data[type]=card", code: "parameters_exclusive",
            param: "payment_method"),
        Wrong(form: "\(base)&off_session=true", code: "", param: "off_session"),
        Wrong(form: "\(base)&payment_method_data[type]=gold", code: "", param: "payment_method_data[type]"),
        Wrong(
            form: "\(base)&metadata[\(String(repeating: "k", count: 41))]=v", code: "", param: "metadata"),
        Wrong(form: "\(base)&metadata[k]=\(String(repeating: "v", count: 501))", code: "", param: "metadata[k]"),
        Wrong(
            form: "type=sepa_debit&sepa_debit[iban]=DE91370400440000055555", code: "sepa_debit_bank_not_supported",
            param: "sepa_debit[iban]", path: "/v1/payment_methods"),
        Wrong(form: "metadata[a]=b", code: "parameter_missing", param: "type", path: "/v1/payment_methods"),
        Wrong(form: "reason=boredom", code: "", param: "reason", path: "/v1/refunds"),
        Wrong(
            form: "payment_method_types[]=alipay", code: "", param: "payment_method_types", path: "/v1/setup_intents"),
    ]

    @Test(arguments: wrong) func isRefusedAndNamed(_ item: Wrong) throws {
        let mock = Mock()
        let params = try FormDecoding.decode(item.form.utf8)
        let response = mock.post(item.path, .map(params))
        let error = try #require(response.error)
        #expect(response.status == 400)
        #expect(error.type == "invalid_request_error")
        #expect(error.code ?? "" == item.code)
        #expect(error.param ?? "" == item.param)
        #expect(mock.world.objects.isEmpty)
    }

    static let notModelled: [(path: String, form: String, param: String?)] = [
        ("/v1/payment_intents", "\(base)&application_fee_amount=5", "application_fee_amount"),
        (
            "/v1/payment_intents", "\(base)&payment_method_options[card][moto]=true",
            "payment_method_options[card][moto]"
        ),
        ("/v1/customers", "source=tok_visa", "source"), ("/v1/checkout/sessions", "mode=payment", nil),
    ]

    @Test(arguments: notModelled.indices) func whatTheMockDoesNotModelIsNeverIgnored(_ number: Int) throws {
        let item = Self.notModelled[number]
        let mock = Mock()
        let response = mock.post(item.path, .map(try FormDecoding.decode(item.form.utf8)))
        #expect(response.status == 501)
        #expect(response.shouldRetry == false)
        #expect(response.error?.code == "not_modelled")
        #expect(response.error?.param == item.param)
        #expect(response.error?.message.contains("mock does not model") == true)
        #expect(mock.world.objects.isEmpty)
    }

    @Test(.enabled(if: AnswerSchemaTests.schema != nil, AnswerSchemaTests.absent))
    func noPublishedRouteIsUnrecognised() throws {
        let document = try #require(Package.json(AnswerSchemaTests.path))
        let mock = Mock()
        for (path, operations) in document["paths"]?.map ?? [:] {
            let segments = path.string!.split(separator: "/").map { $0.hasPrefix("{") ? "x" : String($0) }
            for method in operations.map?.names ?? [] where method != "parameters" {
                let response = mock.send(method.uppercased(), "/" + segments.joined(separator: "/"))
                #expect(
                    response.error?.message.contains("Unrecognized") != true, "\(method.uppercased()) \(path.string!)")
            }
        }
        let unknown = mock.get("/v1/nothing")
        #expect(unknown.status == 404)
        #expect(unknown.error?.type == "invalid_request_error" && unknown.error?.code == nil)
        #expect(unknown.error?.message.contains("Unrecognized request URL") == true)
    }

    @Test func textsFromTheWireComeIntoTheirTypes() throws {
        let mock = Mock()
        let form =
            "amount=2000&currency=USD&confirm=true&payment_method=pm_card_visa&payment_method_types[]=card&metadata[n]=7"
        let intent = mock.made("/v1/payment_intents", .map(try FormDecoding.decode(form.utf8)))
        #expect(intent["status"] == "succeeded")
        #expect(intent["amount"] == 2000)
        #expect(intent["currency"] == "usd")
        #expect(intent["metadata"] == ["n": "7"])
    }

    @Test func metadataMergesAndEmptyTextsUnset() {
        let mock = Mock()
        let customer = mock.made("/v1/customers", ["name": "A", "metadata": ["a": "1", "b": "2"]]).id
        let merged = mock.made("/v1/customers/\(customer)", ["metadata": ["b": "", "c": "3"], "name": ""])
        #expect(merged["metadata"] == ["a": "1", "c": "3"])
        #expect(merged["name"] == .null)
        #expect(mock.made("/v1/customers/\(customer)", ["metadata": ""])["metadata"] == [:])
        let many = ValueMap(entries: (0..<51).map { (key: .string("k\($0)"), value: "v") })
        #expect(mock.post("/v1/customers/\(customer)", ["metadata": .map(many)]).error?.param == "metadata")
    }

    @Test func parametersOfAReadAreCheckedToo() {
        let mock = Mock()
        let intent = mock.paid()
        #expect(mock.get("/v1/payment_intents/\(intent.id)", ["foo": "1"]).error?.code == "parameter_unknown")
        #expect(mock.get("/v1/payment_intents", ["created": ["after": 1]]).error?.param == "created[after]")
    }

    // MARK: Against the published document

    /// `amount!: int`, one line a parameter, of a route as the document has it.
    private struct Published {
        let schemas: ValueMap

        func lines(_ schema: Value, _ path: String, _ required: Bool = false) -> Set<String> {
            let schema = resolved(schema)
            if let branches = schema["anyOf"]?.list {
                let real = branches.filter { $0["enum"] != [""] && $0["enum"] != [.null] }
                return Set(real.flatMap { lines($0, path, required) })
            }
            let mark = required ? "!" : ""
            switch schema["type"]?.string {
            case "object":
                guard let members = schema["properties"]?.map else { return ["\(path)\(mark): map"] }
                let needed = schema["required"]?.list ?? []
                var all: Set<String> = members.isEmpty ? ["\(path)\(mark): none"] : []
                for (key, member) in members {
                    all.formUnion(lines(member, "\(path)[\(key.string!)]", needed.contains(key)))
                }
                return all
            case "array": return lines(schema["items"] ?? .null, path + "[]", required)
            case "integer": return ["\(path)\(mark): int"]
            case "number": return ["\(path)\(mark): number"]
            case "boolean": return ["\(path)\(mark): bool"]
            default:
                let words = (schema["enum"]?.list ?? []).compactMap(\.string).filter { !$0.isEmpty }
                if words.contains("us_bank_account"), words.contains("sepa_debit") {
                    return ["\(path)\(mark): method_type"]
                }
                if !words.isEmpty { return ["\(path)\(mark): \(words.joined(separator: " "))"] }
                return ["\(path)\(mark): text\(schema["maxLength"]?.int.map { " \($0)" } ?? "")"]
            }
        }

        private func resolved(_ schema: Value) -> Value {
            guard let target = schema["$ref"]?.string else { return schema }
            return resolved(schemas[String(target.split(separator: "/").last ?? "")] ?? .null)
        }
    }

    /// The same lines of our own table.
    private struct Own {
        let shapes: ValueMap

        func lines(_ type: Value, _ path: String, _ required: Bool = false) -> Set<String> {
            let mark = required ? "!" : ""
            if let members = type.map {
                var all: Set<String> = members.isEmpty ? ["\(path)\(mark): none"] : []
                for (key, member) in members {
                    let name = key.string!.filter { $0 != "!" && $0 != "~" }
                    all.formUnion(lines(member, "\(path)[\(name)]", key.string!.contains("!")))
                }
                return all
            }
            let text = type.string ?? ""
            if text.contains(" | ") {
                let parts = text.split(separator: "|").map { $0.trimmed }
                return Set(parts.flatMap { lines(.string($0), path, required) })
            }
            func inner(_ name: String) -> String? {
                text.hasPrefix("\(name)(") ? String(text.dropFirst(name.count + 1).dropLast()) : nil
            }
            if text.hasPrefix("@") { return lines(shapes[String(text.dropFirst())] ?? .null, path, required) }
            if let item = inner("list") { return lines(.string(item), path + "[]", required) }
            if inner("map") != nil { return ["\(path)\(mark): map"] }
            if let words = inner("one_of") { return ["\(path)\(mark): \(words)"] }
            if let limit = inner("text") { return ["\(path)\(mark): text \(limit)"] }
            return ["\(path)\(mark): \(text)"]
        }
    }

    @Test(.enabled(if: AnswerSchemaTests.schema != nil, AnswerSchemaTests.absent))
    func theTableIsWhatIsPublished() throws {
        let document = try #require(Package.json(AnswerSchemaTests.path))
        let text = try #require(Package.text("Sources/FaregateStripe/tables/parameters.yaml"))
        let table = try #require(YAMLReader.read(SourceText(path: "parameters.yaml", text: text)).root?.data)
        let own = Own(shapes: table["shapes"]?.map ?? [:])
        let published = Published(schemas: document[path: "components.schemas"]!.map!)
        let script = try #require(Package.text("scripts/parameters-from-openapi.py"))
        var count = 0
        for (key, members) in table["routes"]?.map ?? [:] {
            let name = key.string!
            let line = try #require(script.split(separator: "\n").first { $0.contains("\"\(name)\":") })
            let route = line.split(separator: "\"")[2 + 1].split(separator: " ")
            let operation = try #require(document["paths"]?[String(route[1])]?[route[0].lowercased()])
            var wanted: Set<String> = []
            let content = operation[path: "requestBody.content"]?["application/x-www-form-urlencoded"]?["schema"]
            if let content {
                wanted = published.lines(content, "")
            } else {
                for parameter in operation["parameters"]?.list ?? [] where parameter["in"] == "query" {
                    wanted.formUnion(
                        published.lines(
                            parameter["schema"]!, "[\(parameter["name"]!.string!)]", parameter["required"] == true))
                }
                if wanted.isEmpty { wanted = [": none"] }
            }
            let ours = own.lines(members, "")
            #expect(ours == wanted, "\(name): \(ours.symmetricDifference(wanted).sorted().prefix(5))")
            count += wanted.count
        }
        #expect(count > 1500)
    }

    @Test(arguments: ["true", "True"]) func booleansMayBeWrittenAsPythonDoes(_ word: String) {
        let mock = Mock()
        let made = mock.made(
            "/v1/payment_intents",
            [
                "amount": 2000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": .string(word),
                "return_url": Stages.back,
            ])
        #expect(made["status"] == "succeeded")
    }
}
