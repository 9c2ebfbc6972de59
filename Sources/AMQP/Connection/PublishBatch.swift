/// The messages of one call to publish; touched by its connection alone.
final class PublishBatch {
  /// A message that was sent and not confirmed.
  struct InFlight {
    let batch: PublishBatch
    let index: Int
    /// Set when the message came back; its confirmation is still to come.
    var returned: PublishOutcome?

    var message: OutgoingMessage { batch.messages[index] }
  }

  let messages: [OutgoingMessage]
  let deadline: Deadlines.ID
  /// The first message that was not sent yet.
  private(set) var next = 0
  private var outcomes: [PublishOutcome]
  private var unsettled: Int
  private var continuation: CheckedContinuation<Result<[PublishOutcome], AMQPError>, Never>?

  init(
    _ messages: [OutgoingMessage], deadline: Deadlines.ID,
    continuation: CheckedContinuation<Result<[PublishOutcome], AMQPError>, Never>
  ) {
    self.messages = messages
    self.deadline = deadline
    self.continuation = continuation
    outcomes = Array(repeating: .rejected, count: messages.count)
    unsettled = messages.count
  }

  var isSent: Bool { next == messages.count }
  var isFinished: Bool { continuation == nil }

  /// Notes that the message at ``next`` was sent.
  func advance() -> InFlight {
    defer { next += 1 }
    return InFlight(batch: self, index: next)
  }

  /// Notes an outcome; the last one ends the call.
  func settle(_ index: Int, _ outcome: PublishOutcome) {
    outcomes[index] = outcome
    unsettled -= 1
    if unsettled == 0 { finish(.success(outcomes)) }
  }

  /// Ends the call; the first end counts.
  func finish(_ result: Result<[PublishOutcome], AMQPError>) {
    continuation?.resume(returning: result)
    continuation = nil
  }
}
