internal import CSSL

/// An encrypted connection that checks the broker's certificate and name.
///
/// OpenSSL works on memory here and a ``PlainTransport`` moves the bytes, so that nothing blocks and a closed peer is
/// an error instead of a signal.
final class TLSTransport: Transport {
  private let plain: PlainTransport
  /// Owned; freed with its two buffers in `deinit`.
  private let session: OpaquePointer
  /// What came and was not decrypted; owned by the session.
  private let incoming: OpaquePointer
  /// What was encrypted and not sent; owned by the session.
  private let outgoing: OpaquePointer
  private var scratch = [UInt8](repeating: 0, count: 1 << 16)
  private(set) var hasBufferedInput = false

  var fileDescriptor: Int32 { plain.fileDescriptor }
  var waitsForRoom: Bool { plain.waitsForRoom }

  /// - Parameters:
  ///   - host: the name, or the address, that the certificate must be for.
  ///   - caCertificate: the path of a PEM file with the authorities to trust; the system's if it is nil.
  /// - Throws: ``AMQPError/tls(_:)`` if the authorities cannot be read.
  init(_ plain: PlainTransport, host: String, caCertificate: String?) throws(AMQPError) {
    guard let context = SSL_CTX_new(TLS_client_method()) else { throw .tls("OpenSSL cannot start") }
    // The session holds a reference of its own.
    defer { SSL_CTX_free(context) }
    let isTrusting =
      if let caCertificate {
        SSL_CTX_load_verify_locations(context, caCertificate, nil) == 1
      } else {
        SSL_CTX_set_default_verify_paths(context) == 1
      }
    guard isTrusting else {
      throw .tls("the authorities in \(caCertificate ?? "the system's store") cannot be read: \(lastSSLError())")
    }
    guard reelmill_ssl_require_tls12(context) == 1, let session = SSL_new(context),
      let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem())
    else { throw .tls("OpenSSL cannot start a session") }
    // The session takes both buffers over.
    SSL_set_bio(session, incoming, outgoing)
    SSL_set_connect_state(session)
    SSL_set_verify(session, SSL_VERIFY_PEER, nil)
    if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) != 1 {
      _ = SSL_set1_host(session, host)
      _ = reelmill_ssl_set_server_name(session, host)
    }
    self.plain = plain
    self.session = session
    self.incoming = incoming
    self.outgoing = outgoing
  }

  deinit { SSL_free(session) }

  func receive(into room: UnsafeMutableRawBufferPointer) throws(AMQPError) -> Int {
    var received = try decrypt(into: room)
    if received == 0 {
      let plain = plain
      let count = try scratch.withUnsafeMutableBufferPointer { (bytes) throws(AMQPError) in
        try plain.receive(into: UnsafeMutableRawBufferPointer(bytes))
      }
      // A buffer in memory takes everything.
      _ = scratch.withUnsafeBufferPointer { BIO_write(incoming, $0.baseAddress, Int32(count)) }
      received = try decrypt(into: room)
    }
    // The hand-shake may have something to answer.
    try sendEncrypted()
    return received
  }

  func send(_ bytes: UnsafeRawBufferPointer) throws(AMQPError) -> Int {
    try sendEncrypted()
    var taken = 0
    while taken < bytes.count, !waitsForRoom {
      // A piece at a time, so that no more is encrypted than the socket takes soon.
      let piece = UnsafeRawBufferPointer(rebasing: bytes[taken..<min(taken + scratch.count, bytes.count)])
      ERR_clear_error()
      let count = SSL_write(session, piece.baseAddress, Int32(piece.count))
      if count > 0 { taken += Int(count) }
      let isWaiting = count <= 0
      if isWaiting { try checkProgress(count) }
      try sendEncrypted()
      if isWaiting { break }
    }
    return taken
  }

  func close() { plain.close() }

  /// Decrypts what came until the room is full.
  private func decrypt(into room: UnsafeMutableRawBufferPointer) throws(AMQPError) -> Int {
    hasBufferedInput = false
    var received = 0
    while received < room.count {
      ERR_clear_error()
      let count = SSL_read(session, room.baseAddress.map { $0 + received }, Int32(clamping: room.count - received))
      guard count > 0 else {
        do throws(AMQPError) {
          try checkProgress(count)
        } catch {
          // What came before the end counts; the next look finds the end again.
          guard received > 0 else { throw error }
          hasBufferedInput = true
        }
        return received
      }
      received += Int(count)
    }
    hasBufferedInput = true
    return received
  }

  /// Sends what was encrypted, as far as the socket takes it.
  private func sendEncrypted() throws(AMQPError) {
    var start: UnsafeMutablePointer<CChar>?
    let count = reelmill_bio_peek(outgoing, &start)
    // The pointer is into the buffer, which stays as it is until the bytes that went are taken out below.
    let sent = try plain.send(UnsafeRawBufferPointer(start: start, count: max(0, count)))
    var left = sent
    while left > 0 { left -= Int(max(1, BIO_read(outgoing, &scratch, Int32(min(left, scratch.count))))) }
  }

  /// - Throws: unless the session merely waits for input.
  private func checkProgress(_ result: Int32) throws(AMQPError) {
    switch SSL_get_error(session, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return
    case SSL_ERROR_ZERO_RETURN: throw .connectionLost("the broker closed it without a word")
    default:
      let verification = SSL_get_verify_result(session)
      guard verification == X509_V_OK else {
        throw .tls(String(cString: X509_verify_cert_error_string(Int(verification))))
      }
      throw SSL_is_init_finished(session) == 1 ? .connectionLost(lastSSLError()) : .tls(lastSSLError())
    }
  }
}

/// The newest of OpenSSL's messages on this thread.
private func lastSSLError() -> String {
  let code = ERR_peek_last_error()
  guard code != 0, let reason = ERR_reason_error_string(code) else { return "no reason given" }
  return String(cString: reason)
}
