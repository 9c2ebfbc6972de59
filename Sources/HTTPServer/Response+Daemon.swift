internal import CMicroHTTPD
internal import HTTPFields

extension Response {
  /// Hands the answer to the connection. Inside a call of the daemon for it.
  ///
  /// - Parameters:
  ///   - isHead: the client wants no content, only to know of it.
  ///   - closes: the connection ends after it.
  /// - Returns: what the daemon's call returns, and the stream that the answer has.
  func queue(
    on connection: DaemonConnection, isHead: Bool, closes: Bool
  ) -> (result: MHD_Result, stream: ResponseStream?) {
    guard headers.firstInvalidField == nil, (200...599).contains(status) else {
      return HTTPProblem(500, "the answer could not be written").response
        .queue(on: connection, isHead: isHead, closes: closes)
    }
    var stream: ResponseStream?
    guard let response = daemonResponse(for: connection, isHead: isHead, &stream) else { return (.NO, nil) }
    // The daemon counts its own reference once it is queued; this one is ours.
    defer { MHD_destroy_response(response) }
    for field in headers.fields { MHD_add_response_header(response, field.name, field.value) }
    if closes { MHD_add_response_header(response, "Connection", "close") }
    connection.served?.grant(bytes: byteCount)
    return (MHD_queue_response(connection.handle, UInt32(status), response), stream)
  }

  private var byteCount: Int {
    switch body {
    case .bytes(let bytes): bytes.count
    case .file(let range): Int(range.length)
    case .stream: 0
    }
  }

  /// The library's form of the answer; its reference is the caller's.
  private func daemonResponse(
    for connection: DaemonConnection, isHead: Bool, _ stream: inout ResponseStream?
  ) -> OpaquePointer? {
    switch body {
    case .bytes(let bytes):
      return bytes.withUnsafeBytes { buffer in
        // Copied: the pointer is never written to.
        MHD_create_response_from_buffer(
          buffer.count, UnsafeMutableRawPointer(mutating: buffer.baseAddress), .RESPMEM_MUST_COPY)
      }
    case .file(let range):
      // The response owns the descriptor from here on, and closes it.
      guard let descriptor = range.take() else { return nil }
      return MHD_create_response_from_fd_at_offset64(UInt64(range.length), descriptor, UInt64(range.offset))
    case .stream(let length, let produce):
      let new = ResponseStream(connection: connection)
      if !isHead {
        stream = new
        new.start(produce)
      }
      // Retained by the response; it releases it when it is destroyed.
      return MHD_create_response_from_callback(
        length.map(UInt64.init) ?? cmicrohttpd_unknown_size, 32 << 10,
        { context, _, target, size in
          guard let context else { return cmicrohttpd_end_with_error }
          return Unmanaged<ResponseStream>.fromOpaque(context).takeUnretainedValue()
            .read(into: UnsafeMutableRawBufferPointer(start: target, count: size))
        }, Unmanaged.passRetained(new).toOpaque(),
        { context in
          guard let context else { return }
          Unmanaged<ResponseStream>.fromOpaque(context).takeRetainedValue().close()
        })
    }
  }
}
