// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

/// Makes small flows that can be read and are, most of them, wrong.
struct RandomFlow {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678 }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
    private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    private mutating func pick<T>(_ list: [T]) -> T { list[below(list.count)] }

    private mutating func some<T>(_ list: [T], _ percent: Int) -> [T] { list.filter { _ in chance(percent) } }

    static let methods = ["link", "us_bank_account", "ideal", "paypal", "amazon_pay", "sofort", "oxxo", "pix"]
    /// Those that a SetupIntent takes.
    static let savable = ["link", "us_bank_account", "ideal", "paypal", "amazon_pay"]
    static let statuses = [
        "requires_payment_method", "requires_confirmation", "requires_action", "processing", "succeeded", "canceled",
    ]
    /// The method's own: in another one it cannot be paid.
    static let currency =
        "currency: \"$(methods[method].currencies[0] == '*' ? 'usd' : methods[method].currencies[0])\""
    static let mandate = "mandate_data: {customer_acceptance: {type: offline}}"

    private var names: [String] = []

    mutating func make() -> String {
        let payments = chance(75)
        let object = payments ? "payment" : "setup"
        var own: [String] = []
        for _ in 0..<(1 + below(3)) {
            let method = pick(payments ? Self.methods : Self.savable)
            if !own.contains(method) { own.append(method) }
        }
        let count = 2 + below(5)
        names = (0..<count).map { "s\($0)" } + ["done", "failed"]
        var lines = [
            "flow: random", "inputs:",
            "  method: {type: string, default: \(own[0]), one_of: [\(own.joined(separator: ", "))]}",
            "objects:", "  payment: payment_intent", "  setup: setup_intent",
            "  wallet: {lifecycle: payment_method, id: $\(object).payment_method}", "  own: payment_method",
            "initial: s0", "states:",
        ]
        let hasOwn = chance(25)
        for number in 0..<count {
            lines.append("  s\(number):")
            if number == 0, hasOwn {
                lines += ["    call: own.create", "    with: {type: $method}", "    on: {unattached: s1}"]
            } else if number == (hasOwn ? 1 : 0) {
                lines += create(object, payments, hasOwn, number)
            } else {
                lines += state(object, payments, hasOwn, number)
            }
        }
        for (name, kind) in [("done", "success"), ("failed", "failure")]
        where lines.contains(where: { $0.hasSuffix(" \(name)") || $0.contains(" \(name)}") }) {
            lines.append("  \(name): {final: \(kind)}")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func target(_ number: Int, _ isFirst: Bool = false) -> String {
        // Ahead most of the time, so that flows end.
        if isFirst || chance(40) { return names[number + 1] }
        return chance(80) ? names[number + below(names.count - number)] : pick(names)
    }

    private mutating func edges(_ statuses: [String], _ number: Int, _ percent: Int = 65) -> [String] {
        var chosen = some(statuses, percent)
        if chosen.isEmpty { chosen = [pick(statuses)] }
        let ahead = pick(chosen)
        var lines = ["    on:"]
        for status in chosen {
            if chance(8), status != ahead {
                lines += [
                    "      \(status):",
                    "        - {guard: visits.s\(number) > 1, target: \(pick(["done", "failed"]))}",
                    "        - {target: \(target(number))}",
                ]
            } else {
                lines.append("      \(status): \(target(number, status == ahead))")
            }
        }
        return lines
    }

    private mutating func create(_ object: String, _ payments: Bool, _ hasOwn: Bool, _ number: Int) -> [String] {
        var with: [String] = ["payment_method_types: [$method]"]
        if payments { with += ["amount: 1000", Self.currency] }
        let confirms = chance(55)
        if hasOwn, chance(80) {
            with.append("payment_method: $own.id")
        } else if chance(confirms ? 90 : 50) {
            with.append("payment_method_data: {type: $method}")
        }
        if confirms {
            with += ["confirm: true", "return_url: 'https://x.example/'"]
            if chance(60) { with.append(Self.mandate) }
            if payments, chance(15) { with.append("error_on_requires_action: true") }
        }
        if payments, chance(25) { with.append("capture_method: manual") }
        if payments, chance(10) { with.append("confirmation_method: manual") }
        var statuses = Self.statuses
        if payments { statuses.append("requires_capture") }
        return ["    call: \(object).create", "    with: {\(with.joined(separator: ", "))}"] + edges(statuses, number)
            + catches(number, object, 20)
    }

    private mutating func catches(_ number: Int, _ object: String, _ percent: Int) -> [String] {
        guard chance(percent) else { return [] }
        let key = pick([
            "\(object)_intent_unexpected_state", "invalid_request_error", "card_error", "card_declined",
        ])
        return ["    catch: {\(key): \(target(number))}"]
    }

    private mutating func state(_ object: String, _ payments: Bool, _ hasOwn: Bool, _ number: Int) -> [String] {
        var statuses = Self.statuses
        if payments { statuses.append("requires_capture") }
        switch below(10) {
        case 0, 1, 2:
            var lines = ["    wait: \(object)"] + edges(statuses, number, 50)
            if chance(60) { lines.append("    after: {24h: \(target(number))}") }
            return lines
        case 3:
            let guards = some(
                [
                    "\(object).status == 'succeeded'", "\(object).status == 'requires_action'", "method == 'link'",
                    "visits.s\(number) > 1",
                ], 60)
            return ["    choose:"]
                + guards.map { "      - {guard: \"\($0)\", target: \(target(number))}" }
                + ["      - {target: \(target(number, true))}"]
        case 4:
            return ["    call: \(object).retrieve"] + edges(statuses, number, 75)
        case 5, 6:
            var with = ["return_url: 'https://x.example/'"]
            if chance(50) { with.append("payment_method_data: {type: $method}") }
            if hasOwn, chance(15) { with[with.count - 1] = "payment_method: $own.id" }
            if !with.contains(where: { $0.hasPrefix("return_url") }) { with.append("return_url: 'https://x.example/'") }
            if chance(50) { with.append(Self.mandate) }
            return ["    call: \(object).confirm", "    with: {\(with.joined(separator: ", "))}"]
                + edges(statuses, number, 75) + catches(number, object, 40)
        case 7 where payments:
            return ["    call: payment.capture"] + edges(["succeeded", "processing", "canceled"], number)
                + catches(number, object, 50)
        case 8 where chance(40):
            return hasOwn
                ? ["    call: own.detach"] + edges(["detached", "attached", "unattached"], number)
                    + catches(number, object, 50)
                : ["    call: wallet.retrieve"] + edges(["attached", "unattached", "detached", "consumed"], number)
        default:
            return ["    call: \(object).cancel"] + edges(["canceled", "succeeded"], number)
                + catches(number, object, 60)
        }
    }
}
