/// What a server answers, and how.
///
/// A pattern is a path whose segments are literal or a name in braces: `/v1/assets/{id}/content`. Literal segments
/// outweigh names. A route for `GET` serves `HEAD` too.
package struct Route: Sendable {
  enum Handler: Sendable {
    case immediate(@Sendable (borrowing ImmediateRequest) -> Response)
    case suspending(limit: Int, @Sendable (Request) async throws -> Response)
    case streaming(limit: Int64, @Sendable (Request, RequestStream) async throws -> Response)
  }

  let method: String
  let pattern: String
  let handler: Handler

  private init(_ method: String, _ pattern: String, _ handler: Handler) {
    precondition(pattern.hasPrefix("/"), "the pattern \(pattern) must begin with a slash")
    self.method = method
    self.pattern = pattern
    self.handler = handler
  }

  /// Answered at once, on the server's own thread: it must not block or compute for long. A body is refused.
  package static func immediate(
    _ method: String, _ pattern: String, _ handler: @escaping @Sendable (borrowing ImmediateRequest) -> Response
  ) -> Route { Route(method, pattern, .immediate(handler)) }

  /// Answered by async code, to which the whole body is given; while it is awaited, the connection costs no thread.
  ///
  /// - Parameters:
  ///   - limit: the most bytes of a body, all of which are held in memory; a longer one is refused with 413.
  ///   - handler: an ``HTTPProblem`` that it throws is the answer, another error is answered with 500. It is cancelled
  ///     when the connection or the server ends.
  package static func suspending(
    _ method: String, _ pattern: String, limit: Int = 0,
    _ handler: @escaping @Sendable (Request) async throws -> Response
  ) -> Route { Route(method, pattern, .suspending(limit: limit, handler)) }

  /// Answered by async code that reads the body as it arrives. No more is read from the connection than the handler
  /// takes, and nothing before it asks: who is refused by their header fields need not send their body.
  ///
  /// - Parameter limit: the most bytes of a body; a longer one is refused with 413.
  package static func streaming(
    _ method: String, _ pattern: String, limit: Int64,
    _ handler: @escaping @Sendable (Request, RequestStream) async throws -> Response
  ) -> Route { Route(method, pattern, .streaming(limit: limit, handler)) }
}
