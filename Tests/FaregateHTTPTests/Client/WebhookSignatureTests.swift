// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateHTTP
import FaregateValues
import Testing

@Suite struct WebhookSignatureTests {
    static let secret = "whsec_test_secret"
    static let time = Instant(milliseconds: 1_700_000_000_000)
    static let short = #"{"id":"evt_test"}"#
    static let pretty = "{\n  \"id\": \"evt_test\",\n  \"object\": \"event\"\n}"
    static let shortCode = "13941114bb88ac44a76abcfddea5b92aa6182a4b63d8be3aae908a616083bd7e"
    static let prettyCode = "39219b97af778ca663df0c18ffaf16ed08b451d860c64d74ca67d17bd2c0e744"

    private func problem(
        _ header: String?, _ body: String = short, secrets: [String] = [secret], at now: Instant = time,
        tolerance: FaregateValues.Duration = WebhookSignature.tolerance
    ) -> WebhookSignature.Problem? {
        do throws(WebhookSignature.Problem) {
            try WebhookSignature.verify(
                header: header, body: Array(body.utf8), secrets: secrets, now: now, tolerance: tolerance)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [(short, shortCode), (pretty, prettyCode)])
    func takesWhatTheOfficialClientsTake(_ body: String, _ code: String) {
        #expect(problem("t=1700000000,v1=\(code)", body) == nil)
        #expect(
            WebhookSignature.sign(Array(body.utf8), secret: Self.secret, at: Self.time) == "t=1700000000,v1=\(code)")
    }

    @Test func takesAnyOfSeveralSignaturesAndSecrets() {
        let other = String(repeating: "0", count: 64)
        #expect(problem("t=1700000000,v1=\(other),v1=\(Self.shortCode),v0=\(other)") == nil)
        #expect(problem("t=1700000000,v1=\(Self.shortCode)", secrets: ["whsec_other", Self.secret]) == nil)
        #expect(problem("v1=\(Self.shortCode), t=1700000000") == nil)
    }

    @Test func namesTheFirstThingThatIsWrong() {
        #expect(problem(nil) == .missing)
        #expect(problem("") == .unreadable)
        #expect(problem("v1=\(Self.shortCode)") == .unreadable)
        #expect(problem("t=soon,v1=\(Self.shortCode)") == .unreadable)
        #expect(problem("t=1700000000") == .noScheme)
        #expect(problem("t=1700000000,v0=\(Self.shortCode)") == .noScheme)
        #expect(problem("t=1700000000,v1=\(Self.prettyCode)") == .mismatch)
        #expect(problem("t=1700000001,v1=\(Self.shortCode)") == .mismatch)
        #expect(problem("t=1700000000,v1=\(Self.shortCode)", Self.short + " ") == .mismatch)
        #expect(problem("t=1700000000,v1=\(Self.shortCode)", secrets: ["whsec_other"]) == .mismatch)
        #expect(problem("t=1700000000,v1=\(Self.shortCode)", secrets: []) == .mismatch)
        #expect(problem("t=1700000000,v1=\(Self.shortCode)", secrets: [""]) == .mismatch)
        #expect(problem("t=1700000000,v1=zz\(Self.shortCode.dropFirst(2))") == .mismatch)
        #expect(problem("t=1700000000,v1=\(Self.shortCode.prefix(62))") == .mismatch)
    }

    @Test func holdsTheTimeAgainstTheTolerance() {
        func at(_ seconds: Int64) -> Instant { Instant(milliseconds: Self.time.milliseconds + seconds * 1000) }
        let header = "t=1700000000,v1=\(Self.shortCode)"
        #expect(problem(header, at: at(300)) == nil)
        #expect(problem(header, at: at(301)) == .tooOld)
        #expect(problem(header, at: at(-86_400)) == nil, "as the official clients: no word about the future")
        #expect(problem(header, at: at(11), tolerance: FaregateValues.Duration(seconds: 10)) == .tooOld)
    }

    @Test func aHeaderWithoutEndIsNoTrouble() {
        #expect(problem("t=1700000000," + String(repeating: "v1=00,", count: 100_000)) == .mismatch)
        #expect(problem(String(repeating: "=,", count: 100_000)) == .unreadable)
        #expect(problem("t=99999999999999999999,v1=00") == .unreadable)
    }
}
