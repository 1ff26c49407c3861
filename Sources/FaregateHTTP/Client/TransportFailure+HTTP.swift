// Part of the Faregate project. See LICENSE for the licence.
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import FaregateEngine
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension TransportFailure {
    /// What an error of the connection says about the request. What is not known to have failed before the request was sent
    /// may have been applied.
    ///
    /// - Parameter wasConnected: whether any connection ever stood, TLS and proxies included: before that nothing was sent.
    init(sending error: any Error, wasConnected: Bool = true) {
        self.init(error)
        if !wasConnected, kind == .unknown { self = TransportFailure(.unsent, "no connection came about: \(reason)") }
    }

    private init(_ error: any Error) {
        switch error {
        case let error as HTTPClientError: self.init(client: error)
        case let error as NIOConnectionError: self.init(.unsent, Self.words(error))
        case let error as NIOSSLError: self.init(tls: error)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self.init(.refused, "the server's certificate is for another name")
        case let error as NIOSSLExtraError:
            self.init(.refused, "no TLS with this server: \(String(describing: error).brief)")
        case let error as BoringSSLError: self.init(handshake: error)
        case ChannelError.connectTimeout: self.init(.unsent, "no connection came about in time")
        case let error as IOError where Self.isBeforeConnection(error): self.init(.unsent, Self.words(error))
        case let error as IOError: self.init(.unknown, "the connection failed: \(Self.words(error))")
        case is HTTPParserError: self.init(.unknown, "what came is not HTTP, or was cut off")
        case is CancellationError: self.init(.unknown, "it was given up")
        default: self.init(.unknown, "the connection failed: \(String(describing: type(of: error)))")
        }
    }

    private init(client error: HTTPClientError) {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout, .httpProxyHandshakeTimeout,
            .socksHandshakeTimeout:
            self.init(.unsent, "no connection came about in time")
        case .proxyAuthenticationRequired: self.init(.refused, "the proxy asks for a user and a password")
        case .invalidProxyResponse: self.init(.refused, "the proxy does not connect to this host")
        case .remoteConnectionClosed: self.init(.unknown, "the connection was closed before the answer was whole")
        case .deadlineExceeded, .readTimeout, .writeTimeout: self.init(.unknown, "no whole answer came in time")
        case .cancelled: self.init(.unknown, "it was given up")
        default: self.init(.unknown, "the connection failed: \(error.shortDescription)")
        }
    }

    private init(tls error: NIOSSLError) {
        switch error {
        case .handshakeFailed(let inner): self.init(handshake: inner)
        case .unableToValidateCertificate, .noCertificateToValidate: self = .untrusted
        default: self.init(.unknown, "the connection failed: \(String(describing: error).brief)")
        }
    }

    private init(handshake error: BoringSSLError) {
        let text = String(describing: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            self = .untrusted
        } else if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            self.init(.refused, "the server does not speak TLS")
        } else if text.contains("EOF") || text.contains("syscall") {
            self.init(.unsent, "the connection was closed while TLS began")
        } else {
            self.init(.refused, "no TLS with this server: \(text.brief)")
        }
    }

    private static let untrusted = TransportFailure(
        .refused,
        "the server's certificate is not trusted: it has expired, or an authority has signed it that this machine does not know (--ca-file names one)"
    )

    private static func words(_ error: NIOConnectionError) -> String {
        if let first = error.connectionErrors.first {
            let place = "\(error.host.brief):\(error.port)"
            return (first.error as? IOError).map { "\(place): \(words($0))" }
                ?? "\(place): no connection came about in time"
        }
        return "the name '\(error.host.brief)' leads to no address"
    }

    /// What a connection that stands never says.
    private static func isBeforeConnection(_ error: IOError) -> Bool {
        [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL].contains(error.errnoCode)
    }

    /// `Connection refused`
    private static func words(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "the connection was refused"
        case ECONNRESET: "the connection was reset"
        case EPIPE: "the connection was closed"
        case ENETUNREACH, EHOSTUNREACH: "the host cannot be reached"
        case ETIMEDOUT: "no connection came about in time"
        default: "error \(error.errnoCode) of the system"
        }
    }
}

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif
