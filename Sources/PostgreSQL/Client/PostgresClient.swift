package import Concurrency

/// A PostgreSQL client: a small pool of connections, made when they are needed.
///
/// A connection is lent to one scope at a time. One that comes back broken, or with a transaction left open, is closed
/// and replaced. While the server cannot be reached, attempts are made with growing pauses as long as somebody waits.
package actor PostgresClient: PostgresQueryable {
  /// The limits of the pool.
  package struct Limits: Sendable {
    /// The most connections at once, at least 1.
    package var connections = 8
    /// The time to wait for one of them.
    package var wait = Duration.seconds(10)
    /// The pause after the first failed attempt to connect; it doubles with each further one.
    package var firstPause = Duration.milliseconds(100)
    /// The longest pause between attempts.
    package var longestPause = Duration.seconds(5)

    package init() {}
  }

  package nonisolated let configuration: PostgresConfiguration
  nonisolated let limits: Limits
  private nonisolated let loop: EventLoop
  private var idle: [PostgresConnection] = []
  private var waiters = FIFO<PoolWaiter>()
  private var nextWaiter = 0
  /// Connections that are idle, lent or in the making.
  private var open = 0
  private var opening = 0
  private var failures = 0
  private var isPausing = false
  private var lastFailure: PostgresConnectFailure?
  private var isClosed = false

  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// Makes a client; it does not connect yet.
  ///
  /// - Parameter loop: the event loop that its connections live on; it must run until after ``close()``.
  package init(_ configuration: PostgresConfiguration, limits: Limits = Limits(), on loop: EventLoop) {
    self.configuration = configuration
    self.limits = limits
    self.loop = loop
  }

  /// Closes the connections that are idle now, and the others as they come back. Who waits for one fails.
  package func close() async {
    isClosed = true
    for waiter in waiters.remove(where: { _ in true }) { waiter.resume(.failure(.closed)) }
    let connections = idle
    idle = []
    open -= connections.count
    for connection in connections { await connection.close() }
  }

  // MARK: Lending

  /// Gives a connection that nobody else uses.
  func acquire() async throws(PostgresError) -> PostgresConnection {
    if isClosed { throw .closed }
    if let connection = takeIdle() { return connection }
    nextWaiter += 1
    let id = nextWaiter
    let timer = Task {
      try await Task.sleep(for: limits.wait)
      dismiss(id, because: .noConnectionFree(after: limits.wait, lastFailure: lastFailure))
    }
    defer { timer.cancel() }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        waiters.append(PoolWaiter(id: id, continuation: continuation))
        openWhatIsWanted()
      }
    } onCancel: {
      Task { await self.dismiss(id, because: .cancelled) }
    }
    return try result.get()
  }

  /// Takes a connection back.
  func release(_ connection: PostgresConnection) async {
    let isReusable = await connection.isIdle && !isClosed
    guard isReusable else {
      await connection.close()
      open -= 1
      return openWhatIsWanted()
    }
    lend(connection)
  }

  private func takeIdle() -> PostgresConnection? {
    // The one used last: the others may grow old, and its caches are warm.
    while let connection = idle.popLast() {
      if connection.isAlive { return connection }
      open -= 1
    }
    return nil
  }

  private func lend(_ connection: PostgresConnection) {
    if let waiter = waiters.popFirst() { waiter.resume(.success(connection)) } else { idle.append(connection) }
  }

  private func dismiss(_ id: Int, because error: PostgresError) {
    for waiter in waiters.remove(where: { $0.id == id }) { waiter.resume(.failure(error)) }
  }

  // MARK: Connecting

  private func openWhatIsWanted() {
    guard !isPausing, !isClosed else { return }
    while opening < waiters.count, open < max(limits.connections, 1) {
      open += 1
      opening += 1
      Task { await openOne() }
    }
  }

  private func openOne() async {
    let result: Result<PostgresConnection, PostgresError>
    do throws(PostgresError) {
      result = .success(try await PostgresConnection.connect(configuration, on: loop))
    } catch {
      result = .failure(error)
    }
    opening -= 1
    switch result {
    case .success(let connection) where isClosed:
      open -= 1
      await connection.close()
    case .success(let connection):
      failures = 0
      lastFailure = nil
      lend(connection)
    case .failure(let error):
      open -= 1
      await note(error)
    }
  }

  private func note(_ error: PostgresError) async {
    if case .connectFailed(let failure) = error { lastFailure = failure }
    guard error.consequence == .retry else {
      // Waiting does not cure a wrong password.
      for waiter in waiters.remove(where: { _ in true }) { waiter.resume(.failure(error)) }
      return
    }
    guard !isPausing else { return }
    isPausing = true
    failures += 1
    try? await Task.sleep(for: pause)
    isPausing = false
    openWhatIsWanted()
  }

  /// The next pause: doubled for each failure, and up to a quarter less by chance so that clients do not march in step.
  private var pause: Duration {
    let full = min(limits.firstPause * (1 << min(failures - 1, 20)), limits.longestPause)
    return full * Double.random(in: 0.75...1)
  }
}

/// Somebody who waits for a connection.
private struct PoolWaiter {
  typealias Answer = Result<PostgresConnection, PostgresError>
  let id: Int
  private let continuation: CheckedContinuation<Answer, Never>

  init(id: Int, continuation: CheckedContinuation<Answer, Never>) {
    self.id = id
    self.continuation = continuation
  }

  func resume(_ answer: Answer) { continuation.resume(returning: answer) }
}
