package import Concurrency

/// One connection to a PostgreSQL server.
///
/// Statements may be sent without waiting for each other: they are pipelined, executed in order, and each succeeds or
/// fails by itself. It lives on an event loop and never blocks it. `LISTEN` is not supported.
package actor PostgresConnection: PostgresQueryable {
  package nonisolated let configuration: PostgresConfiguration
  nonisolated let loop: EventLoop
  private nonisolated let liveness: Liveness
  let session: Session
  var transaction: OpenTransaction?

  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  private init(handle: ConnectionHandle, configuration: PostgresConfiguration, loop: EventLoop) {
    self.configuration = configuration
    self.loop = loop
    session = Session(handle: handle, configuration: configuration, loop: loop)
    liveness = session.liveness
  }

  isolated deinit { session.close() }

  /// Connects, logs in and makes the settings.
  ///
  /// - Throws: `connectFailed`, `invalidConfiguration`, `cancelled`, or what the server says to the settings.
  package static func connect(
    _ configuration: PostgresConfiguration, on loop: EventLoop
  ) async throws(PostgresError) -> PostgresConnection {
    let handle = try await Connector.connect(configuration)
    let connection = PostgresConnection(handle: handle, configuration: configuration, loop: loop)
    try await connection.start()
    return connection
  }

  private func start() async throws(PostgresError) {
    session.owner = self
    session.start()
    guard case .transactionPooler = configuration.route else { return }
    for (name, value) in configuration.settings.sorted(by: { $0.key < $1.key }) {
      try await query("select set_config(\(name), \(value), false)")
    }
  }

  /// Whether the connection still stands, as far as is known.
  package nonisolated var isAlive: Bool { liveness.isAlive }

  /// Whether nothing runs or waits and no transaction is open.
  package var isIdle: Bool { session.isIdle }

  /// Closes the connection; what is pending fails with ``PostgresError/closed``.
  package func close() { session.close() }

  @discardableResult
  package func query(_ sql: SQL, timeout: Duration? = nil) async throws(PostgresError) -> PostgresRows {
    try await run(.statement, sql, limit: timeout).result.get()
  }

  /// Executes a text of several statements without parameters, such as a migration; outside of a transaction block of
  /// its own they are one transaction together.
  ///
  /// - Parameter text: SQL as it is. It must not come from outside, and must not contain `COPY`.
  package func runScript(unescaped text: String, timeout: Duration? = nil) async throws(PostgresError) {
    _ = try await run(.script, SQL(unescaped: text), limit: timeout).result.get()
  }

  /// Queues work and awaits its answer.
  ///
  /// - Parameters:
  ///   - isRepeatable: the statement may be kept prepared.
  ///   - isShielded: it is done even if the task is cancelled.
  func run(
    _ kind: Work.Kind, _ sql: SQL, limit: Duration?, membership: Work.Membership? = nil, isRepeatable: Bool = true,
    isShielded: Bool = false
  ) async -> Work.Answer {
    let id = session.makeID()
    let limit = limit ?? configuration.statementTimeout
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        session.enqueue(
          Work(
            id: id, kind: kind, sql: sql, membership: membership, isRepeatable: isRepeatable, limit: limit,
            continuation: continuation))
      }
    } onCancel: {
      // A job of its own: it runs after the one that enqueues the work, also for a task that was cancelled before.
      if !isShielded { Task { await self.stop(id) } }
    }
  }

  private func stop(_ id: Work.ID) { session.stop(id, .cancelled) }

  func cancelWasSent() { session.cancelWasSent() }
}
