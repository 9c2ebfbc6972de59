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
  private static let patience: Int64 = 60_000
  private static let firstSeenHeader = "reelmill-first-seen"

  /// Handles one delivery of a stage's queue.
  func answer(_ delivery: AMQPDelivery, for stage: StageName, lane: Lane) async throws(CancellationError) {
    let now = Timestamp.now.millisecondsSince1970
    let taking: Taking
    do throws(InvalidMessage) {
      taking = Taking(delivery: delivery, message: try Message(decoding: delivery.body, now: now), lane: lane)
    } catch {
      let failure = StageFailure.permanent("message.invalid", "\(error)")
      return try await works.bury(delivery, stage: stage, asset: nil, failure: failure)
    }
    let isKnown: Bool
    do throws(PostgresError) {
      isKnown = try await serve(taking, stage: stage)
    } catch {
      return try await works.handle(error, delivery, stage: stage, asset: taking.message.asset)
    }
    if !isKnown { try await wait(for: taking, stage: stage, now: now) }
  }

  /// - Returns: false if there is no such asset.
  private func serve(_ taking: Taking, stage: StageName) async throws(PostgresError) -> Bool {
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

  /// The asset is not there: its producer may not have committed yet. Comes again after a while, for a minute.
  private func wait(for taking: Taking, stage: StageName, now: Int64) async throws(CancellationError) {
    let delivery = taking.delivery
    var headers = delivery.portableHeaders.object ?? [:]
    let firstSeen = headers[Self.firstSeenHeader]?.integer ?? now
    guard now - firstSeen < Self.patience else {
      let failure = StageFailure.permanent(
        "asset.unknown", "there is no asset \(taking.message.asset); was its transaction rolled back?")
      return try await works.bury(delivery, stage: stage, asset: taking.message.asset, failure: failure)
    }
    headers[Self.firstSeenHeader] = .integer(firstSeen)
    let entry = OutboxEntry(
      exchange: "", routingKey: Topology.queue(stage, taking.lane), messageID: delivery.properties.messageID,
      headers: .object(headers), body: delivery.body, delay: .seconds(5))
    try await works.write([entry])
  }
}
