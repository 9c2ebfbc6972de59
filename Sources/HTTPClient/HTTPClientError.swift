/// Why a request has no complete response. A response with an error status is not an error here.
package struct HTTPClientError: Error, Sendable, Equatable {
  /// What went wrong, by what a caller can do about it.
  package enum Kind: String, Sendable {
    /// The request cannot be sent as it is: a bad URL, header or upload file.
    case invalidRequest = "invalid request"
    /// The host's name has no address.
    case resolve = "name not resolved"
    /// The client's configuration does not allow the host's address.
    case refusedAddress = "address not allowed"
    /// Nobody answers there.
    case connect = "not connected"
    /// No trust: a bad certificate or failed handshake.
    case tls = "TLS failed"
    /// A deadline passed, or the transfer was slower than allowed.
    case timeout = "timed out"
    /// The response is larger than the caller's limit.
    case tooLarge = "response too large"
    /// The connection ended before the response did.
    case aborted = "connection lost"
    /// The peer does not speak HTTP as it should.
    case protocolViolation = "protocol violation"
    /// The response could not be written to its file.
    case file = "file not written"
    /// The task was cancelled, or the client was closed.
    case cancelled = "cancelled"
  }

  /// What went wrong.
  package let kind: Kind
  /// The request's URL without user, password and query, which may hold secrets.
  package let url: String
  /// What was expected and what came, for people.
  package let detail: String

  /// Whether the same request may succeed later.
  package var isTransient: Bool {
    switch kind {
    case .resolve, .connect, .timeout, .aborted, .file: true
    case .invalidRequest, .refusedAddress, .tls, .tooLarge, .protocolViolation, .cancelled: false
    }
  }

  init(_ kind: Kind, url: String, detail: String) {
    self.kind = kind
    self.url = withoutSecrets(url: url)
    self.detail = detail
  }
}

extension HTTPClientError: CustomStringConvertible {
  package var description: String { "\(url): \(kind.rawValue): \(detail)" }
}

/// The URL without its user, password, query and fragment.
private func withoutSecrets(url: String) -> String {
  let plain = url.prefix { $0 != "?" && $0 != "#" }
  guard let schemeEnd = plain.firstRange(of: "://")?.upperBound else { return String(plain) }
  let authority = plain[schemeEnd...].prefix { $0 != "/" }
  guard let userEnd = authority.lastIndex(of: "@") else { return String(plain) }
  return String(plain[..<schemeEnd]) + plain[plain.index(after: userEnd)...]
}
