internal import FoundationEssentials

/// RabbitMQ's management API, for what a test sets up or breaks from outside.
package struct BrokerAPI: Sendable {
  private let base: URL

  /// How often a request is tried while the API is busy or not yet up. The pauses grow from 50 ms to 1.6 s.
  private static let attempts = 7

  /// The API that `REELMILL_TEST_BROKER_API` names.
  package init() throws { try self.init(url: try TestService.brokerAPI.url()) }

  /// The API at a URL such as `http://guest:guest@127.0.0.1:15672/api`.
  package init(url text: String) throws {
    guard let url = URL(string: text) else { throw Failure(description: "not a URL: \(text)") }
    base = url
  }

  /// Sends a request, again while the API is busy, and checks that it succeeded.
  ///
  /// - Parameter path: below `/api/`, each part percent-encoded.
  /// - Returns: the body of the answer, JSON or empty.
  @discardableResult
  package func send(_ method: String, _ path: String, body: String = "") async throws -> String {
    guard let url = URL(string: "\(base.absoluteString)/\(path)") else {
      throw Failure(description: "not a URL path: \(path)")
    }
    let exchange = HTTPExchange(method: method, url: url, body: body)
    var last = ""
    for attempt in 0..<Self.attempts {
      if attempt > 0 { try await Task.sleep(for: .milliseconds(25 << attempt)) }
      do {
        let answer = try await exchange.run()
        if 200..<300 ~= answer.status { return answer.body }
        last = "status \(answer.status): \(answer.body)"
        guard answer.status >= 500 || answer.status == 429 else { break }
      } catch let failure as HTTPExchange.Failure {
        last = failure.description
      }
    }
    throw Failure(description: "broker API: \(method) \(path) failed: \(last)")
  }

  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }
}
