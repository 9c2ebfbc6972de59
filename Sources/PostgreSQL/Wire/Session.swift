internal import CPostgreSQL
internal import Concurrency

/// The machine of one connection: a queue of work, what is in flight, and libpq between them, never blocking.
///
/// Every method runs on the event loop's thread, called by the loop or by the ``PostgresConnection`` that owns it.
/// Statements are pipelined, each with a synchronisation point of its own, so that one that fails takes no other with
/// it; `COPY` and scripts, which libpq does not pipeline, wait until nothing is in flight and have the connection alone.
final class Session {
  /// What the connection does with what arrives.
  enum Mode {
    case pipeline
    /// A script, or the end of a COPY, runs outside of the pipeline.
    case alone(Work)
    /// The server takes COPY data.
    case copying
    /// The server sends COPY data, which is read as somebody asks for it.
    case copyingOut(isAtEnd: Bool)
  }

  let handle: ConnectionHandle
  let loop: EventLoop
  let configuration: PostgresConfiguration
  var cache: StatementCache
  var mode = Mode.pipeline
  var waiting = FIFO<Work>()
  var inFlight = FIFO<Work>()
  var drainWaiter: DrainWaiter?
  var copyWaiter: CopyWaiter?
  /// Bytes that libpq could not write yet.
  var needsFlush = false
  /// A thread is asking the server to cancel; nothing is sent meanwhile, for the request would hit what runs then.
  var isCancelling = false
  /// Why there is no connection any more.
  private(set) var ending: PostgresError?
  /// The earliest moment at which ``tick(_:)`` has something to do.
  var nextWake: ContinuousClock.Instant?
  private var nextID: Work.ID = 0

  /// The transaction whose `BEGIN` failed: none of its statements may be executed.
  private var unopened: (transaction: Work.ID, error: PostgresError)?

  /// Who owns the session: told from other threads that a cancellation was sent.
  weak var owner: PostgresConnection?
  /// Whether the connection stands, for other threads to see.
  let liveness = Liveness()

  /// How much is sent ahead of its answers; the rest waits on this side.
  static let inFlightLimit = 512

  init(handle: ConnectionHandle, configuration: PostgresConfiguration, loop: EventLoop) {
    self.handle = handle
    self.configuration = configuration
    self.loop = loop
    cache = StatementCache(limit: configuration.preparedStatementLimit)
  }

  /// Begins to watch the connection.
  func start() {
    guard let connection = handle.pointer else { return }
    PQsetnonblocking(connection, 1)
    PQenterPipelineMode(connection)
    loop.add(self)
  }

  func makeID() -> Work.ID {
    nextID += 1
    return nextID
  }

  /// Queues work; it is answered in any case.
  func enqueue(_ work: Work) {
    if let ending { return work.complete(.failure(ending)) }
    if let unopened, unopened.transaction == work.membership?.transaction {
      return work.complete(.failure(unopened.error))
    }
    guard work.binds.count <= Binds.limit else {
      return work.complete(.failure(.invalidStatement("\(work.binds.count) parameters, at most \(Binds.limit)")))
    }
    guard !work.text.utf8.contains(0) else {
      return work.complete(.failure(.invalidStatement("a NUL byte in its text")))
    }
    waiting.append(work)
    wake(at: work.deadline)
  }

  /// Answers work that failed; if it was to open a transaction, the others that wait for it fail with it.
  func fail(_ work: Work, _ error: PostgresError) {
    if work.leavesTransactionUnopened, let transaction = work.membership?.transaction {
      unopened = (transaction, error)
      for other in waiting.remove(where: { $0.membership?.transaction == transaction }) {
        other.complete(.failure(error))
      }
    }
    work.complete(.failure(error))
  }

  /// Whether nothing runs or waits and no transaction is open.
  var isIdle: Bool {
    guard ending == nil, waiting.isEmpty, inFlight.isEmpty, case .pipeline = mode else { return false }
    return PQtransactionStatus(handle.pointer) == PQTRANS_IDLE
  }

  /// Ends the connection on request.
  func close() {
    end { _ in .closed }
  }

  /// Ends the connection because it broke; everything that is pending fails.
  func lose(_ message: String) {
    let serverError = inFlight.first?.failure?.error.serverError
    end { work in
      .connectionLost(
        PostgresConnectionLoss(message: message, serverError: serverError, wasSent: work?.isSent ?? false))
    }
  }

  private func end(_ reason: (Work?) -> PostgresError) {
    guard ending == nil else { return }
    ending = reason(nil)
    liveness.end()
    loop.remove(self)
    handle.finish()
    var pending = Array(inFlight) + Array(waiting)
    if case .alone(let work) = mode { pending.append(work) }
    inFlight = FIFO()
    waiting = FIFO()
    mode = .pipeline
    for work in pending {
      let isStoppedByDeadline = work.isSent && work.stop == .timeout
      work.complete(
        .failure(isStoppedByDeadline ? .timeout(after: work.limit, isOutcomeKnown: false) : reason(work)))
    }
    drainWaiter?.resume(.failure(reason(nil)))
    drainWaiter = nil
    copyWaiter?.resume(.failure(reason(nil)))
    copyWaiter = nil
  }

  func wake(at moment: ContinuousClock.Instant) {
    nextWake = min(nextWake ?? moment, moment)
  }
}

extension Session: EventSource {
  var fileDescriptor: Int32 { PQsocket(handle.pointer) }

  func prepareToPoll() -> EventInterest {
    if let nextWake, nextWake <= .now { tick(.now) }
    sendWaiting()
    flush()
    // A write that found no room, or no server, has read: no event will tell of that.
    let hasTaken = takeResults()
    guard ending == nil else { return EventInterest(events: []) }
    // COPY data that nobody asks for stays in the socket, so that the server waits.
    let reads: EventSet = isReading ? .readable : []
    return EventInterest(
      events: needsFlush ? reads.union(.writable) : reads, isImmediate: hasTaken,
      timeoutMilliseconds: nextWake?.millisecondsFromNow)
  }

  func handleEvents(_ events: EventSet) {
    guard ending == nil else { return }
    if !events.isEmpty, PQconsumeInput(handle.pointer) == 0 {
      takeResults()
      return lose(handle.errorMessage)
    }
    takeResults()
  }

  /// Writes what libpq holds, as far as the socket takes it.
  func flush() {
    guard ending == nil else { return }
    let status = PQflush(handle.pointer)
    guard status >= 0 else { return lose(handle.errorMessage) }
    needsFlush = status > 0
    guard !needsFlush, let waiter = drainWaiter else { return }
    drainWaiter = nil
    waiter.resume(.success(()))
  }
}
