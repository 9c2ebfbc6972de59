import AMQP
import CSSL
import Concurrency
import Glibc
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct TLSTests {
  @Test func `a broker with a trusted certificate is spoken to, encrypted`() async throws {
    try await withCertificate { certificate, key in
      let port = try serve(certificate: certificate, key: key)
      try await withLoop { loop in
        let connection = try await AMQPConnection.connect(
          to: AMQPURL("amqps://localhost:\(port)/?cacertfile=\(certificate)"), on: loop)
        await connection.close()
        #expect(await connection.closed() == .closed)
      }
    }
  }

  @Test(arguments: [
    ("localhost", false, "self-signed certificate"), ("127.0.0.1", true, "IP address mismatch"),
  ])
  func `a certificate that is not trusted, or for another name, is refused`(
    host: String, isTrusted: Bool, reason: String
  ) async throws {
    try await withCertificate { certificate, key in
      let port = try serve(certificate: certificate, key: key)
      let parameter = isTrusted ? "?cacertfile=\(certificate)" : ""
      let error = try await withLoop { loop in
        await amqpError {
          try await AMQPConnection.connect(to: AMQPURL("amqps://\(host):\(port)/\(parameter)"), on: loop)
        }
      }
      #expect(error == .tls(reason))
    }
  }

  @Test func `authorities that cannot be read are named`() async throws {
    let broker = FakeBroker()
    let error = try await withLoop { loop in
      await amqpError {
        try await AMQPConnection.connect(
          to: AMQPURL("amqps://127.0.0.1:\(broker.port)/?cacertfile=/nowhere.pem"), on: loop)
      }
    }
    #expect(error?.description.contains("/nowhere.pem") == true)
  }

  /// Makes a certificate for `localhost` and its key.
  private func withCertificate(_ body: (_ certificate: String, _ key: String) async throws -> Void) async throws {
    try await withFolder { folder in
      let (certificate, key) = ("\(folder)/certificate.pem", "\(folder)/key.pem")
      let command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
        + " -addext subjectAltName=DNS:localhost -keyout '\(key)' -out '\(certificate)' 2>/dev/null"
      let process = try #require(popen(command, "r"))
      try #require(pclose(process) == 0, "openssl cannot make a certificate; install the package openssl")
      try await body(certificate, key)
    }
  }

  /// What the client must have said before each answer: the protocol's name, then methods of class 10.
  private static let dialogue: [(request: [UInt8], answer: [UInt8])] = [
    (Array("AMQP".utf8), FakeBroker.Script.start), ([0, 10, 0, 11], FakeBroker.Script.tune),
    ([0, 10, 0, 40], FakeBroker.Script.openOk), ([0, 10, 0, 50], FakeBroker.Script.closeOk),
  ]

  /// Serves one connection on a free port: a hand-shake, a log-in, a good-bye.
  private func serve(certificate: String, key: String) throws -> UInt16 {
    let broker = FakeBroker()
    let context = try #require(SSL_CTX_new(TLS_server_method()))
    try #require(SSL_CTX_use_certificate_file(context, certificate, SSL_FILETYPE_PEM) == 1)
    try #require(SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1)
    let session = try #require(SSL_new(context))
    SSL_CTX_free(context)
    // Proof: the session is handed to the thread, which frees it; nobody else uses it.
    nonisolated(unsafe) let handedOver = session
    startThread(name: "fake-tls-broker") {
      let descriptor = accept(broker.listener, nil, nil)
      SSL_set_fd(handedOver, descriptor)
      if SSL_accept(handedOver) == 1 {
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        for (request, answer) in Self.dialogue {
          // What the client writes at once may come in several records.
          var heard: [UInt8] = []
          while !heard.contains(request) {
            let count = SSL_read(handedOver, &bytes, Int32(bytes.count))
            guard count > 0 else { break }
            heard += bytes[..<Int(count)]
          }
          _ = SSL_write(handedOver, answer, Int32(answer.count))
        }
        SSL_shutdown(handedOver)
      }
      SSL_free(handedOver)
      close(descriptor)
    }
    return broker.port
  }
}
