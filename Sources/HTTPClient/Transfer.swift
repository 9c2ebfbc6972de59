internal import CCurl
internal import HTTPFields
internal import Synchronization

/// One request on its way, and the curl handle that carries it.
// Proof: what is mutable, but for the atomic, is touched only on the loop's thread: by `start()`, `result(of:)`,
// `end(_:)` and curl's callbacks. The initialiser runs before and `deinit` after all of them.
final class Transfer: @unchecked Sendable {
  /// Owned; freed in `deinit`, after the loop took it out of the multi handle.
  let easy: UnsafeMutableRawPointer
  let request: HTTPRequest
  let configuration: HTTPClient.Configuration
  let limit: Int

  /// Lists that curl reads while the transfer runs.
  var options: TransferOptions?
  private let sink: any ResponseSink
  private var received = 0
  private var headerBytes = 0
  private var hasBegun = false
  /// Why a callback stopped the transfer.
  private var ownFailure: HTTPClientError?
  private let cancelled = Atomic(false)

  /// Bytes of all header fields, interim responses and redirects included.
  private static let headerLimit = 256 << 10

  init(_ request: HTTPRequest, configuration: HTTPClient.Configuration, sink: any ResponseSink, limit: Int) {
    guard let easy = curl_easy_init() else { preconditionFailure("libcurl cannot make a handle: no memory left") }
    self.easy = easy
    self.request = request
    self.configuration = configuration
    self.sink = sink
    self.limit = limit
  }

  deinit {
    // The handle goes first: it may still read the lists.
    curl_easy_cleanup(easy)
    options = nil
  }

  var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

  func cancel() { cancelled.store(true, ordering: .releasing) }

  func failure(_ kind: HTTPClientError.Kind, _ detail: String) -> HTTPClientError {
    HTTPClientError(kind, url: request.url, detail: detail)
  }

  /// Sets the handle up; the multi handle can take it then.
  func start() throws(HTTPClientError) {
    options = try TransferOptions(self)
    do throws(SinkError) { try sink.start() } catch { throw failure(.file, error.detail) }
  }

  /// What curl's code at the end of the transfer means.
  func result(of code: CURLcode) -> Result<HTTPResponseHead, HTTPClientError> {
    if code == CURLE_OK { return .success(head) }
    if let ownFailure { return .failure(ownFailure) }
    return .failure(failure(kind(of: code), options?.errorText(of: code) ?? ""))
  }

  /// Closes the sink, which may still fail.
  func end(_ result: Result<HTTPResponseHead, HTTPClientError>) -> Result<HTTPResponseHead, HTTPClientError> {
    let isComplete = if case .success = result { true } else { false }
    do throws(SinkError) {
      try sink.end(isComplete: isComplete)
      return result
    } catch {
      return isComplete ? .failure(failure(.file, error.detail)) : result
    }
  }

  /// Called by curl with content. Returns what its write function returns.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    if !hasBegun {
      hasBegun = true
      sink.begin(head)
    }
    guard bytes.count <= limit - received else {
      return stop(failure(.tooLarge, "more than the limit of \(limit) bytes came"))
    }
    do throws(SinkError) {
      guard try sink.take(bytes) else { return ccurl_write_pause }
    } catch {
      return stop(failure(.file, error.detail))
    }
    received += bytes.count
    return bytes.count
  }

  /// Called by curl with a line of a head. Returns what its header function returns.
  func receiveHeader(byteCount: Int) -> Int {
    headerBytes += byteCount
    guard headerBytes <= Self.headerLimit else {
      return stop(failure(.tooLarge, "more than \(Self.headerLimit) bytes of header fields came"))
    }
    return byteCount
  }

  /// Called by curl before it makes a connection.
  ///
  /// - Returns: false if it may not; curl then tries the host's next address.
  func mayConnect(to address: UnsafePointer<curl_sockaddr>) -> Bool {
    guard let allowsAddress = configuration.allowsAddress else { return true }
    if let peer = PeerAddress(address), allowsAddress(peer) { return true }
    ownFailure = failure(.refusedAddress, "the client must not connect to where the host's name leads")
    return false
  }

  private func stop(_ failure: HTTPClientError) -> Int {
    ownFailure = failure
    return ccurl_write_error
  }

  /// The head of the last response, as curl took it apart.
  private var head: HTTPResponseHead {
    var headers = HTTPHeaders()
    var field: UnsafeMutablePointer<curl_header>?
    while let next = curl_easy_nextheader(easy, ccurl_header_origins, -1, field) {
      headers.append(String(cString: next.pointee.name), String(cString: next.pointee.value))
      field = next
    }
    return HTTPResponseHead(status: ccurl_response_status(easy), headers: headers)
  }

  private func kind(of code: CURLcode) -> HTTPClientError.Kind {
    switch code {
    case CURLE_URL_MALFORMAT, CURLE_READ_ERROR, CURLE_ABORTED_BY_CALLBACK, CURLE_BAD_FUNCTION_ARGUMENT: .invalidRequest
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .resolve
    case CURLE_COULDNT_CONNECT: .connect
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      .tls
    case CURLE_OPERATION_TIMEDOUT: .timeout
    case CURLE_FILESIZE_EXCEEDED: .tooLarge
    case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2_STREAM: .aborted
    default: .protocolViolation
    }
  }
}
