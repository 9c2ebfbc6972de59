package import AMQP
internal import Concurrency

/// Publishes and awaits the broker's confirms; where the broker cannot be reached or refuses, again until it takes
/// the messages. What was in flight when a connection ended may arrive twice: messages are doorbells.
package struct Announcer: Sendable {
  private let link: BrokerLink
  private let onRefusal: @Sendable (String) -> Void
  private let backoff = Backoff(base: .milliseconds(50), cap: .seconds(5))

  /// - Parameter onRefusal: told of a message that no queue took.
  package init(link: BrokerLink, onRefusal: @escaping @Sendable (String) -> Void) {
    self.link = link
    self.onRefusal = onRefusal
  }

  /// Publishes the messages.
  ///
  /// - Throws: `CancellationError` when the task is cancelled or the link stopped before all were confirmed.
  package func announce(_ messages: [OutgoingMessage]) async throws(CancellationError) {
    var rest = messages
    var attempt = 0
    while !rest.isEmpty {
      guard !Task.isCancelled, let connection = await link.connection() else { throw CancellationError() }
      do throws(AMQPError) {
        let outcomes = try await connection.publish(rest)
        rest = zip(rest, outcomes).filter { $0.1 != .confirmed }.map(\.0)
        if let refused = rest.first {
          onRefusal("\(refused.exchange.isEmpty ? "the default exchange" : refused.exchange): \(refused.routingKey)")
        }
      } catch {
        onRefusal("\(error)")
      }
      guard !rest.isEmpty else { return }
      attempt += 1
      do { try await Task.sleep(for: backoff.delay(attempt: attempt)) } catch { throw CancellationError() }
    }
  }
}
