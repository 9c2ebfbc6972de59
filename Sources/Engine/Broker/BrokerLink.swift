package import AMQP
package import Concurrency

/// Keeps a connection to the broker: opens it, and another when it ends, with growing pauses.
package actor BrokerLink {
  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  private let url: AMQPURL
  private let options: AMQPConnection.Options
  private let onChange: @Sendable (AMQPError?) -> Void
  private let backoff = Backoff(base: .milliseconds(100), cap: .seconds(5))
  private var current: AMQPConnection?
  private var waiting: [Int: CheckedContinuation<AMQPConnection?, Never>] = [:]
  private var nextWait = 0
  private var isStopped = false
  private var isDraining = false

  /// - Parameters:
  ///   - name: what the broker shows for the connection.
  ///   - onChange: told why a connection failed or ended, and nil when one is open.
  package init(url: AMQPURL, loop: EventLoop, name: String, onChange: @escaping @Sendable (AMQPError?) -> Void) {
    self.url = url
    self.loop = loop
    self.onChange = onChange
    var options = AMQPConnection.Options()
    options.clientName = name
    self.options = options
  }

  /// Keeps the connection until the task is cancelled or ``stop()`` is called.
  ///
  /// - Parameter prepare: runs on each new connection before anybody gets it.
  /// - Throws: what no further try will mend, such as a wrong password or a queue that stands with other arguments.
  package func run(prepare: (AMQPConnection) async throws(AMQPError) -> Void) async throws(AMQPError) {
    defer { giveUp() }
    var failures = 0
    while !Task.isCancelled, !isStopped {
      do throws(AMQPError) {
        let connection = try await AMQPConnection.connect(to: url, on: loop, options: options)
        try await prepare(connection)
        failures = 0
        offer(connection)
        onChange(nil)
        let reason = await withTaskCancellationHandler {
          await connection.closed()
        } onCancel: {
          Task { await connection.close() }
        }
        current = nil
        if !isStopped { onChange(reason) }
      } catch {
        guard error.isRetryable else { throw error }
        onChange(error)
      }
      failures += 1
      if !isStopped { try? await Task.sleep(for: backoff.delay(attempt: failures)) }
    }
  }

  /// The open connection; waits for one. Nil once the link is stopped or drained, or the task is cancelled.
  package func connection() async -> AMQPConnection? {
    if let current { return current }
    if isStopped || isDraining { return nil }
    nextWait += 1
    let number = nextWait
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { continuation.resume(returning: nil) } else { waiting[number] = continuation }
      }
    } onCancel: {
      Task { await self.endWait(number) }
    }
  }

  private func endWait(_ number: Int) { waiting.removeValue(forKey: number)?.resume(returning: nil) }

  /// Lets nobody wait for a connection any more; the one that is open stays.
  package func drain() {
    isDraining = true
    resume(with: nil)
  }

  /// Closes the connection and opens no other.
  package func stop() async {
    giveUp()
    await current?.close()
  }

  private func giveUp() {
    isStopped = true
    resume(with: nil)
  }

  private func offer(_ connection: AMQPConnection) {
    current = connection
    resume(with: connection)
  }

  private func resume(with connection: AMQPConnection?) {
    let waiting = waiting.values
    self.waiting = [:]
    for continuation in waiting { continuation.resume(returning: connection) }
  }
}
