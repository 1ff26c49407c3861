// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import FaregateEngine
import FaregateHTTP
import FaregateWire
import Foundation
import HostilePeers
import NIOSSL
import Testing

/// A CA of the test's own, and servers with certificates that are right or wrong in one thing each.
@Suite struct TLSTests {
    static let hasOpenSSL = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "faregate-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func openssl(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

    private func makeAuthority(_ name: String) throws {
        try openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "\(name).key", "-out", "\(name).pem", "-days",
            "2",
            "-subj", "/CN=\(name)")
    }

    private func makeCertificate(for name: String, by authority: String, days: String = "2") throws -> NIOSSLContext {
        try Data("subjectAltName=\(name)\n".utf8).write(to: folder.appending(path: "names"))
        try openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server"
        )
        try openssl(
            "x509", "-req", "-in", "server.csr", "-CA", "\(authority).pem", "-CAkey", "\(authority).key",
            "-CAcreateserial",
            "-out", "server.pem", "-days", days, "-extfile", "names")
        return try context("server")
    }

    private func context(_ name: String) throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(path("\(name).pem")).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: path("\(name).key"), format: .pem))))
    }

    private func call(
        _ context: NIOSSLContext?, host: String = "localhost", authorities: String? = nil
    ) async throws -> (result: Result<Response, TransportFailure>, requests: Int) {
        let server = try await HostileServer.start(tls: context) { _, _ in [.answer(#"{"id":"cus_1"}"#)] }
        var options = HTTPTransport.Options(
            base: try BaseAddress("https://\(host):\(server.port)"), key: try SecretKey("sk_test_CANARY"))
        options.authorities = authorities.map(path)
        let transport = try HTTPTransport(options)
        let result: Result<Response, TransportFailure>
        do throws(TransportFailure) {
            result = .success(
                try await transport.send(Request(method: "POST", path: "/v1/customers", version: "v"), timeout: nil))
        } catch {
            result = .failure(error)
        }
        await transport.close()
        let requests = server.requests.count
        await server.stop()
        return (result, requests)
    }

    private func expectRefusal(
        _ answer: (result: Result<Response, TransportFailure>, requests: Int), _ words: String
    ) {
        guard case .failure(let failure) = answer.result else {
            Issue.record("it was trusted")
            return
        }
        #expect(failure.kind == .refused)
        #expect(failure.reason.contains(words), "\(failure.reason)")
        #expect(answer.requests == 0, "no key went out")
    }

    @Test(.enabled(if: hasOpenSSL, "openssl makes the certificates")) func theRightCertificateIsTrusted() async throws {
        try makeAuthority("ca")
        let context = try makeCertificate(for: "DNS:localhost,IP:127.0.0.1", by: "ca")
        #expect(try await call(context, authorities: "ca.pem").result.get().status == 200)
        #expect(try await call(context, host: "127.0.0.1", authorities: "ca.pem").result.get().status == 200)
    }

    @Test(.enabled(if: hasOpenSSL, "openssl makes the certificates")) func otherNamesAreRefused() async throws {
        try makeAuthority("ca")
        let context = try makeCertificate(for: "DNS:api.example.com", by: "ca")
        expectRefusal(try await call(context, authorities: "ca.pem"), "for another name")
        expectRefusal(try await call(context, host: "127.0.0.1", authorities: "ca.pem"), "for another name")
    }

    @Test(.enabled(if: hasOpenSSL, "openssl makes the certificates")) func expiredCertificatesAreRefused() async throws
    {
        try makeAuthority("ca")
        let context = try makeCertificate(for: "DNS:localhost", by: "ca", days: "-1")
        expectRefusal(try await call(context, authorities: "ca.pem"), "not trusted: it has expired")
    }

    @Test(.enabled(if: hasOpenSSL, "openssl makes the certificates")) func unknownAuthoritiesAreRefused() async throws {
        try makeAuthority("ca")
        try makeAuthority("other")
        let context = try makeCertificate(for: "DNS:localhost", by: "ca")
        expectRefusal(try await call(context, authorities: "other.pem"), "not trusted")
        expectRefusal(try await call(context), "not trusted")
    }

    @Test(.enabled(if: hasOpenSSL, "openssl makes the certificates")) func selfSignedCertificatesAreRefused()
        async throws
    {
        try makeAuthority("localhost")
        expectRefusal(try await call(context("localhost")), "not trusted")
    }

    @Test func serversWithoutTLSAreRefused() async throws {
        let server = try await HostileServer.start { _, _ in [.answer("{}")] }
        await server.stop()
        let plain = try await call(nil)
        guard case .failure(let failure) = plain.result else {
            Issue.record("it was trusted")
            return
        }
        #expect(failure.kind != .unknown && plain.requests == 0, "\(failure)")
    }

    @Test func filesWithoutCertificatesAreNamed() throws {
        try Data("nothing".utf8).write(to: folder.appending(path: "empty.pem"))
        for name in ["empty.pem", "missing.pem"] {
            var options = HTTPTransport.Options(
                base: try BaseAddress("https://localhost"), key: try SecretKey("sk_test_1"))
            options.authorities = path(name)
            let error = #expect(throws: SetupProblem.self) { try HTTPTransport(options) }
            #expect(error?.description.contains(name) == true)
        }
    }
}
