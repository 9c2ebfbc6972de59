package import HTTPFields

/// A request to send.
package struct HTTPRequest: Sendable {
  /// What the peer receives as content.
  package enum Body: Sendable {
    case none
    case bytes([UInt8], contentType: String)
    /// A file, streamed from disk.
    case file(path: String, contentType: String)
    /// `multipart/form-data` (RFC 7578).
    case form([FormPart])
  }

  /// A part of a form.
  package struct FormPart: Sendable {
    /// What the part holds.
    package enum Content: Sendable {
      case text(String)
      /// A file, streamed from disk; `name` is what the peer is told it is called.
      case file(path: String, name: String, contentType: String)
    }

    package var name: String
    package var content: Content

    package init(name: String, content: Content) {
      self.name = name
      self.content = content
    }
  }

  /// A transfer that stays below it gives up with ``HTTPClientError/Kind/timeout``.
  package struct MinimumSpeed: Sendable {
    package var bytesPerSecond: Int
    /// For how long it must be slower; whole seconds.
    package var duration: Duration

    package init(bytesPerSecond: Int, duration: Duration) {
      self.bytesPerSecond = bytesPerSecond
      self.duration = duration
    }
  }

  /// The method, in capitals: `GET`, `POST` …
  package var method: String
  /// An absolute `http` or `https` URL; user and password in it become basic authentication.
  package var url: String
  package var headers: HTTPHeaders
  package var body: Body
  /// From start to the response's last byte. 30 s if nothing else is said.
  package var deadline: Duration
  /// None if nothing is said.
  package var minimumSpeed: MinimumSpeed?
  /// How many redirects are followed. None if nothing is said: a redirect is then the response.
  package var maximumRedirects: Int

  package init(
    _ method: String, _ url: String, headers: HTTPHeaders = [:], body: Body = .none, deadline: Duration = .seconds(30),
    minimumSpeed: MinimumSpeed? = nil, maximumRedirects: Int = 0
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.deadline = deadline
    self.minimumSpeed = minimumSpeed
    self.maximumRedirects = maximumRedirects
  }
}
