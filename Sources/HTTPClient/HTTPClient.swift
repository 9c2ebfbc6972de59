/// Sends HTTP requests with libcurl, any number at once on one thread of its own, and reuses connections.
///
/// Redirects are not followed unless a request asks for it, only http and https are spoken, there are no cookies, and
/// the environment's proxy is not used unless asked for. Cancelling the task aborts the transfer.
package final class HTTPClient: Sendable {
  /// Settings of a client.
  package struct Configuration: Sendable {
    /// For the connection to stand, TLS included. 5 s.
    package var connectTimeout: Duration = .seconds(5)
    /// Connections to one host at once; further requests wait within their deadline. 16.
    package var maximumConnectionsPerHost = 16
    /// Whether `http_proxy` and its like in the environment are followed. No.
    package var usesProxyFromEnvironment = false
    /// Asked for each address just before a connection is made, after names were resolved and redirects followed, so
    /// no trick with names gets past it. All addresses if nil.
    package var allowsAddress: (@Sendable (PeerAddress) -> Bool)?
    /// What the client calls itself; nothing if nil.
    package var userAgent: String?

    package init() {}
  }

  private let configuration: Configuration
  private let loop: TransferLoop

  package init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
    loop = TransferLoop(maximumConnectionsPerHost: configuration.maximumConnectionsPerHost)
  }

  deinit { loop.stop() }

  /// Sends a request and collects the content of the response in memory.
  ///
  /// - Parameter limit: the most bytes of content that are taken; more throws ``HTTPClientError/Kind/tooLarge``.
  package func send(_ request: HTTPRequest, limit: Int = 1 << 20) async throws(HTTPClientError) -> HTTPResponse {
    let sink = MemorySink()
    let head = try await run(Transfer(request, configuration: configuration, sink: sink, limit: limit))
    return HTTPResponse(head: head, body: sink.takeBytes())
  }

  /// Sends a request and writes the content of the response to a file, which is made or replaced, also for a status
  /// of failure; after an error there is no file.
  ///
  /// - Parameter limit: the most bytes of content that are taken; more throws ``HTTPClientError/Kind/tooLarge``.
  package func download(
    _ request: HTTPRequest, to path: String, limit: Int
  ) async throws(HTTPClientError) -> HTTPResponseHead {
    let sink = FileSink(path: path)
    return try await run(Transfer(request, configuration: configuration, sink: sink, limit: limit))
  }

  /// Sends a request and hands the response over while it comes. A consumer that is slow slows the peer down. When
  /// `body` returns or throws before the end, the transfer is aborted.
  ///
  /// - Parameter limit: the most bytes of content that are taken; more throws ``HTTPClientError/Kind/tooLarge``.
  /// - Throws: ``HTTPClientError``, or what `body` throws.
  package func stream<Result>(
    _ request: HTTPRequest, limit: Int, _ body: (HTTPResponseHead, HTTPChunks) async throws -> Result
  ) async throws -> Result {
    let sink = ChunkSink()
    let transfer = Transfer(request, configuration: configuration, sink: sink, limit: limit)
    loop.submit(transfer) { result in sink.finish(result) }
    defer { loop.cancel(transfer) }
    let chunks = HTTPChunks(sink: sink, transfer: transfer, loop: loop)
    return try await body(try await chunks.head(), chunks)
  }

  private func run(_ transfer: Transfer) async throws(HTTPClientError) -> HTTPResponseHead {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        loop.submit(transfer) { result in continuation.resume(returning: result) }
      }
    } onCancel: {
      loop.cancel(transfer)
    }
    return try result.get()
  }
}
