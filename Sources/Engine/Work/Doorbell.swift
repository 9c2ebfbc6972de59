internal import AMQP
internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

/// Answers deliveries: decodes the message, plans from the database, and has done what is stale now.
///
/// Returning means that the delivery may be acknowledged: all that follows from it is in the database or confirmed
/// by the broker. Throwing means that the process is stopping; the broker delivers it again.
struct Doorbell: Sendable {
  let works: Works
  let dispatcher: Dispatcher
  let runner: StageRunner
  /// How long a producer's transaction may take to commit after its message was seen.
  let patience: Duration

  /// Between two tries of what the database refuses for a passing reason.
  private static let pause = Duration.seconds(1)
  private static let firstSeenHeader = "reelmill-first-seen"

  /// Handles one delivery of a stage's queue. Outages of the database are waited out below; what it refuses for another
  /// passing reason is tried again here, and what it refuses for good is a dead letter.
  func answer(_ delivery: AMQPDelivery, for stage: StageName, lane: Lane) async throws(CancellationError) {
    while true {
      do throws(PostgresError) {
        return try await handle(delivery, for: stage, lane: lane)
      } catch {
        switch error {
        case .cancelled, .closed: throw CancellationError()
        default: break
        }
        guard !Task.isCancelled else { throw CancellationError() }
        var metadata = delivery.logMetadata(stage: stage)
        metadata[.error] = "\(error)"
        works.logger.error("the database refused; trying again", metadata)
      }
      do { try await Task.sleep(for: Self.pause) } catch { throw CancellationError() }
    }
  }

  private func handle(_ delivery: AMQPDelivery, for stage: StageName, lane: Lane) async throws(PostgresError) {
    let now = Timestamp.now.millisecondsSince1970
    let taking: Taking
    do throws(InvalidMessage) {
      taking = Taking(delivery: delivery, message: try Message(decoding: delivery.body, now: now), lane: lane)
    } catch {
      let failure = StageFailure.permanent("message.invalid", "\(error)")
      return try await works.bury(delivery, stage: stage, asset: nil, failure: failure)
    }
    do throws(PostgresError) {
      guard try await serve(taking, stage: stage) else { return try await wait(for: taking, stage: stage) }
    } catch {
      guard error.consequence == .permanent else { throw error }
      try await works.bury(delivery, stage: stage, asset: taking.message.asset, failure: StageFailure(error))
    }
  }

  /// - Returns: false if there is no such asset.
  private func serve(_ taking: Taking, stage: StageName) async throws(PostgresError) -> Bool {
    if let recent = works.recent[taking.message.asset],
      try await runner.runAtOnce(stage, taking, recent.snapshot, recent.plan)
    {
      return true
    }
    guard let snapshot = try await works.ledger.snapshot(of: taking.message.asset) else { return false }
    works.reached(.taken, stage)
    // A tombstone is the only thing that makes a message be dropped.
    if snapshot.state.lifecycle == .deleted { return true }
    if stage == .dispatch {
      try await dispatcher.dispatch(taking, snapshot)
    } else {
      try await runner.run(stage, taking, snapshot)
    }
    return true
  }

  /// The asset is not there: its producer may not have committed yet. Comes again after a while, until the patience is over,
  /// by the database's clock: the next to take it may be a worker whose own is an hour off.
  private func wait(for taking: Taking, stage: StageName) async throws(PostgresError) {
    let delivery = taking.delivery
    let now = try await works.ledger.now()
    var headers = delivery.portableHeaders.object ?? [:]
    // The header may be anybody's.
    let firstSeen = min(max(headers[Self.firstSeenHeader]?.integer ?? now, 0), now)
    guard Duration.milliseconds(now - firstSeen) < patience else {
      let failure = StageFailure.permanent(
        "asset.unknown", "there is no asset \(taking.message.asset); was its transaction rolled back?")
      return try await works.bury(delivery, stage: stage, asset: taking.message.asset, failure: failure)
    }
    headers[Self.firstSeenHeader] = .integer(firstSeen)
    try await works.postpone(delivery, stage: stage, lane: taking.lane, headers: .object(headers))
  }
}
