internal import CMicroHTTPD
internal import HTTPFields

/// The library's handle of a connection, valid while the request is: from the first call for it until its completion
/// is told.
// Proof: only the daemon's thread that serves the connection uses it for more than resuming, which any thread may.
struct DaemonConnection: @unchecked Sendable {
  let handle: OpaquePointer

  /// The connection that was accepted; nil before its opening was told.
  var served: ServedConnection? {
    guard let context = cmicrohttpd_connection_context(handle) else { return nil }
    // Retained from its opening to its closing; this is in between.
    return Unmanaged<ServedConnection>.fromOpaque(context).takeUnretainedValue()
  }

  /// Stops reading and writing. Only inside a call of the daemon for this connection.
  func suspend() { MHD_suspend_connection(handle) }

  /// Ends a suspension, once.
  func resume() { MHD_resume_connection(handle) }

  func header(_ name: String) -> String? {
    MHD_lookup_connection_value(handle, .HEADER_KIND, name).map { String(cString: $0) }
  }

  var headers: HTTPHeaders {
    var headers = HTTPHeaders()
    for (name, value) in values(.HEADER_KIND) { headers.append(name, value) }
    return headers
  }

  /// The query's pairs, decoded.
  func query() throws(HTTPProblem) -> [(name: String, value: String)] {
    var pairs: [(name: String, value: String)] = []
    for (name, value) in values(.GET_ARGUMENT_KIND) {
      guard let name = percentDecoded(name[...], plusIsSpace: true),
        let value = percentDecoded(value[...], plusIsSpace: true)
      else {
        throw HTTPProblem(400, "expected a query in UTF-8 with valid percent-encoding, without control characters")
      }
      pairs.append((name, value))
    }
    return pairs
  }

  /// Whether there is a field that says that a body follows.
  var announcesBody: Bool {
    MHD_lookup_connection_value(handle, .HEADER_KIND, "Content-Length") != nil
      || MHD_lookup_connection_value(handle, .HEADER_KIND, "Transfer-Encoding") != nil
  }

  /// How long the body is.
  func bodyLength() throws(HTTPProblem) -> BodyLength {
    let length = header("Content-Length")
    guard header("Transfer-Encoding") == nil else {
      // Two parties that choose differently see different requests in one stream (RFC 9112, section 6.3).
      guard length == nil else { throw HTTPProblem(400, "expected Content-Length or Transfer-Encoding, came both") }
      return .unknown
    }
    guard let length else { return .known(0) }
    guard let number = Int64(length), number >= 0, length.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      throw HTTPProblem(400, "expected a number of bytes as Content-Length")
    }
    return .known(number)
  }

  enum BodyLength: Equatable {
    case known(Int64)
    /// It comes in chunks.
    case unknown
  }

  private func values(_ kind: MHD_ValueKind) -> [(String, String)] {
    var pairs: [(String, String)] = []
    withUnsafeMutablePointer(to: &pairs) { pointer in
      _ = MHD_get_connection_values_n(
        handle, kind,
        { context, _, name, nameLength, value, valueLength in
          let pairs = context?.assumingMemoryBound(to: [(String, String)].self)
          pairs?.pointee.append((text(name, nameLength), text(value, valueLength)))
          return .YES
        }, pointer)
    }
    return pairs
  }
}

private func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
  let bytes = UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : length)
  return String(decoding: bytes, as: UTF8.self)
}
