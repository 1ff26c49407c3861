// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import HostilePeers
import Testing

@testable import FaregateHTTP

@Suite struct PageVisitorTests {
    typealias Step = HostileServer.Step

    static let page = """
        <!doctype html><html><body><!-- <form method="post" action="/wrong"><button name="choice" value="fail"></form> -->
        <form action="/search"><input name="q"></form>
        <form method="POST" action='/authorize?a=1&amp;b=2'>
          <input type="hidden" name="token" value="a &amp; b">
          <button name="choice" value="authorize">Authorize</button><button value=fail name=choice>Fail</button>
        </form></body></html>
        """

    @Test func formsAreRead() {
        let form = PageForm.read(Self.page)
        #expect(
            form
                == PageForm(action: "/authorize?a=1&b=2", fields: [("token", "a & b")], choices: ["authorize", "fail"]))
        #expect(PageForm.read("<form method=post action=/x></form>") == nil)
        #expect(PageForm.read("") == nil)
    }

    @Test(arguments: [
        "<", "<form", "<form method=\"post", "<button name='choice' value=", "<!--", "<<<>>>", "< / = ' \" >", "<a =b>",
        "</form>",
    ])
    func oddPagesAreNoTrouble(_ html: String) {
        #expect(PageForm.read(String(repeating: html, count: 1000)) == nil)
    }

    @Test func addressesAreThoseThatABrowserWouldTake() throws {
        let place = "http://127.0.0.1:1/a/b?c#d"
        #expect(try PageVisitor.resolve("/x?y", on: place) == "http://127.0.0.1:1/x?y")
        #expect(try PageVisitor.resolve("x", on: place) == "http://127.0.0.1:1/a/x")
        #expect(try PageVisitor.resolve("", on: place) == place)
        #expect(try PageVisitor.resolve("?z", on: place) == "http://127.0.0.1:1/a/b?z")
        #expect(try PageVisitor.resolve("//other.test/x", on: place) == "http://other.test/x")
        #expect(try PageVisitor.resolve("https://other.test/x", on: place) == "https://other.test/x")
        #expect(throws: SetupProblem.self) { try PageVisitor.resolve("javascript:alert(1)", on: place) }
    }

    @Test func buttonsArePressedOnTestHostsOnly() {
        #expect(PageVisitor.isTestHost("https://hooks.stripe.com/redirect/x", visitsLoopback: false))
        #expect(PageVisitor.isTestHost("http://127.0.0.1:12111/x", visitsLoopback: true))
        for place in [
            "http://hooks.stripe.com/x", "https://hooks.stripe.com.example.com/x",
            "https://example.com/hooks.stripe.com",
            "https://hooks.stripe.com@example.com/", "file:///etc/passwd", "", "http://127.0.0.1:5432/",
        ] {
            #expect(!PageVisitor.isTestHost(place, visitsLoopback: false), "\(place)")
        }
    }

    @Test(arguments: [("authorizes", "authorize"), ("refuses", "fail")])
    func theButtonOfTheChoiceIsPressed(_ choice: String, _ button: String) async throws {
        let server = try await HostileServer.start { number, _ in
            switch number {
            case 0: [.write(Step.head("303 See Other", ["location: /page", "content-length: 0"]))]
            case 1:
                [
                    .write(
                        Step.head("200 OK", ["content-type: text/html", "content-length: \(Self.page.utf8.count)"])
                            + Self.page)
                ]
            default:
                [.write(Step.head("303 See Other", ["location: https://shop.example/return", "content-length: 0"]))]
            }
        }
        let visitor = PageVisitor(visitsLoopback: true)
        let problem = await visitor.visit(
            .init(address: "http://127.0.0.1:\(server.port)/start", objectID: "pi_1", choice: choice))
        #expect(problem == nil)
        #expect(
            server.requests.map(\.line) == [
                "GET /start HTTP/1.1", "GET /page HTTP/1.1", "POST /authorize?a=1&b=2 HTTP/1.1",
            ])
        #expect(server.requests.last?.body == "token=a%20%26%20b&choice=\(button)")
        #expect(server.requests.allSatisfy { $0.header("authorization") == nil })
        await visitor.close()
        await server.stop()
    }

    @Test func whatGoesWrongIsTold() async throws {
        let server = try await HostileServer.start { _, _ in
            [.write(Step.head("200 OK", ["content-length: 3"]) + "<p>")]
        }
        let visitor = PageVisitor(visitsLoopback: true)
        func visit(_ address: String, _ choice: String = "authorizes") async -> String? {
            await visitor.visit(.init(address: address, objectID: "pi_1", choice: choice))
        }
        #expect(await visit("http://127.0.0.1:\(server.port)/")?.contains("no button 'authorize'") == true)
        #expect(await visit("https://example.com/")?.contains("no test host") == true)
        #expect(await visit("http://127.0.0.1:\(server.port)/", "abandons") == nil)
        #expect(server.requests.count == 1)
        await visitor.close()
        await server.stop()
    }

    @Test(arguments: ["000 X", "099 X", "150 X"]) func statusesThatAreNoneEndNothingButTheVisit(_ status: String)
        async throws
    {
        let server = try await HostileServer.start { _, _ in [.answer("{}", status: status)] }
        let visitor = PageVisitor(visitsLoopback: true)
        let page = CustomerPage(
            address: "http://127.0.0.1:\(server.port)/x", objectID: "pi_1", choice: "authorizes")
        #expect(await visitor.visit(page)?.contains("not HTTP") == true)
        await visitor.close()
        await server.stop()
    }
}
