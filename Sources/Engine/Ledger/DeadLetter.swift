package import Identifiers
package import JSON
package import Pipeline

/// A message that was given up on.
package struct DeadLetter: Sendable, Equatable {
  package let id: UUID
  /// Also says which dead-letter queue.
  package let stage: StageName
  package let routingKey: String
  package let headers: JSON
  package let body: [UInt8]
}

/// A dead letter with the reason.
struct Burial: Sendable {
  let letter: DeadLetter
  /// Nil where the message does not say.
  let asset: AssetID?
  let failure: StageFailure
  let attempts: Int
}
