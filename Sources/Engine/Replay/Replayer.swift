internal import AMQP
internal import Identifiers
internal import Observability
internal import PostgreSQL

/// Goes on with replays. Any number of processes may do so; of each replay one at a time does.
struct Replayer: Sendable {
  let ledger: Ledger
  let announcer: Announcer
  let observer: StepObserver?
  let logger: Logger

  private static let pause = Duration.milliseconds(500)
  private static let requestBatch = 2000
  /// Fewer than are asked for at once: messages of dead letters may be long.
  private static let messageBatch = 500

  /// Runs until the task is cancelled.
  func run() async {
    while !Task.isCancelled {
      var isBusy = false
      do throws(PostgresError) {
        for replay in try await ledger.openReplays() where try await advance(replay) { isBusy = true }
      } catch {
        if !Task.isCancelled { logger.error("cannot go on with a replay", [.error: "\(error)"]) }
      }
      if !isBusy { try? await Task.sleep(for: Self.pause) }
    }
  }

  /// One step of one replay: so several go on side by side.
  ///
  /// - Returns: whether anything was done.
  private func advance(_ replay: UUID) async throws(PostgresError) -> Bool {
    let isAdvanced = try await ledger.advanceReplay(replay, batch: Self.requestBatch)
    if isAdvanced { observer?(.requested, .replay) }
    // Not within the transaction: it would stay open for as long as the broker is away.
    do throws(CancellationError) { try await announcer.waitForBroker() } catch { throw .cancelled }
    let announced = try await ledger.announceReplay(replay, part: Self.messageBatch) { [announcer, observer] messages in
      let outcomes = await announcer.tryOnce(messages)
      observer?(.published, .replay)
      return outcomes
    }
    return isAdvanced || announced > 0
  }
}
