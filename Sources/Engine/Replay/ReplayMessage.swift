internal import AMQP
internal import Identifiers
internal import JSON
internal import Pipeline
internal import PostgreSQL

/// The message of one item of a replay.
struct ReplayMessage: Sendable {
  let number: Int64
  let rank: Int64
  /// Whether it asks for a run, whose end will tell what became of it.
  let isTracked: Bool
  let message: OutgoingMessage

  init(_ row: PostgresRow, lane: Lane) throws(PostgresError) {
    number = try row["number", as: Int64.self]
    rank = try row["rank", as: Int64.self]
    isTracked = try row["is_tracked", as: Bool.self]
    if !isTracked, let letter = try row["letter", as: UUID?.self] {
      message = try Self.again(letter, row, lane)
    } else {
      message = try Self.doorbell(row, lane)
    }
  }

  /// The message of a dead letter for which there is no run, as it was or was edited.
  private static func again(_ letter: UUID, _ row: PostgresRow, _ lane: Lane) throws(PostgresError) -> OutgoingMessage {
    let stage = try row["letter_stage", as: String?.self].flatMap(StageName.init(rawValue:))
    let routingKey = try row["routing_key", as: String.self]
    return OutgoingMessage(
      OutboxEntry(
        id: letter, exchange: stage == nil ? Topology.exchange(lane) : "",
        routingKey: stage.map { Topology.queue($0, lane) } ?? routingKey,
        headers: try row.json("headers"), body: try row["body", as: [UInt8].self]))
  }

  /// The standard message to the item's stage, with what its dead letter's producer had added, if there is one.
  private static func doorbell(_ row: PostgresRow, _ lane: Lane) throws(PostgresError) -> OutgoingMessage {
    let now = Timestamp.now.millisecondsSince1970
    let asset = AssetID(try row["asset", as: UUID.self])
    let stage = try stage(row)
    var message = Message(
      asset: asset, slug: try row["slug", as: String?.self], mediaType: try row.word("media_type", as: MediaType.self),
      requestedAt: now, stage: stage)
    var trace: String?
    if let body = try row["body", as: [UInt8]?.self] {
      if let earlier = try? Message(decoding: body, now: now), earlier.asset == asset {
        message.extra = earlier.extra
        message.unknown = earlier.unknown
      }
      trace = try row.json("headers")["traceparent"]?.string
    }
    return OutgoingMessage(message, lane: lane, trace: trace)
  }

  private static func stage(_ row: PostgresRow) throws(PostgresError) -> RequestedStage {
    let name = try row["stage", as: String.self]
    guard let stage = StageName(rawValue: name) else {
      throw .unexpectedResult(PostgresUnexpectedResult(column: "stage", expected: "a stage", found: "`\(name)`"))
    }
    guard stage == .dispatch else { return .stage(stage) }
    return try row["lifecycle", as: String.self] == "draft" ? .initial : .refresh
  }
}
