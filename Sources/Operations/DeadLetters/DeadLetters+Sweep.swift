package import AMQP
internal import Engine
package import JSON
internal import PostgreSQL

extension DeadLetters {
  /// A queue and what it should hold.
  package struct Comparison: Sendable, Equatable {
    package let queue: String
    /// Messages that wait in it; nil if it does not stand.
    package let messages: Int?
    /// Open letters.
    package let open: Int

    /// For programs; what is not known is null.
    package var json: JSON {
      ["queue": .string(queue), "messages": .count(messages), "open": .count(open)]
    }
  }

  /// Compares queues with rows by their numbers, and takes nothing.
  package func compare(
    _ queues: [String], on connection: AMQPConnection
  ) async throws(OperationError) -> [Comparison] {
    let open: [String: Int]
    do throws(PostgresError) { open = try await DeadLetterSweep.openCounts(library.client) } catch {
      throw .database(error)
    }
    var comparisons: [Comparison] = []
    for queue in queues {
      var messages: Int?
      do throws(AMQPError) { messages = try await connection.inspectQueue(queue).ready } catch {
        guard case .channelClosed(code: 404, _) = error else { throw .broker(error) }
      }
      comparisons.append(Comparison(queue: queue, messages: messages, open: open[queue] ?? 0))
    }
    return comparisons
  }
}
