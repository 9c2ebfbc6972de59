/// The messages of one call to publish; touched by its connection alone.
final class PublishBatch {
  /// A message that was sent and not confirmed.
  struct InFlight {
    let batch: PublishBatch
    let index: Int

    var message: OutgoingMessage { batch.messages[index] }
  }

  /// Messages that follow each other in a batch and have the same answer.
  struct Run {
    let batch: PublishBatch
    private(set) var indices: Range<Int>

    init(_ message: InFlight) {
      batch = message.batch
      indices = message.index..<message.index + 1
    }

    /// - Returns: false if the message is not the next of the run.
    mutating func append(_ message: InFlight) -> Bool {
      guard message.batch === batch, message.index == indices.upperBound else { return false }
      indices = indices.lowerBound..<message.index + 1
      return true
    }
  }

  typealias Observer = @Sendable (Range<Int>, PublishOutcome) -> Void

  let messages: [OutgoingMessage]
  /// When the call is given up.
  var deadline: Deadlines.ID?
  /// The first message that was not sent yet.
  private(set) var next = 0
  private var outcomes: [PublishOutcome]
  /// The messages that came back, whose confirmation is still to come.
  private var returned: [Int: PublishOutcome] = [:]
  private var unsettled: Int
  private let observer: Observer?
  private var continuation: CheckedContinuation<Result<[PublishOutcome], AMQPError>, Never>?

  init(
    _ messages: [OutgoingMessage], observer: Observer?,
    continuation: CheckedContinuation<Result<[PublishOutcome], AMQPError>, Never>
  ) {
    self.messages = messages
    self.observer = observer
    self.continuation = continuation
    // Nearly always right, so that nearly nothing has to be written when the answers come.
    outcomes = Array(repeating: .confirmed, count: messages.count)
    unsettled = messages.count
  }

  var isSent: Bool { next == messages.count }
  var isFinished: Bool { continuation == nil }

  /// Notes that the message at ``next`` was sent.
  func advance() -> InFlight {
    defer { next += 1 }
    return InFlight(batch: self, index: next)
  }

  func isReturned(_ index: Int) -> Bool { returned[index] != nil }

  /// Notes that a message came back; that the broker has confirmed as much is still to come.
  func noteReturn(_ index: Int, _ outcome: PublishOutcome) { returned[index] = outcome }

  /// Notes the broker's answer for some messages; the last one ends the call.
  func settle(_ indices: Range<Int>, _ answer: PublishOutcome) {
    if returned.isEmpty {
      note(answer, for: indices)
    } else {
      for index in indices { note(returned.removeValue(forKey: index) ?? answer, for: index..<index + 1) }
    }
    unsettled -= indices.count
    if unsettled == 0 { finish(.success(outcomes)) }
  }

  private func note(_ outcome: PublishOutcome, for indices: Range<Int>) {
    if outcome != .confirmed { for index in indices { outcomes[index] = outcome } }
    if !isFinished { observer?(indices, outcome) }
  }

  /// Ends the call; the first end counts.
  func finish(_ result: Result<[PublishOutcome], AMQPError>) {
    continuation?.resume(returning: result)
    continuation = nil
  }
}
