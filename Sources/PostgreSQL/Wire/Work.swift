/// Something that a connection was asked to do, from the queue to its answer.
///
/// It belongs to one ``Session`` and is touched on that session's event loop only.
final class Work {
  /// How it is done.
  enum Kind {
    /// One statement of the extended protocol, pipelined with its neighbours.
    case statement
    /// Statements without parameters in one text; alone on the connection.
    case script
    /// A `COPY … FROM STDIN`: answered once the server wants data; alone on the connection.
    case copy
    /// A `COPY … TO STDOUT`: answered once the server sends data; alone on the connection.
    case copyOut
  }

  /// Why the work shall end before it is done.
  enum Stop {
    case timeout
    case cancelled
  }

  struct Answer: Sendable {
    let result: Result<PostgresRows, PostgresError>
    /// It was not the statement that failed but the `BEGIN` before it.
    let isBeginFailure: Bool
  }

  typealias ID = Int

  /// The transaction that a statement belongs to.
  struct Membership {
    let transaction: ID
    /// The `BEGIN …` to send before its first statement, without a synchronisation point between: if it fails, the
    /// statement is not executed.
    let begin: String?
  }

  let id: ID
  let kind: Kind
  let text: String
  let binds: Binds
  let membership: Membership?
  /// Whether the statement may be kept prepared: not one that is never sent again.
  let isRepeatable: Bool
  let limit: Duration
  let deadline: ContinuousClock.Instant
  /// The prepared statement that this one frees; only for what the session does by itself.
  let deallocating: String?
  private let continuation: CheckedContinuation<Answer, Never>?

  // What became of it.
  var isSent = false
  var preparing: StatementCache.Key?
  /// The part of the pipeline segment that answers next: `BEGIN`, `Parse`, or the statement itself.
  var step = 0
  var rows: ResultHandle?
  var failure: (step: Int, error: PostgresError)?
  var stop: Stop?
  var nextCancel: ContinuousClock.Instant?
  var giveUp: ContinuousClock.Instant?

  init(
    id: ID, kind: Kind, sql: SQL, membership: Membership?, isRepeatable: Bool, limit: Duration,
    continuation: CheckedContinuation<Answer, Never>
  ) {
    self.id = id
    self.kind = kind
    text = sql.text
    binds = sql.binds
    self.membership = membership
    self.isRepeatable = isRepeatable
    self.limit = limit
    deadline = .now + limit
    deallocating = nil
    self.continuation = continuation
  }

  /// Work of the session itself: nobody waits for the answer.
  init(deallocating name: String, id: ID, limit: Duration) {
    self.id = id
    kind = .statement
    text = "deallocate \(name)"
    binds = Binds()
    membership = nil
    isRepeatable = false
    self.limit = limit
    deadline = .now + limit
    deallocating = name
    continuation = nil
  }

  var begin: String? { membership?.begin }

  /// Whether its failure leaves the transaction that it was to open without a beginning.
  var leavesTransactionUnopened: Bool { begin != nil && (!isSent || failure?.step == 0) }

  /// Answers whoever asked; exactly once.
  func complete(_ result: Result<PostgresRows, PostgresError>) {
    continuation?.resume(returning: Answer(result: result, isBeginFailure: leavesTransactionUnopened))
  }

  /// The error of work that was stopped, on the server or before it got there.
  func stopError(_ stop: Stop) -> PostgresError {
    switch stop {
    case .timeout: .timeout(after: limit, isOutcomeKnown: true)
    case .cancelled: .cancelled
    }
  }

  /// The next moment at which something must happen to it without any event of the connection.
  var nextWake: ContinuousClock.Instant? { stop == nil ? deadline : giveUp }
}
