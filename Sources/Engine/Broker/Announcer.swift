package import AMQP
internal import Concurrency

/// Publishes and awaits the broker's confirms. What was in flight when a connection ended may arrive twice: messages are
/// doorbells.
package struct Announcer: Sendable {
  private let link: BrokerLink
  private let topology: Topology
  private let onRefusal: @Sendable (String) -> Void
  private let backoff = Backoff(base: .milliseconds(50), cap: .seconds(5))

  /// - Parameters:
  ///   - topology: made again where the broker refuses a message: a queue or an exchange may have been deleted.
  ///   - onRefusal: told why the broker did not take a message.
  package init(link: BrokerLink, topology: Topology, onRefusal: @escaping @Sendable (String) -> Void) {
    self.link = link
    self.topology = topology
    self.onRefusal = onRefusal
  }

  /// Waits until there is a connection.
  ///
  /// - Throws: `CancellationError` when the task is cancelled or the link stopped.
  package func waitForBroker() async throws(CancellationError) {
    guard await link.connection() != nil else { throw CancellationError() }
  }

  /// Publishes the messages; where the broker cannot be reached or refuses, again until it takes them.
  ///
  /// - Throws: `CancellationError` when the task is cancelled or the link stopped before all were confirmed.
  package func announce(_ messages: [OutgoingMessage]) async throws(CancellationError) {
    var rest = messages
    var attempt = 0
    while true {
      guard !Task.isCancelled else { throw CancellationError() }
      try await waitForBroker()
      rest = zip(rest, await tryOnce(rest)).filter { !$0.1 }.map(\.0)
      guard !rest.isEmpty else { return }
      attempt += 1
      do { try await Task.sleep(for: backoff.delay(attempt: attempt)) } catch { throw CancellationError() }
    }
  }

  /// Publishes the messages once.
  ///
  /// - Returns: for each whether the broker has confirmed it. What it has not may have arrived nevertheless.
  package func tryOnce(_ messages: [OutgoingMessage]) async -> [Bool] {
    let nothing = messages.map { _ in false }
    guard let connection = await link.connection() else { return nothing }
    do throws(AMQPError) {
      let outcomes = try await connection.publish(messages)
      if let refused = zip(messages, outcomes).first(where: { $0.1 != .confirmed })?.0 {
        onRefusal("no queue took a message for \(refused.routingKey)")
        try await topology.declare(on: connection)
      }
      return outcomes.map { $0 == .confirmed }
    } catch {
      onRefusal("\(error)")
      if case .channelClosed = error { try? await topology.declare(on: connection) }
      return nothing
    }
  }
}
