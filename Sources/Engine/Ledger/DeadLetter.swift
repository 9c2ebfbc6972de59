package import Identifiers
package import JSON
package import Pipeline

/// A message that was given up on, with the reason.
package struct DeadLetter: Sendable, Equatable {
  package let id: UUID
  /// Also says which dead-letter queue.
  package let stage: StageName
  package let routingKey: String
  package let headers: JSON
  package let body: [UInt8]
}
