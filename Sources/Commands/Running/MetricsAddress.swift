internal import HTTPServer

/// Where metrics are served.
enum MetricsAddress: Equatable {
  /// On this machine alone, at the usual port or else at a free one, so that several workers go side by side.
  case usual
  /// Just there; a port of 0 is any free one.
  case given(address: String, port: UInt16)
  case nowhere

  /// Where Prometheus looks for metrics if nothing is configured.
  static let usualPort: UInt16 = 9464

  /// Reads `127.0.0.1:9464`, `[::1]:9464` or `off`; nil stands for the usual.
  ///
  /// - Throws: ``CommandFailure`` that says what was expected.
  init(_ text: String?) throws(CommandFailure) {
    guard let text else {
      self = .usual
      return
    }
    guard text != "off" else {
      self = .nowhere
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw CommandFailure(
        .configuration,
        "metrics.address: expected an address and a port such as 127.0.0.1:9464, or `off`; came `\(text)`")
    }
    let host = text[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    self = .given(address: String(isBracketed ? host.dropFirst().dropLast() : host), port: port)
  }

  /// Makes a server there; nil if there shall be none.
  ///
  /// - Throws: ``CommandFailure`` if the place that was given cannot be had.
  func server(_ routes: [Route]) throws(CommandFailure) -> HTTPServer? {
    var configuration = HTTPServer.Configuration()
    configuration.threads = 1
    configuration.limits.connections = 64
    configuration.limits.grace = .seconds(2)
    do throws(HTTPServerError) {
      switch self {
      case .nowhere: return nil
      case .usual:
        configuration.port = Self.usualPort
        if let server = try? HTTPServer(configuration, routes: routes) { return server }
        configuration.port = 0
      case .given(let address, let port):
        configuration.address = address
        configuration.port = port
      }
      return try HTTPServer(configuration, routes: routes)
    } catch {
      throw CommandFailure(.unavailable, "metrics.address: \(error)")
    }
  }
}
