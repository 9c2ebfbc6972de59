internal import Concurrency

/// Connects on a thread of its own, because looking a name up blocks.
enum Dialer {
  /// - Throws: ``AMQPError/connectionRefused(host:port:reason:)`` or ``AMQPError/timeout(_:)``.
  static func connect(
    host: String, port: UInt16, deadline: ContinuousClock.Instant
  ) async throws(AMQPError) -> Socket {
    let attempt = DialAttempt()
    let timer = Task {
      try await Task.sleep(until: deadline, clock: .continuous)
      attempt.finish(.failure(.timeout("looking up \(host)")))
    }
    defer { timer.cancel() }
    startThread(name: "amqp-dial") {
      do throws(AMQPError) {
        attempt.finish(.success(try Socket.connect(host: host, port: port, deadline: deadline).release()))
      } catch {
        attempt.finish(.failure(error))
      }
    }
    return Socket(owning: try await attempt.result().get())
  }
}
