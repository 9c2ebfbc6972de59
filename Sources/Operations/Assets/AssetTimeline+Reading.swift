internal import Engine
internal import Identifiers
package import Pipeline
internal import PostgreSQL

extension AssetTimeline {
  /// Asks the database about one asset.
  ///
  /// - Parameter limit: the most events of each kind, at least 1.
  /// - Throws: ``OperationError/unknownAsset(_:)``, or the database's error.
  package static func read(
    _ id: AssetID, from library: Library, limit: Int = 1000
  ) async throws(OperationError) -> AssetTimeline {
    let timeline: AssetTimeline?
    do throws(PostgresError) {
      timeline = try await library.client.reading { transaction throws(PostgresError) in
        guard let asset = try await AssetCard.read(id, on: transaction) else { return nil }
        let sources = [
          try await RunEvent.read(of: id, limit: limit + 1, on: transaction).map {
            Event(at: $0.at, happening: .run($0))
          },
          try await charges(of: id, limit: limit + 1, on: transaction),
          try await letters(of: id, limit: limit + 1, on: transaction),
        ]
        var events = try await events(of: asset, on: transaction)
        for source in sources { events += source.suffix(limit) }
        // Stable: what the database wrote in one transaction keeps its order.
        let order = events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        return AssetTimeline(
          asset: asset, events: order.map(\.element), isCut: sources.contains { $0.count > limit })
      }
    } catch { throw .database(error) }
    guard let timeline else { throw .unknownAsset(id) }
    return timeline
  }

  /// What the asset's own rows tell.
  private static func events(
    of asset: AssetCard, on connection: PostgresTransaction
  ) async throws(PostgresError) -> [Event] {
    var events = [Event(at: asset.createdAt, happening: .created(owner: asset.owner))]
    if asset.revision > 1, asset.deletedAt == nil {
      events.append(Event(at: asset.updatedAt, happening: .edited(revision: asset.revision)))
    }
    if let deletedAt = asset.deletedAt { events.append(Event(at: deletedAt, happening: .deleted)) }
    if let erasedAt = asset.erasedAt { events.append(Event(at: erasedAt, happening: .erased)) }
    for row in try await connection.query("select * from pin where asset = \(asset.id.uuid)") {
      let pin = try PinRecord(row)
      events.append(Event(at: pin.at, happening: .pinned(pin.kind, by: pin.person)))
    }
    let running = try await connection.query(
      """
      select r.stage, r.attempts, r.started_at, r.worker, w.host, w.process_id
      from run r left join worker w on w.id = r.worker
      where r.asset = \(asset.id.uuid) and r.state = 'running' and r.started_at is not null
      """)
    for row in running {
      events.append(
        Event(
          at: try row["started_at", as: Timestamp.self],
          happening: .started(
            stage: try row["stage", as: String.self], attempt: Int(try row["attempts", as: Int32.self]),
            worker: try WorkerName(row))))
    }
    return events
  }

  private static func charges(
    of id: AssetID, limit: Int, on connection: PostgresTransaction
  ) async throws(PostgresError) -> [Event] {
    try await connection.query(
      "select * from charge where asset = \(id.uuid) order by at desc, id desc limit \(Int64(limit))"
    ).reversed().map { row throws(PostgresError) in
      Event(
        at: try row["at", as: Timestamp.self],
        happening: .charged(
          Charge(
            id: try row["id", as: UUID.self], stage: try row["stage", as: String.self],
            provider: try row["provider", as: String.self], units: try row["units", as: Double.self],
            unit: try row["unit", as: String.self], isSettled: try row["state", as: String.self] == "settled")))
    }
  }

  private static func letters(
    of id: AssetID, limit: Int, on connection: PostgresTransaction
  ) async throws(PostgresError) -> [Event] {
    try await connection.query(
      """
      select id, stage, error_code, at from dead_letter where asset = \(id.uuid)
      order by at desc, id desc limit \(Int64(limit))
      """
    ).reversed().map { row throws(PostgresError) in
      Event(
        at: try row["at", as: Timestamp.self],
        happening: .deadLetter(
          try row["id", as: UUID.self], stage: try row["stage", as: String?.self],
          errorCode: try row["error_code", as: String.self]))
    }
  }
}
