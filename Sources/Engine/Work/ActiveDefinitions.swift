internal import Concurrency
internal import Hashing
package import Pipeline
package import PostgreSQL
internal import Synchronization

/// The active definitions as the database last said, and which stages this build can satisfy.
package final class ActiveDefinitions: Sendable {
  private let definitions: Mutex<Definitions>

  init(_ definitions: Definitions) { self.definitions = Mutex(definitions) }

  var current: Definitions { definitions.withLock { $0 } }

  func replace(by newer: Definitions) { definitions.withLock { $0 = newer } }
}

extension Ledger {
  /// The active definition of each stage.
  package func activeDefinitions() async throws(PostgresError) -> Definitions {
    try Self.definitions(in: try await query(Self.selectDefinitions))
  }

  /// The active definition of each stage.
  package static func activeDefinitions(
    on connection: some PostgresQueryable
  ) async throws(PostgresError) -> Definitions {
    try definitions(in: try await connection.query(selectDefinitions))
  }

  private static let selectDefinitions: SQL = "select organisation, stage, digest from definition"

  private static func definitions(in rows: PostgresRows) throws(PostgresError) -> Definitions {
    var everywhere: [StageName: SHA256Digest] = [:]
    var overrides: [String: [StageName: SHA256Digest]] = [:]
    for row in rows {
      guard let stage = StageName(rawValue: try row["stage", as: String.self]) else { continue }
      let organisation = try row["organisation", as: String.self]
      let digest = try row.digest("digest")
      if organisation == "*" {
        everywhere[stage] = digest
      } else {
        overrides[organisation, default: [:]][stage] = digest
      }
    }
    return Definitions(everywhere: everywhere, overrides: overrides)
  }

  /// Makes this build's definitions the active ones.
  ///
  /// - Returns: the stages whose definition changed; what they made is outdated now.
  package static func activate(
    _ definitions: [StageDefinition], on connection: some PostgresQueryable
  ) async throws(PostgresError) -> [StageName] {
    var changed: [StageName] = []
    for definition in definitions {
      let rows = try await connection.query(
        """
        insert into definition as d (organisation, stage, digest, version, configuration)
        values ('*', \(definition.stage.rawValue), \(definition.digest.bytes), \(Int32(definition.version)),
          \(JSONText(bytes: definition.configuration.canonicalBytes)))
        on conflict (organisation, stage) do update set digest = excluded.digest, version = excluded.version,
          configuration = excluded.configuration, activated_at = now()
        where d.digest <> excluded.digest
        returning xmax <> 0 as existed
        """)
      if let row = rows.first, try row["existed", as: Bool.self] { changed.append(definition.stage) }
    }
    return changed
  }
}
